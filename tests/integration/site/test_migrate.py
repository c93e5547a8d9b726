"""The steps that bring an old database to today's tables."""

import pytest
import sqlalchemy as sa

from tests.factories import make_course, make_teacher
from webapp import create_app, migrate
from webapp.extensions import db
from webapp.models import Course


@pytest.fixture
def empty_app(tmp_path):
    """An application whose database has no table yet."""
    app = create_app(INSTANCE=tmp_path / "new", TESTING=True)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def described(engine):
    """All tables with their columns and keys, and all indexes, in a form that can be compared."""
    looker = sa.inspect(engine)
    return {
        table: {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"]) for one in looker.get_columns(table)
            },
            "key": looker.get_pk_constraint(table),
            "foreign": sorted(map(str, looker.get_foreign_keys(table))),
            "unique": sorted(map(str, looker.get_unique_constraints(table))),
        }
        for table in looker.get_table_names()
        if table != "alembic_version"
    } | {"indexes": indexes(engine)}


def indexes(engine):
    """The statements that made the indexes: SQLite keeps their conditions nowhere else."""
    made = "select name, sql from sqlite_master where type = 'index' and sql is not null"
    with engine.connect() as connection:
        return {name: " ".join(sql.split()) for name, sql in connection.exec_driver_sql(made)}


def test_all_steps_from_nothing_make_the_tables_of_the_models(empty_app, tmp_path):
    models = sa.create_engine(f"sqlite:///{tmp_path}/models.sqlite")
    db.metadata.create_all(models)

    migrate.upgrade()

    assert described(db.engine) == described(models)


def test_a_database_that_is_up_to_date_is_left_alone(empty_app):
    assert not migrate.is_current()

    assert migrate.upgrade()

    assert migrate.is_current()
    assert not migrate.upgrade()


def test_what_is_in_the_tables_survives(empty_app):
    migrate.upgrade()
    course = make_course("TIDE 7")
    make_teacher(course=course)

    migrate.upgrade()

    assert db.session.scalars(sa.select(Course.shortname)).all() == ["TIDE 7"]


def test_tables_of_a_newer_version_are_refused_and_not_touched(empty_app):
    migrate.upgrade()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")

    with pytest.raises(migrate.TooNew):
        migrate.upgrade()

    assert not migrate.is_current()


def test_foreign_keys_are_kept_again_after_the_steps(empty_app):
    migrate.upgrade()

    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("pragma foreign_keys").scalar() == 1
