"""`coursekeep worker`: takes jobs and carries them out."""

from __future__ import annotations

from argparse import Namespace

from jobs.worker import run_worker
from webapp.cli.command import DONE, Commands, installed
from webapp.cli.parent import end_with_parent, take_parent


def add(commands: Commands) -> None:
    parser = commands.add("worker", run, "carry out jobs, until it is told to stop")
    parser.add_argument("--threads", type=int, default=3, metavar="N", help="how many jobs at a time (3)")
    take_parent(parser)


def run(args: Namespace) -> int:
    end_with_parent(args.parent)
    run_worker(installed(args, "worker"), threads=args.threads)
    return DONE
