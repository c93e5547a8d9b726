"""Old automatic backups go by the rules; everybody else's stay, and so does the last sound one."""

from datetime import timedelta

import pytest

from jobs.automated.pruning import prune
from tests.automating import set_schedule
from tests.factories import make_admin, make_archive, make_course, make_job
from tests.pages import text
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile, ArchiveOrigin, AuditEntry, JobKind, JobState, utc_now


@pytest.fixture
def ruth(app, sign_in_as):
    return sign_in_as(make_admin("ruth"))


@pytest.fixture
def course(ruth):
    return make_course("TIDE", fullname="Reading the tide")


@pytest.fixture
def backup(ruth):
    """Make a backup that is so many days old; an automatic one if nothing else is said."""

    def make(course, days=0, **values):
        given = {"origin": ArchiveOrigin.AUTOMATED, "created_at": utc_now() - timedelta(days=days)} | values
        return make_archive(ruth, course, **given)

    return make


def let_go():
    db.session.rollback()
    removed = prune(utc_now(), lambda _bytes: None)
    db.session.expire_all()
    return removed


def ages(course):
    rows = (
        db.session.query(ArchiveFile).filter_by(course_id=course.id).order_by(ArchiveFile.created_at.desc())
    )
    return [(utc_now() - row.created_at).days for row in rows]


def test_the_rules_are_kept_to_for_each_course_by_itself(ruth, course, backup):
    other = make_course("OTHER")
    going = [backup(course, days) for days in (0, 1, 2)][2]
    backup(other, 5)
    set_schedule(ruth, keep_last=2)
    size, path = going.size, places.archive_path(going.id)

    removed = let_go()

    assert (removed.count, removed.size, removed.notes) == (1, size, [])
    assert (ages(course), ages(other)) == ([0, 1], [5])
    assert not path.exists()


def test_what_went_is_written_down_as_the_program_s_own_doing(ruth, course, backup):
    going = backup(course, 9, filename="old.mbz")
    backup(course, 0)
    set_schedule(ruth, keep_last=1)
    number = going.id

    let_go()

    (noted,) = db.session.query(AuditEntry)
    assert (noted.user_id, noted.action, noted.thing_id, noted.title, noted.detail) == (
        None, "backup deleted", number, "old.mbz", "by the rules",
    )  # fmt: skip


def test_backups_that_people_made_fall_under_no_rule(ruth, course, backup):
    backup(course, 900, origin=ArchiveOrigin.BACKUP)
    backup(course, 0)
    set_schedule(ruth, keep_last=1)

    assert let_go().count == 0
    assert ages(course) == [0, 900]


@pytest.mark.parametrize("bad", [{"damage": "It can’t be read."}, {"verified_at": None}, {"content": None}])
def test_the_only_sound_backup_stays_behind_newer_ones_that_are_not(ruth, course, backup, bad):
    backup(course, 300)
    backup(course, 1, **bad)
    set_schedule(ruth, keep_last=1, keep_days=3)

    assert let_go().count == 0
    assert ages(course) == [1, 300]


def test_a_backup_that_is_being_restored_stays(ruth, course, backup):
    going = backup(course, 9)
    backup(course, 0)
    make_job(
        ruth, kind=JobKind.RESTORE, state=JobState.WAITING, scope="archive", target_id=going.id,
        result={"archive_id": going.id},
    )  # fmt: skip
    set_schedule(ruth, keep_last=1)

    assert let_go().count == 0


def test_backups_of_a_course_that_is_gone_fall_under_no_rule(ruth, course, backup, page):
    old = backup(course, 99, filename="of-a-course-that-is-gone.mbz")
    old.course_id = None
    backup(course, 0)
    set_schedule(ruth, keep_last=1)

    assert let_go().count == 0
    assert "of-a-course-that-is-gone.mbz" in text(
        page("/settings/automatic/keeping").select_one("#gone").parent
    )


def test_backups_of_a_course_in_the_bin_stay_until_it_comes_back(ruth, course, backup):
    backup(course, 99)
    backup(course, 0)
    course.binned_at = utc_now()
    db.session.commit()
    set_schedule(ruth, keep_last=1)

    assert let_go().count == 0


def test_without_rules_nothing_ever_goes(ruth, course, backup):
    for days in (0, 50, 500):
        backup(course, days)
    set_schedule(ruth)

    assert let_go().count == 0


def test_the_dry_run_says_what_would_go_and_deletes_nothing(ruth, course, backup, page):
    for days in (0, 1, 2):
        backup(course, days, content=b"x" * 1500)
    set_schedule(ruth, keep_last=1)

    shown = text(page("/settings/automatic/keeping").main)

    assert "2 backups would go, 3.0 kB." in shown
    assert "1 backup would stay, 1.5 kB." in shown
    assert ages(course) == [0, 1, 2]


def test_other_numbers_can_be_tried(ruth, course, backup, page):
    for days in (0, 1, 2):
        backup(course, days)
    set_schedule(ruth, keep_last=1)

    tried = "/settings/automatic/keeping?keep_last=2&keep_daily=0&keep_weekly=0&keep_monthly=0&keep_days=0"
    shown = page(tried)

    assert "1 backup would go" in text(shown.main)
    assert shown.select_one("#keep_last")["value"] == "2"
    assert "1 backup would stay" in text(page("/settings/automatic/keeping").main)


def test_a_number_that_is_none_is_refused(ruth, page):
    shown = page("/settings/automatic/keeping?keep_last=many", 422)

    assert "Write a whole number." in text(shown.main)
    assert "would go," not in text(shown.main)
