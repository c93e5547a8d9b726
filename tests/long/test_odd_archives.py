"""The same courses written in every legal way that we could think of: each comes in and goes out with nothing lost."""

import pytest

from tests.archives import pack_tgz, small_course
from tests.conformance.trying import try_archive
from tests.contradictions import REFUSED, RESTORED
from tests.corpus import corpus_file
from tests.factories import make_admin
from tests.members import members_of
from tests.odd_archives import VARIATIONS

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

NAMES = ("fixture-2.6-availability", "fixture-3.11-plugin-studentquiz-users", "tide101-4.5-users")
PARTS = ("tide101-4.5-section", "tide101-4.5-activity-quiz", "fixture-2.8-activity-quiz-zip")


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("name", ["small course", *NAMES, *PARTS])
def test_a_course_written_oddly_comes_in_and_goes_out_whole(app, tmp_path, name, variation):
    members = small_course() if name == "small course" else members_of(corpus_file(name))
    path = tmp_path / "odd.mbz"
    path.write_bytes(pack_tgz(VARIATIONS[variation](members), index=False))

    trial = try_archive(path, make_admin())

    lost = [
        one
        for way in trial.written.values()
        if way.compared
        for one in way.compared.differences
        if not one.explained
    ]
    assert not trial.problem
    assert lost == []
    assert trial.is_complete


@pytest.mark.parametrize("name", RESTORED)
def test_a_course_that_contradicts_itself_comes_in_with_a_word_and_goes_out_whole(app, tmp_path, name):
    make, said = RESTORED[name]
    path = tmp_path / "odd.mbz"
    path.write_bytes(pack_tgz(make(), index=False))

    trial = try_archive(path, make_admin())

    told = [one.what for one in trial.found.problems if one.level != "note"]
    lost = [
        one
        for way in trial.written.values()
        if way.compared
        for one in way.compared.differences
        if not one.explained and one.what != "added"
    ]
    assert not trial.problem
    assert lost == []
    assert [one for one in told if one.startswith(said)] if said else told == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_course_that_leads_elsewhere_is_refused(app, tmp_path, name):
    make, said = REFUSED[name]
    path = tmp_path / "odd.mbz"
    path.write_bytes(pack_tgz(make(), index=False))

    trial = try_archive(path, make_admin())

    assert (trial.problem, trial.restored) == (said, False)
