"""The commands, as a person or a program at a terminal meets them."""

import json
import logging
from io import StringIO

import pytest

from tests.factories import make_admin, make_course, make_job, make_person
from webapp.access.passwords import check_password
from webapp.cli import main
from webapp.extensions import db
from webapp.models import Job, JobState, SiteRole, User


@pytest.fixture(autouse=True)
def quiet_afterwards():
    """A command sets the log up for its process; the next test has its own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


def test_a_command_on_no_installation_says_so_and_makes_none(tmp_path, capsys):
    code = main(["courses", "--instance", str(tmp_path / "nowhere")])

    assert code == 1
    assert "There is no Coursekeep in" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_a_word_that_is_no_command_is_not_understood(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["cuorses"])

    assert stopped.value.code == 2
    assert "cuorses" in capsys.readouterr().err


def test_the_folder_may_be_named_before_or_after_the_command_and_by_the_environment(
    app, instance, capsys, monkeypatch
):
    make_course("TIDE 1")

    codes = [main(["--instance", str(instance), "courses"]), main(["courses", "--instance", str(instance)])]
    monkeypatch.setenv("COURSEKEEP_INSTANCE", str(instance))
    codes.append(main(["courses"]))

    assert codes == [0, 0, 0]
    assert capsys.readouterr().out.count("TIDE 1") == 3


def test_courses_are_listed_for_programs(coursekeep):
    course = make_course("TIDE 1")

    code, out, _ = coursekeep("courses", "--json")

    (listed,) = json.loads(out)["courses"]
    assert code == 0
    assert (listed["id"], listed["shortname"], listed["fullname"]) == (course.id, "TIDE 1", course.fullname)
    assert (listed["sections"], listed["activities"], listed["visible"]) == (3, 7, True)


def test_a_name_that_steers_the_terminal_is_only_shown(coursekeep):
    make_course("TIDE 1", fullname="Tide\x1b[2J\nGone")

    _, out, _ = coursekeep("courses")

    assert "\x1b" not in out
    assert len(out.splitlines()) == 2


def test_an_account_is_made_with_a_password_from_the_input(coursekeep, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("a long walk by the sea\n"))

    code, out, _ = coursekeep(
        "user", "add", "nadia", "--email", "nadia@school.example", "--role", "teacher", "--password-stdin"
    )

    user = db.session.query(User).filter_by(username="nadia").one()
    assert code == 0
    assert user.role == SiteRole.TEACHER
    assert check_password(user.password_hash, "a long walk by the sea")
    assert "a long walk" not in out


def test_an_account_without_a_password_gets_a_link_that_sets_one(coursekeep, client):
    _, out, _ = coursekeep("user", "add", "ada", "--email", "ada@school.example", "--role", "admin")

    link = out.split()[-1]
    answer = client.get(link.removeprefix("http://127.0.0.1:8000"))

    assert db.session.query(User).filter_by(username="ada").one().password_hash is None
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nadia", "--email", "nadia@school.example"], "Somebody has this user name already."),
        (["Nadia Okafor", "--email", "n@school.example"], "A user name has small letters"),
        (["ada", "--email", "nowhere"], "This does not look like a mail address."),
    ],
)
def test_an_account_that_can_not_be_is_refused_with_the_reason(coursekeep, words, reason):
    make_person("nadia")

    code, _, errors = coursekeep("user", "add", *words, "--role", "teacher")

    assert code == 1
    assert reason in errors
    assert db.session.query(User).count() == 1


def test_a_weak_password_is_refused(coursekeep, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("short\n"))

    code, _, errors = coursekeep(
        "user", "add", "ada", "--email", "ada@school.example", "--role", "admin", "--password-stdin"
    )

    assert code == 1
    assert "at least 10 characters" in errors
    assert db.session.query(User).count() == 0


def test_jobs_are_listed_with_those_under_way_first(coursekeep):
    admin = make_admin("mira")
    course = make_course()
    running = make_job(admin, course, state=JobState.RUNNING, steps=[["Copying files", None]], step_number=1)
    over = make_job(admin, make_course(), state=JobState.FAILED, problem="The school’s disk is full.")

    _, out, _ = coursekeep("jobs", "--json")

    first, second = json.loads(out)["jobs"]
    assert (first["id"], first["state"], first["step"], first["user"]) == (
        running.id,
        "running",
        "Copying files",
        "mira",
    )
    assert (second["id"], second["state"], second["problem"]) == (
        over.id,
        "failed",
        "The school’s disk is full.",
    )


def test_a_job_in_line_is_cancelled(coursekeep):
    job = make_job(make_admin(), make_course())

    code, out, _ = coursekeep("cancel", str(job.id), "--json")

    assert code == 0
    assert json.loads(out) == {"job": job.id, "cancelled": True, "state": "cancelled"}
    assert db.session.get(Job, job.id).state == JobState.CANCELLED


def test_a_job_that_is_over_can_not_be_cancelled(coursekeep):
    job = make_job(make_admin(), make_course(), state=JobState.DONE)

    code, out, _ = coursekeep("cancel", str(job.id))

    assert code == 1
    assert out == f"Job {job.id} is over already: done.\n"


def test_a_job_that_is_not_there_is_said_not_to_be(coursekeep):
    code, _, errors = coursekeep("cancel", "99")

    assert code == 1
    assert "There is no job 99." in errors


def test_init_makes_an_installation_with_an_admin_and_a_course_and_says_the_password_once(
    tmp_path, capsys, app
):
    folder = str(tmp_path / "school")

    codes = [main(["init", "--instance", folder]), main(["init", "--instance", folder])]
    said = capsys.readouterr().out
    main(["courses", "--json", "--instance", folder])

    assert codes == [0, 0]
    assert said.count("Sign in as admin with the password ") == 1
    (course,) = json.loads(capsys.readouterr().out)["courses"]
    assert course["shortname"] == "SKY 1"


def test_init_makes_a_school_that_speaks_french(tmp_path, capsys, app):
    folder = str(tmp_path / "school")

    main(["init", "--language", "fr", "--instance", folder])
    capsys.readouterr()
    main(["courses", "--json", "--instance", folder])
    (course,) = json.loads(capsys.readouterr().out)["courses"]
    main(["settings", "get", "language", "--json", "--instance", folder])

    assert (course["shortname"], course["fullname"]) == ("CIEL 1", "Lire le ciel nocturne")
    assert json.loads(capsys.readouterr().out)["value"] == "fr"


def test_init_makes_no_course_where_none_is_wanted(tmp_path, capsys, app):
    folder = str(tmp_path / "school")

    main(["init", "--no-sample", "--instance", folder])
    main(["courses", "--json", "--instance", folder])

    assert '"courses": []' in capsys.readouterr().out
