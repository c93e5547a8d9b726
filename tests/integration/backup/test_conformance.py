"""The page that says what was kept of real archives is true."""

from jobs.archive.comparing import Difference
from tests.archives import HANDOUT_FILE, pack_tgz, save, small_course
from tests.conformance.page import page
from tests.conformance.trying import try_archive
from tests.factories import make_admin


def tried(tmp_path, members, name="course.mbz"):
    return try_archive(save(tmp_path / name, pack_tgz(members)), make_admin())


def test_a_sound_archive_comes_through_whole_in_each_way(app, tmp_path):
    trial = tried(tmp_path, small_course())

    assert trial.is_complete
    assert list(trial.written) == ["with people", "without people", "anonymised"]
    assert "| sound | done | done | nothing lost | nothing lost | nothing lost |" in page([trial])


def test_what_was_damaged_before_is_named_and_explains_what_is_lost(app, tmp_path):
    trial = tried(tmp_path, small_course(people=False) | {HANDOUT_FILE.entry: b"other bytes"})
    says = page([trial])

    assert trial.is_complete
    assert "| 1 thing damaged | done | done | 1 difference explained | — | — |" in says
    assert (
        f"- with people: `{HANDOUT_FILE.entry}` lost: Its bytes are not those that its name promises." in says
    )


def test_what_is_no_backup_is_refused_with_its_reason(app, tmp_path):
    trial = try_archive(save(tmp_path / "no.mbz", b"not a backup"), make_admin())

    assert not trial.is_complete
    assert f"| `no.mbz` | | refused: {trial.problem}" in page([trial])


def test_a_loss_that_nothing_explains_shows(app, tmp_path):
    trial = tried(tmp_path, small_course(people=False))
    trial.written["with people"].compared.add(Difference("roles.xml", "lost"))
    says = page([trial])

    assert not trial.is_complete
    assert says.count("0 of 1 archive") == 1
    assert "**1 not**" in says
    assert "- with people: `roles.xml` lost: **not explained**" in says
