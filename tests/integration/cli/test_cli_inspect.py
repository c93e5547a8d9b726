"""What `coursekeep inspect` prints of a backup file."""

import json

from tests.archives import pack_tgz, save, small_course
from tests.integration.cli.test_cli import quiet_afterwards  # noqa: F401
from tests.personal_course import personal_course
from webapp.cli import main


def inspect(path, capsys, *words):
    code = main(["inspect", str(path), *words])
    return code, capsys.readouterr().out


def test_a_file_says_where_it_holds_personal_data_and_who_only_if_asked(tmp_path, capsys):
    path = save(tmp_path / "course.mbz", pack_tgz(personal_course()))

    code, plain = inspect(path, capsys)
    _, named = inspect(path, capsys, "--people")

    assert code == 0
    assert "Personal data of 2 people" in plain
    assert (
        "  the course page: comments 1, enrolments 2, ip addresses 2, log entries 2, role assignments 2"
        in plain
    )
    assert "parent (own field) 2" in plain
    assert "Activities from plugins: game 1" in plain
    assert "Amira Holt" not in plain
    assert "  - Amira Holt" in named


def test_the_json_has_the_report_and_names_only_if_asked(tmp_path, capsys):
    path = save(tmp_path / "course.mbz", pack_tgz(personal_course()))

    plain = json.loads(inspect(path, capsys, "--json")[1])
    named = json.loads(inspect(path, capsys, "--json", "--people")[1])

    assert plain["privacy"]["people"] == 2
    assert plain["privacy"]["names"] is None
    assert named["privacy"]["names"] == ["Amira Holt", "Ben Okoro"]
    assert plain["plugins"]["activities"] == {"game": 1}


def test_a_file_without_people_says_nothing_of_them(tmp_path, capsys):
    path = save(tmp_path / "course.mbz", pack_tgz(small_course(people=False, files=())))

    assert "Personal data" not in inspect(path, capsys)[1]
