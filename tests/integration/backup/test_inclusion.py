"""Admins say what backups hold and restores bring as long as nobody chooses otherwise, and lock what nobody may."""

import json

import pytest

from jobs import queue
from jobs.archive.survey import survey
from tests.archives import pack_tgz, small_course
from tests.automating import NIGHT, a_course, a_round, set_schedule
from tests.factories import make_admin
from tests.members import members_of
from tests.pages import form_data, text
from tests.running import answer, back_up, back_up_part, read_archive, run
from tests.subsections import with_subsection
from webapp import places
from webapp.extensions import db
from webapp.models import (
    ArchiveFile,
    ArchiveOrigin,
    Document,
    Job,
    JobKind,
    JobState,
    Person,
    Section,
    get_setting,
)
from webapp.site_settings.declared import CONTENT

LOCKED = "An admin has set this for everybody."


def newest_job():
    return db.session.query(Job).filter(Job.kind != JobKind.MAIL).order_by(Job.id.desc()).first()


def chosen(page):
    """What is ticked or chosen on a page about a backup."""
    people = page.select_one("input[name=people][checked]")
    return (
        people["value"],
        page.select_one("#files").has_attr("checked"),
        page.select_one("option[selected]")["value"],
    )


def kept(job):
    """What the backup of a job says of itself: people, anonymised, files, container."""
    archive = db.session.get(ArchiveFile, job.result["archive_id"])
    found = survey(places.archive_path(archive.id))
    return found.with_people, found.anonymised, found.with_files, found.container


@pytest.mark.parametrize("part", [False, True])
def test_what_admins_decide_is_chosen_beforehand(decide, sign_in_as, page, teacher, course, part):
    sign_in_as(teacher)
    section = db.session.query(Section).filter_by(version_id=course.version_id).first()
    address = f"/courses/{course.id}/" + (
        f"sections/{section.id}/backup" if part else "backups/new?step=content"
    )

    before = chosen(page(address))
    decide(backup_people="anonymous", backup_files=False, backup_container="zip")
    after = page(address)

    assert before == ("yes", True, "tgz")
    assert chosen(after) == ("anonymous", False, "zip")
    assert LOCKED not in text(after)


@pytest.mark.parametrize("part", [False, True])
def test_what_is_locked_is_shown_so_and_counts_whatever_is_sent(
    decide, sign_in_as, client, page, teacher, course, part
):
    sign_in_as(teacher)
    decide(
        backup_people="no", backup_people_locked=True, backup_container="zip", backup_container_locked=True
    )
    section = db.session.query(Section).filter_by(version_id=course.version_id).first()
    address = f"/courses/{course.id}/" + (f"sections/{section.id}/backup" if part else "backups/new")

    shown = page(address if part else f"{address}?step=content&people=yes&container=tgz")
    form = shown.select_one("main form[method=post]")
    sent = form_data(form) | {"people": "yes", "container": "tgz", "files": "y"}
    client.post(form["action"], data=sent)

    assert text(shown).count(LOCKED) == 2
    assert chosen(shown)[::2] == ("no", "zip")
    assert all(one.has_attr("disabled") for one in shown.select("input[name=people], #container"))
    assert not shown.select_one("#files").has_attr("disabled")
    job = newest_job()
    assert (job.options["people"], job.options["files"], job.options["container"]) == (False, True, "zip")


def test_a_backup_of_everything_at_once_is_as_admins_decide(decide, sign_in_as, client, teacher, course):
    sign_in_as(teacher)
    decide(backup_people="no", backup_files=False)

    client.post(f"/courses/{course.id}/backups/new", data={"everything": "1"})

    assert kept(newest_job()) == (False, False, False, "tgz")


def test_a_backup_that_begins_after_something_was_locked_is_as_that_says(decide, teacher, course):
    decide(
        backup_people="anonymous", backup_people_locked=True, backup_files=False, backup_files_locked=True,
        backup_container="zip", backup_container_locked=True,
    )  # fmt: skip

    job, _ = back_up(course, teacher, people=True, files=True, container="tgz")

    assert kept(job) == (True, True, False, "zip")
    assert job.state == JobState.WARNED
    assert job.warnings[:3] == [
        "It is packed as a zip. An admin has set this for all backups.",
        "Files are left out. An admin has set this for all backups.",
        "People are in it under made-up names. An admin has set this for all backups.",
    ]


def test_a_backup_of_a_part_keeps_to_it_too_and_one_that_agrees_is_not_warned_of(decide, teacher, course):
    decide(backup_people="no", backup_people_locked=True)
    section = db.session.query(Section).filter_by(version_id=course.version_id).first()

    part, _ = back_up_part(course, section, teacher, people=True)
    whole, _ = back_up(course, teacher, people=False)

    assert kept(part)[0] is kept(whole)[0] is False
    assert part.warnings == ["People and what they did are left out. An admin has set this for all backups."]
    assert (whole.state, whole.warnings) == (JobState.DONE, [])


def test_what_is_chosen_beforehand_but_not_locked_binds_nobody(decide, teacher, course):
    decide(backup_people="no", backup_files=False, backup_container="zip")

    job, _ = back_up(course, teacher, people=True, files=True, container="tgz")

    assert (kept(job), job.warnings) == ((True, False, True, "tgz"), [])


def test_automatic_backups_go_by_their_schedule(decide):
    ruth = make_admin("ruth")
    a_course(ruth)
    set_schedule(ruth, people=True)
    decide(backup_people="no", backup_people_locked=True)

    a_round(NIGHT)

    archive = db.session.query(ArchiveFile).filter_by(origin=ArchiveOrigin.AUTOMATED).one()
    assert survey(places.archive_path(archive.id)).with_people


def people_offered(page, job):
    shown = page(f"/restores/{job.id}?step=settings")
    return shown.select_one("input[name=people][checked]")["value"], LOCKED in text(shown)


def test_a_restore_brings_people_beforehand_as_admins_decide(decide, sign_in_as, page, teacher, course):
    sign_in_as(teacher)
    made, _ = back_up(course, teacher)
    again, _ = queue.ask_for(
        JobKind.RESTORE, "archive", made.result["archive_id"], user=teacher, title="Tides"
    )
    ours, brought = run(again), read_archive(pack_tgz(small_course()), teacher)

    assert [people_offered(page, one) for one in (ours, brought)] == [("yes", False), ("no", False)]
    decide(restore_people="no")
    assert people_offered(page, ours) == ("no", False)
    decide(restore_people="yes", restore_people_locked=True)
    assert people_offered(page, brought) == ("yes", True)


def test_a_restore_does_not_bring_people_where_that_is_locked_whatever_is_sent(
    decide, sign_in_as, client, page, teacher
):
    sign_in_as(teacher)
    job = read_archive(pack_tgz(small_course()), teacher)
    decide(restore_people="no", restore_people_locked=True)
    form = page(f"/restores/{job.id}?step=settings&people=yes&target=new").select_one("form.review")
    assert form.select_one("input[name=people][checked]")["value"] == "no"

    client.post(form["action"], data=form_data(form) | {"people": "yes"})

    assert db.session.query(Person).count() == 0
    assert newest_job().options["people"] is False


def test_a_restore_that_begins_after_people_were_locked_out_leaves_them_out(decide, teacher):
    job = read_archive(pack_tgz(small_course()), teacher)
    without = read_archive(pack_tgz(small_course(people=False)), teacher)
    decide(restore_people_locked=True)  # of our own backups alone

    ended, bare = answer(job, people=True), answer(without, people=True)

    assert (ended.state, ended.result["people"]) == (JobState.WARNED, 0)
    assert ended.warnings == [
        "People and what they did are left out. An admin has set this for all restores."
    ]
    assert bare.state == JobState.DONE  # there was nobody to leave out


def test_the_command_line_backs_up_as_the_settings_say_unless_told_otherwise(
    decide, coursekeep, teacher, course
):
    decide(backup_people="no", backup_files=False, backup_container="zip")
    words = ("backup", str(course.id), "--as", teacher.username, "--json")

    by_settings = json.loads(coursekeep(*words)[1])
    told = json.loads(coursekeep(*words, "--users", "--files", "--container", "tgz")[1])

    found = [kept(db.session.get(Job, one["job"])) for one in (by_settings, told)]
    assert found == [(False, False, False, "zip"), (True, False, True, "tgz")]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--users",), "Admins have locked “People in a backup”: it is “Without people” for everybody."),
        (("--anonymize",), "Admins have locked “People in a backup”"),
        (("--no-files",), "Admins have locked “Files in a backup”: it is “On” for everybody."),
        (
            ("--container", "tgz"),
            "Admins have locked “How a backup is packed”: it is “As a zip” for everybody.",
        ),
    ],
)
def test_the_command_line_refuses_what_is_locked_otherwise(
    decide, coursekeep, teacher, course, options, says
):
    decide(
        backup_people="no", backup_people_locked=True, backup_files_locked=True, backup_container="zip",
        backup_container_locked=True,
    )  # fmt: skip
    before = db.session.query(Job).count()

    code, _, errors = coursekeep("backup", str(course.id), "--as", teacher.username, *options)

    assert (code, db.session.query(Job).count()) == (1, before)
    assert says in errors


def test_the_command_line_restores_as_is_locked_and_refuses_the_rest(decide, coursekeep, teacher, tmp_path):
    file = tmp_path / "tides.mbz"
    file.write_bytes(pack_tgz(small_course()))
    words = ("restore", str(file), "--as", teacher.username, "--json")

    free = json.loads(coursekeep(*words)[1])
    decide(restore_people="no")
    beforehand = json.loads(coursekeep(*words)[1])
    told = json.loads(coursekeep(*words, "--users")[1])
    decide(restore_people_locked=True)
    locked = json.loads(coursekeep(*words)[1])
    code, _, errors = coursekeep(*words, "--users")

    assert [bool(one["people"]) for one in (free, beforehand, told, locked)] == [True, False, True, False]
    assert locked["warnings"] == []
    assert code == 1
    assert "Admins have locked “People in a restore”: it is “Leave people out” for everybody." in errors
    assert newest_job().state == JobState.CANCELLED


def test_kinds_are_chosen_beforehand_kept_from_step_to_step_and_locked(
    decide, sign_in_as, client, page, teacher, course
):
    sign_in_as(teacher)
    decide(backup_content=["badges", "filters"], backup_content_locked=["blocks", "badges"])
    address = f"/courses/{course.id}/backups/new"
    shown = page(f"{address}?step=content")
    ticked = {one["value"] for one in shown.select("input[name=content][checked]")}
    form = shown.select_one("main form[method=post]")

    sent = form_data(form) | {"content": ["comments", "blocks"], "go": "review"}
    there = client.post(form["action"], data=sent).location
    review = page(there)
    client.post(address, data=form_data(review.select_one("main form[method=post]")))

    assert ticked == {"badges", "filters"}
    assert {one["value"] for one in shown.select("input[name=content][disabled]")} == {"blocks", "badges"}
    assert (
        "Left out besides Roles of people, Activities, Blocks, Filters, Calendar, Completion, Logs"
        in text(review)
    )
    assert set(CONTENT) - set(newest_job().options["without"]) == {"badges", "comments"}


def test_kinds_that_were_locked_meanwhile_stay_out_and_go_in(decide, teacher, course):
    decide(
        backup_content=[kind for kind in CONTENT if kind != "filters"],
        backup_content_locked=["filters", "blocks"],
    )

    job, path = back_up(course, teacher, without=["blocks", "logs"])

    names = {name.rpartition("/")[2] for name in members_of(path)}
    assert "filters.xml" not in names
    assert job.warnings == [
        "Blocks: in it. An admin has set this for all backups.",
        "Filters: left out. An admin has set this for all backups.",
    ]


def test_the_command_line_leaves_kinds_out_but_for_what_is_locked(decide, coursekeep, teacher, course):
    decide(backup_content=[kind for kind in CONTENT if kind != "badges"], backup_content_locked=["logs"])
    words = ("backup", str(course.id), "--as", teacher.username, "--json")

    made = json.loads(
        coursekeep(*words, "--without", "comments", "--without", "filters", "--with", "badges")[1]
    )
    code, _, errors = coursekeep(*words, "--without", "logs")

    assert db.session.get(Job, made["job"]).options["without"] == ["filters", "comments"]
    assert (code, "Admins have locked “Logs”: it is in for everybody." in errors) == (1, True)


def test_kinds_that_were_locked_meanwhile_are_left_out_of_a_restore_and_brought(decide, teacher):
    job = read_archive(pack_tgz(small_course()), teacher)
    decide(
        restore_content=[kind for kind in CONTENT if kind not in ("filters", "grade_histories", "logs")],
        restore_content_locked=["filters", "blocks", "logs"],
    )

    done = answer(job, without=["blocks"])  # the file was made without logs

    names = {row.name for row in db.session.query(Document) if row.version_id == done.result["version_id"]}
    assert not {"filters.xml", "course/filters.xml", "logs.xml"} & names
    assert done.warnings == [
        "Blocks: brought back. An admin has set this for all restores.",
        "Filters: left out. An admin has set this for all restores.",
    ]


def test_the_command_line_brings_some_of_a_file_but_for_what_is_locked(decide, coursekeep, teacher, tmp_path):
    file = tmp_path / "tides.mbz"
    file.write_bytes(pack_tgz(with_subsection(small_course())))
    decide(restore_content=[kind for kind in CONTENT if kind != "badges"], restore_content_locked=["logs"])
    words = ("restore", str(file), "--as", teacher.username, "--json")

    some = ("--activity", "43", "--without", "comments", "--with", "badges")
    said = json.loads(coursekeep(*words, *some, "--dry-run")[1])
    made = json.loads(coursekeep(*words, *some)[1])
    inner = json.loads(coursekeep(*words, "--section", "0", "--activity", "44", "--dry-run")[1])
    refused = [
        coursekeep(*words, *wrong)
        for wrong in (("--without", "logs"), ("--section", "7"), ("--section", "2"), ("--activity", "99"))
    ]

    assert db.session.get(Job, made["job"]).options["without"] == ["comments"]
    assert [said["added"][name] for name in ("sections", "activities", "files")] == [1, 1, 1]
    assert (made["sections"], made["activities"], made["files"]) == (1, 1, 1)
    assert [inner["added"][name] for name in ("sections", "activities")] == [3, 3]
    reasons = [
        "Admins have locked “Logs”: it is in for everybody.", "There is no section 7 in the file.",
        "Section 2 is a subsection. Take the activity that it is: --activity 44",
        "There is no activity 99 in the file.",
    ]  # fmt: skip
    assert [(code, reason in errors) for reason, (code, _, errors) in zip(reasons, refused, strict=True)] == [
        (1, True)
    ] * 4
    assert newest_job().state == JobState.CANCELLED


def test_an_admin_ticks_which_kinds_go_in_and_which_are_locked(sign_in_as, client, page):
    sign_in_as(make_admin())
    form = page("/settings/backups").select_one("main form.parts")
    assert len(form.select("input[name=backup_content][checked]")) == len(CONTENT)

    few = {"backup_content": ["blocks", "logs"], "backup_content_locked": ["logs"]}
    client.post(form["action"], data=form_data(form, **few))
    refused = client.post(form["action"], data=form_data(form, backup_content=["blocks", "nonsense"]))

    assert {name: get_setting(name) for name in few} == few
    assert "all → Blocks, Logs" in text(page("/settings/backups").main)
    assert refused.status_code == 422
    assert "There is no nonsense among these" in refused.text


def test_a_lock_is_a_box_beside_its_setting_and_put_back_by_itself(decide, sign_in_as, client, page):
    sign_in_as(make_admin())
    form = page("/settings/backups").select_one("main form.parts")

    client.post(form["action"], data=form_data(form, backup_people="no", backup_people_locked="on"))
    shown = page("/settings/backups")

    assert shown.select_one("#backup_people_locked").has_attr("checked")
    assert "Off → On" in text(shown.main)
    client.post("/settings/backups/put-back", data={"name": "backup_people_locked"})
    again = page("/settings/backups")
    assert not again.select_one("#backup_people_locked").has_attr("checked")
    assert again.select_one("#backup_people-no").has_attr("checked")
