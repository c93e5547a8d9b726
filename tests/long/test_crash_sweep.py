"""Each kind of work is killed at each of its moments, and gone on with by the next process."""

import os

import pytest

from tests.system.sweeps import kill_everywhere
from tests.system.work import KINDS, title
from tests.tables import report

#: So many moments of each kind are tried; 0 for all of them.
MOST = int(os.environ.get("COURSEKEEP_SWEEP_MOST", "0"))

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("kind", KINDS, ids=title)
def test_whenever_it_is_killed_it_is_done_or_not_begun_and_can_be_gone_on_with(app, instance, tmp_path, kind):
    swept = kill_everywhere(kind(tmp_path / "folder"), instance, MOST)

    report("Killed (kill -9) at each commit, fsync, rename and removal", kind=title(kind), moments=swept.moments,
           reports_of_progress=swept.checkpoints, killed=swept.tried, survived=swept.tried)  # fmt: skip
