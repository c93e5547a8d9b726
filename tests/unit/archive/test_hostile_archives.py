"""Archives that mean harm, as far as reading them goes: each is refused in a sentence, or surveyed to its end."""

import pytest

from jobs.archive.survey import survey
from jobs.problems import ArchiveProblem
from tests.hostile.containers import CONTAINERS
from tests.hostile.documents import DOCUMENTS

HOSTILE = CONTAINERS | DOCUMENTS


def said_of(path):
    """The sentence that refuses the archive; None if it was read to its end."""
    try:
        survey(path)
    except ArchiveProblem as problem:
        return str(problem)
    return None


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_a_sentence_or_does_no_harm(name, saved, tmp_path):
    make, ends = HOSTILE[name]
    path = saved(make())

    said = said_of(path)

    assert list(tmp_path.iterdir()) == [path]
    if ends is None:
        assert said is None
    elif ends:
        assert said is not None
        assert said.startswith(ends)
