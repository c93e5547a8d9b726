"""Databases as an older version of the program left them."""

from alembic import command

from webapp import migrate


def take_steps_to(revision):
    """Make the tables of the version whose last step this was; in an application's context."""
    with migrate._connection() as connection:
        command.upgrade(migrate._config(connection), revision)
