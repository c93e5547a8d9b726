"""Ties the life of a process to the one that started it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from argparse import SUPPRESS, ArgumentParser

from webapp.cli.command import Problem

#: From <sys/prctl.h>.
_PR_SET_PDEATHSIG = 1


def take_parent(parser: ArgumentParser) -> None:
    """Add the option with which `serve` tells its children who it is."""
    parser.add_argument("--parent", type=int, default=0, help=SUPPRESS)


def end_with_parent(parent: int) -> None:
    """Be told to stop when the process `parent` is gone, however it went; 0 is nobody. Linux only."""
    if not parent or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise Problem("The process that started this one is gone.")
