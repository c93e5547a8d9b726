"""An upgrade of the tables that is cut off has changed nothing, and can be begun again."""

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from tests.integration.site.test_migrate import described
from tests.older import take_steps_to
from tests.system.moments import killed_at
from tests.system.sweeps import moments_of, spread
from tests.tables import report
from webapp import create_app, migrate
from webapp.extensions import db

pytestmark = pytest.mark.system

#: The newest version that there was before.
OLD = "0002"


@pytest.fixture
def old(tmp_path):
    """An installation of an older version, with a category in it; returns its folder."""
    folder = tmp_path / "old"
    with create_app(INSTANCE=folder, TESTING=True).app_context():
        take_steps_to(OLD)
        db.session.execute(sa.text("insert into category (name, position) values ('Year 7', 1)"))
        db.session.commit()
        yield folder
        db.session.remove()
        db.engine.dispose()


def all_of(folder):
    """The tables and all that is in them."""
    with closing(sqlite3.connect(folder / "coursekeep.sqlite")) as connection:
        return list(connection.iterdump())


def cut_everywhere(old, tmp_path, most):
    whole = tmp_path / "whole"
    with create_app(INSTANCE=whole, TESTING=True).app_context():
        take_steps_to(OLD)
        moments = moments_of(migrate.upgrade, statements=True)
        expected = described(db.engine)
        db.engine.dispose()
    before, killed = all_of(old), 0

    for moment in spread(moments, most):
        killed += killed_at(moment, old, migrate.upgrade, statements=True)
        assert all_of(old) == before, f"statement {moment}"

    migrate.upgrade()
    assert described(db.engine) == expected
    assert db.session.execute(sa.text("select name from category")).scalars().all() == ["Year 7"]
    return moments, killed


def test_an_upgrade_that_is_killed_has_changed_nothing_and_goes_through_the_next_time(old, tmp_path):
    assert cut_everywhere(old, tmp_path, most=4)[1] == 4


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_an_upgrade_may_be_killed_at_every_statement(old, tmp_path):
    moments, killed = cut_everywhere(old, tmp_path, most=0)

    report(
        "Cut off and begun again",
        work="upgrade of the tables",
        moments=moments,
        killed=killed,
        survived=killed,
    )
