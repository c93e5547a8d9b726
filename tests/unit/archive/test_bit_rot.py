"""Archives harmed at random: what is read is what was written, or the damage is named."""

import time
from dataclasses import dataclass

import pytest

from jobs.archive.containers.reader import open_archive
from jobs.archive.survey import survey
from jobs.problems import ArchiveProblem
from tests.archives import pack_tgz, pack_zip, save, small_course
from tests.bit_rot import harmed
from tests.tables import report

#: Archives of each kind that are tried each time; in the long sweep, and for how many seconds at most.
FEW, MANY, SECONDS = 100, 5000, 240


def contents_of(path):
    with open_archive(path) as archive:
        return {member.name: member.read(member.size) for member in archive}


@dataclass
class Tally:
    """How many harmed archives were refused, were read with damage that was named, and did no harm."""

    refused: int = 0
    named: int = 0
    harmless: int = 0

    @property
    def tried(self):
        return self.refused + self.named + self.harmless


def surveyed(path):
    try:
        return survey(path), ""
    except ArchiveProblem as problem:
        return None, str(problem)


def look_at(path, whole, tally):
    """Have an archive surveyed; what is said to be sound must be whole."""
    found, refusal = surveyed(path)
    if found is None:
        assert refusal
        tally.refused += 1
    elif not found.is_sound:
        assert all(problem.what for problem in found.problems)
        tally.named += 1
    else:
        assert contents_of(path) == whole
        tally.harmless += 1


def sweep(pack, path, number):
    """Harm an archive in one way after the other, until that is enough; returns the tally."""
    content = pack(small_course())
    whole = contents_of(save(path, content))
    tally, end = Tally(), time.monotonic() + SECONDS
    for seed in range(number):
        how, bad = harmed(content, seed)
        try:
            look_at(save(path, bad), whole, tally)
        except Exception as error:
            raise AssertionError(f"seed {seed}, {how}: {type(error).__name__}") from error
        if time.monotonic() > end:
            break
    return tally


@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
def test_harm_is_named_or_does_no_harm(tmp_path, pack):
    tally = sweep(pack, tmp_path / "harmed.mbz", FEW)

    assert tally.tried == FEW
    assert tally.refused + tally.named > FEW / 2


@pytest.mark.long
@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
def test_thousands_of_harms_are_named_or_do_no_harm(tmp_path, pack):
    tally = sweep(pack, tmp_path / "harmed.mbz", MANY)

    assert tally.refused + tally.named > tally.tried / 2
    report("Flips, cuts, blanks, losses and splices × verify", container=pack.__name__.removeprefix("pack_"),
           tried=tally.tried, refused=tally.refused, read_and_named=tally.named,
           read_and_equal=tally.harmless, silent=0)  # fmt: skip
