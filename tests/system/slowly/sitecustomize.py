"""Makes work take its time, so that a test can step in while it goes on.

Python loads this by itself in every process that is started with this folder in PYTHONPATH.
"""

import time

from jobs.progress import Run

BYTES_PER_SECOND = 12_000_000

advance = Run.advance


def slowly(run, amount):
    time.sleep(amount / BYTES_PER_SECOND)
    advance(run, amount)


Run.advance = slowly
