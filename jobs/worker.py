"""The worker process: takes jobs from the queue, and heals what others left.

Huey's own handling of signals drops running jobs on SIGTERM; ours treats SIGTERM and
SIGINT alike: running jobs go back in line at their next checkpoint, then the process ends.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from types import FrameType

from flask import Flask

from jobs import heart, leftovers, presence, recovery, reserve, scheduler
from jobs.memory import settle
from jobs.progress import stopping
from webapp import places
from webapp.models import utc_now

log = logging.getLogger(__name__)

#: Seconds between two looks for orphans, two rounds of clearing up, and two through the file store.
HEAL_EVERY = 2.0
CLEAR_EVERY = 60.0
CLEAR_CONTENTS_EVERY = 600.0
#: How far work steps back behind people who wait for a page (`nice`).
STEP_BACK = 5
#: Seconds that running jobs get to reach a checkpoint when the worker has to stop.
GRACE = 25


def run_worker(app: Flask, threads: int = 3) -> None:
    """Work until SIGTERM or SIGINT; returns once all jobs are done with or handed back."""
    os.nice(STEP_BACK)
    with app.app_context():
        name = presence.become_worker(places.locks())
    settle()
    ended = threading.Event()
    consumer = app.extensions["queue"].create_consumer(
        workers=threads, worker_type="thread", initial_delay=0.1, max_delay=0.2, periodic=False,
        scheduler_interval=60, shutdown_timeout=GRACE,
    )  # fmt: skip
    sweeper = threading.Thread(target=_sweep, args=(app, ended), name="sweep", daemon=True)
    beater = threading.Thread(target=heart.beat, args=(app, ended), name="heart", daemon=True)
    consumer.start()
    _stop_on_signals(ended)
    sweeper.start()
    beater.start()
    log.info("worker %s takes jobs, %s at a time", name, threads)
    while not ended.wait(1.0):
        pass
    stopping.set()
    consumer.stop(graceful=True)
    sweeper.join(GRACE)
    log.info("worker %s has stopped", name)


def _stop_on_signals(ended: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _sweep(app: Flask, ended: threading.Event) -> None:
    sweep = recovery.Sweep()
    rounds = 0
    while True:
        try:
            with app.app_context():
                sweep.heal()
                if rounds % round(CLEAR_EVERY / HEAL_EVERY) == 0:
                    recovery.give_up_unanswered()
                    leftovers.clear()
                    reserve.keep()
                if rounds % round(CLEAR_CONTENTS_EVERY / HEAL_EVERY) == 0:
                    leftovers.clear_contents()
                scheduler.tick(utc_now())
        except Exception:
            log.exception("a sweep failed; the next one tries again")
        rounds += 1
        if ended.wait(HEAL_EVERY):
            return
