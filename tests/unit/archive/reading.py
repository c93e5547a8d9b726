"""Reads whole archives for tests."""

from jobs.archive.containers.reader import open_archive
from jobs.archive.limits import Limits

PIECE = 100_000


def read_all(path, limits=None):
    """Return what the archive holds, in its order."""
    with open_archive(path, limits or Limits()) as archive:
        return {member.name: read_member(member) for member in archive}


def drain(path, limits):
    """Read all of it and keep nothing."""
    with open_archive(path, limits) as archive:
        for member in archive:
            while member.read(PIECE):
                pass


def read_member(member):
    pieces = []
    while piece := member.read(PIECE):
        pieces.append(piece)
    return b"".join(pieces)
