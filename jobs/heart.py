"""Lets others see that this process lives and works on its jobs."""

from __future__ import annotations

import logging
import threading

import sqlalchemy as sa
from flask import Flask

from jobs import presence
from webapp import places
from webapp.database import separate_write
from webapp.models import Job, JobState, utc_now

log = logging.getLogger(__name__)
BEAT = 5.0


def beat(app: Flask, stop: threading.Event) -> None:
    """Say every few seconds that the jobs of this process go on, until `stop` is set."""
    while not stop.wait(BEAT):
        try:
            with app.app_context():
                _say_so()
        except Exception:
            log.warning("the heartbeat could not be written", exc_info=True)


def _say_so() -> None:
    name = presence.my_name(places.locks())
    mine = (Job.runner == name) & (Job.state == JobState.RUNNING)
    with separate_write() as session:
        session.execute(sa.update(Job).where(mine).values(heard_at=utc_now()))
