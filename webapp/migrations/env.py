"""Runs the steps on the connection that `webapp.migrate` opened."""

import sqlalchemy as sa
from alembic import context

from webapp.extensions import db
from webapp.models.types import UtcDateTime


def write_type(kind, item, _autogen):
    """Write our own column types as what they are kept as: a step must not change with our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=db.metadata,
    render_as_batch=True,
    render_item=write_type,
    compare_server_default=True,
)
context.run_migrations()
