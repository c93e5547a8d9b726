"""Something happens at each moment at which work makes anything lasting, one after the other.

Here some moments of two kinds of work are tried; `make test-long` goes through all of all kinds.
"""

import pytest

from jobs import runner
from tests.system.faults import FULL
from tests.system.sweeps import fail_everywhere, kill_everywhere
from tests.system.work import BackupOfCourse, RestoreReplace

pytestmark = pytest.mark.system


@pytest.mark.parametrize("kind", [BackupOfCourse, RestoreReplace])
def test_whenever_the_process_is_killed_the_next_one_makes_it_good(app, instance, tmp_path, kind):
    swept = kill_everywhere(kind(tmp_path), instance, most=5)

    assert swept.moments > 5


@pytest.mark.parametrize("kind", [BackupOfCourse, RestoreReplace])
def test_whenever_the_disk_is_full_it_is_said_and_nothing_of_it_stays(
    app, tmp_path, kind, monkeypatch, caplog
):
    monkeypatch.setattr(runner, "WRITE_AGAIN", 0.01)

    swept = fail_everywhere(kind(tmp_path), FULL, most=6)

    # The last moment of one backup is beyond the end of another: packed, they differ by a few bytes.
    assert swept.tried >= 5
