"""`coursekeep automated`: how automatic backups stand, a round of them now, and what the rules let go."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from jobs import recovery, scheduler
from jobs.automated import report, runs
from jobs.automated.choosing import Choice, choices, rules_of
from jobs.automated.pruning import Removed, prune
from jobs.language.sizes import size
from jobs.runner import run_claimed
from webapp.cli.command import DONE, FAILED, WARNED, Commands, Problem, opened, say_json, say_table
from webapp.cli.terminal import counted
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import (
    BACKGROUND,
    AutomatedRun,
    ItemState,
    Job,
    JobState,
    the_schedule,
    utc_now,
)
from webapp.pages.formatters import iso, moment

#: Seconds between two looks for the next step of a round.
PACE = 0.2


def add(commands: Commands) -> None:
    parser = commands.add("automated", run, "see to the automatic backups", json=True)
    parser.add_argument(
        "deed", choices=("show", "run", "prune"),
        help="say how they stand; begin a round if one is due, and wait for its end; let old backups go",
    )  # fmt: skip
    parser.add_argument(
        "--now", action="store_true", help="with run: begin a round whether one is due or not"
    )
    parser.add_argument(
        "--queue", action="store_true", help="with run: leave the work to a worker and return"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="with prune: say what would go, and delete nothing"
    )


def run(args: Namespace) -> int:
    deeds = {"show": _show, "run": _run, "prune": _prune}
    with opened(args):
        return deeds[args.deed](args)


def _show(args: Namespace) -> int:
    schedule = the_schedule()
    following = runs.times_of(schedule).next(utc_now()) if schedule.active else None
    newest = db.session.query(AutomatedRun).order_by(AutomatedRun.id.desc()).limit(10).all()
    if args.json:
        say_json({
            "active": schedule.active,
            "days": schedule.days,
            "time": f"{schedule.hour:02}:{schedule.minute:02}",
            "next": iso(following) if following else None,
            "destination": str(schedule.destination),
            "folder": schedule.folder,
            "keep": asdict(rules_of(schedule)),
            "check_days": schedule.check_days,
            "runs": [_described(one) for one in newest],
        })  # fmt: skip
        return DONE
    print(f"The next round begins {moment(following)}." if following else "Automatic backups are off.")
    rows = [(moment(one.due_at), report.summary_of(db.session(), one).headline) for one in newest]
    if rows:
        say_table(("Round", "How it went"), rows)
    return DONE


def _described(run: AutomatedRun) -> dict[str, Any]:
    """A round as programs read it; courses whose backup came to a good end are only counted."""
    summary = report.summary_of(db.session(), run)
    return {
        "id": run.id,
        "due_at": iso(run.due_at),
        "finished_at": iso(run.finished_at) if run.finished_at else None,
        "done": len(summary.made),
        "bytes": summary.size,
        "skipped": len(summary.skipped),
        "waiting": len(summary.left),
        "failed": [
            {"course": item.course_id, "title": item.title, "reason": item.reason} for item in summary.failed
        ],
        "warned": [
            {"course": item.course_id, "title": item.title, "warnings": item.warnings}
            for item in summary.warned
        ],
        "notes": run.notes,
        "removed": run.removed,
    }


def _run(args: Namespace) -> int:
    with write_transaction() as session:
        under_way = runs.open_run(session)
        due = utc_now() if args.now and not under_way else runs.due_moment(session, utc_now())
        if due and runs.acting_admin(session) is None:
            raise Problem("There is no admin in whose name it could be done.")
        one = runs.begin(session, due) if due else under_way
        run_id = one.id if one else None
    if run_id is None:
        say_json({"run": None}) if args.json else print("Nothing is due.")
        return DONE
    if not args.queue:
        _carry_on(run_id)
    return _say(args, run_id)


def _carry_on(run_id: int) -> None:
    """Do as a worker does, beside any there are, until the round is over: all that is in line goes first."""
    sweep = recovery.Sweep()
    while not _is_over(run_id):
        sweep.heal()
        scheduler.tick(utc_now())
        done = [run_claimed(job_id) for job_id in _in_line()]
        if not any(done):
            time.sleep(PACE)


def _is_over(run_id: int) -> bool:
    db.session.rollback()
    run = db.session.get(AutomatedRun, run_id, populate_existing=True)
    return run is None or run.finished_at is not None


def _in_line() -> Sequence[int]:
    """The jobs that could begin now, those that somebody asked for first."""
    due = Job.not_before.is_(None) | (Job.not_before <= utc_now())
    found = sa.select(Job.id).where(Job.state == JobState.QUEUED, due)
    numbers = db.session.scalars(found.order_by(Job.kind.in_(BACKGROUND), Job.queued_at)).all()
    db.session.rollback()
    return numbers


def _say(args: Namespace, run_id: int) -> int:
    db.session.rollback()
    one = db.session.get_one(AutomatedRun, run_id, populate_existing=True)
    summary = report.summary_of(db.session(), one)
    if args.json:
        say_json({"run": run_id} | _described(one))
    else:
        print(f"{summary.headline}.")
        for item in summary.of(ItemState.FAILED, ItemState.WARNED):
            print(f"- {item.title}: {item.reason or ' '.join(item.warnings)}")
    if summary.failed:
        return FAILED
    return WARNED if summary.is_trouble else DONE


def _prune(args: Namespace) -> int:
    if not args.dry_run:
        return _say_removed(args, prune(utc_now(), lambda _bytes: None))
    found = choices(db.session(), rules_of(the_schedule()), utc_now())
    going = [one for one in found if one.goes]
    if args.json:
        say_json({
            "goes": [_chosen(one) for one in going], "stays": [_chosen(one) for one in found if not one.goes]
        })  # fmt: skip
        return DONE
    print(f"{counted(len(going), 'backup')} would go, {size(sum(one.size for one in going))}.")
    if going:
        rows = [(one.course, moment(one.made_at), _place(one), size(one.size)) for one in going]
        say_table(("Course", "Made", "Where", "Size"), rows)
    return DONE


def _say_removed(args: Namespace, removed: Removed) -> int:
    if args.json:
        say_json({"removed": removed.count, "bytes": removed.size, "notes": removed.notes})
    else:
        print(f"{counted(removed.count, 'backup')} went, {size(removed.size)}.", *removed.notes, sep="\n")
    return WARNED if removed.notes else DONE


def _chosen(one: Choice) -> dict[str, Any]:
    return {
        "course": one.course_id, "title": one.course, "made_at": iso(one.made_at), "size": one.size,
        "place": _place(one), "sound": one.is_sound, "reasons": list(one.reasons),
    }  # fmt: skip


def _place(one: Choice) -> str:
    return "folder" if one.in_folder else "app"
