"""The real archives, where they are at hand; tests that use them skip where they are not."""

import importlib.util
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
CORPUS = SHARED / "corpus"
#: Backups of whole courses, by name.
COURSES = (
    "fixture-2.6-availability",
    "fixture-3.10-attempts-missing-users",
    "fixture-3.11-plugin-studentquiz-users",
    "fixture-3.2-imscp-scorm-folder",
    "fixture-3.5-question-categories",
    "fixture-pre4-dot-slash-names",
    "generated-4.5-xs",
    "real-3.3-folders-labels",
    "real-3.3-many-activities",
    "real-3.3-scorm-148-files",
    "real-3.8-damaged-files-blocks",
    "real-3.8-small",
    "tide101-4.5-anonymised",
    "tide101-4.5-no-users",
    "tide101-4.5-users",
    "tide101-4.5-users-no-files",
    "tide101-4.5-users-zip",
)


#: One of each sort: with everything, with people who are missing, with damage, old.
QUICK = (
    "fixture-2.6-availability",
    "fixture-3.10-attempts-missing-users",
    "real-3.8-damaged-files-blocks",
    "tide101-4.5-users",
)


def each_of(names, *, quick=QUICK):
    """Archives for a test that is run on each: those that are not `quick` wait for the long run."""
    return [name if name in quick else pytest.param(name, marks=pytest.mark.long) for name in names]


def corpus_file(name):
    path = CORPUS / f"{name}.mbz"
    if not path.exists():
        pytest.skip(f"the archive {name} is not at hand")
    return path


def compare(original, rewritten):
    """The differences that the independent comparison finds between two archives."""
    tool = SHARED / "tools" / "mbzcompare.py"
    spec = importlib.util.spec_from_file_location("mbzcompare", tool)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.compare(str(original), str(rewritten))["rows"]
