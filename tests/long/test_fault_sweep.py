"""Each write, fsync, rename and commit of each kind of work fails once, as disks fail."""

import os

import pytest

from jobs import runner
from tests.system.faults import FAULTS
from tests.system.sweeps import fail_everywhere
from tests.system.work import KINDS, EndOfRound, title
from tests.tables import report

#: So many moments of each kind are tried; 0 for all of them, which takes hours.
MOST = int(os.environ.get("COURSEKEEP_SWEEP_MOST", "40"))

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
# The end of a round that fails is told to admins on its page, and not by a message of its own.
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not EndOfRound], ids=title)
def test_whatever_fails_is_said_and_leaves_nothing_behind(app, tmp_path, kind, fault, monkeypatch, caplog):
    monkeypatch.setattr(runner, "WRITE_AGAIN", 0.01)

    swept = fail_everywhere(kind(tmp_path / "folder"), fault, MOST)

    report("Failed at each write, fsync, rename and commit", kind=title(kind), fault=fault.name,
           moments=swept.moments, failed=swept.tried, survived=swept.tried)  # fmt: skip
