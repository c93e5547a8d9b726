"""What the tests of the archive format share."""

import importlib
import sys

import pytest

from jobs.archive.containers import compression
from jobs.archive.limits import Limits
from jobs.archive.survey import survey
from tests.archives import pack_tgz, save


@pytest.fixture(params=["isal", "zlib"])
def engine(request, monkeypatch):
    """Run the test with each engine that packs and unpacks; isal's turn is left out where it is missing."""
    if request.param == "isal":
        pytest.importorskip("isal")
        yield
        return
    monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)
    importlib.reload(compression)
    yield
    monkeypatch.undo()
    importlib.reload(compression)


@pytest.fixture
def saved(tmp_path):
    """Save bytes as a file and return its path."""
    return lambda content, name="course.mbz": save(tmp_path / name, content)


@pytest.fixture
def surveyed(saved):
    """Pack a course, look it over, and return what was found."""
    return lambda members, pack=pack_tgz, **limits: survey(saved(pack(members)), Limits(**limits))
