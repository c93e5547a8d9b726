"""Harms bytes as disks and networks do, the same way for the same seed."""

import random


def flip(content, chance):
    """One bit is another."""
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def cut(content, chance):
    """The end is missing."""
    return content[: chance.randrange(len(content))]


def blank(content, chance):
    """A stretch was never written."""
    start, end = _stretch(content, chance)
    return content[:start] + bytes(end - start) + content[end:]


def lose(content, chance):
    """A stretch is missing."""
    start, end = _stretch(content, chance)
    return content[:start] + content[end:]


def splice(content, chance):
    """A stretch of it has come in at another place."""
    start, end = _stretch(content, chance)
    at = chance.randrange(len(content))
    return content[:at] + content[start:end] + content[at:]


WAYS = (flip, flip, flip, cut, blank, lose, splice)


def harmed(content, seed):
    """The content, harmed; returns how, and what has become of it."""
    chance = random.Random(seed)
    way = chance.choice(WAYS)
    return way.__name__, way(content, chance)


def _stretch(content, chance):
    start = chance.randrange(len(content))
    return start, min(len(content), start + chance.randint(1, 600))
