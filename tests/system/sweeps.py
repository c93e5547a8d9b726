"""Harms work at each of its moments, one after the other, and sees that nothing is lost or left half done."""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from tests.system.moments import Count, counting, killed_at, picture, what_nobody_owns


@dataclass
class Swept:
    """What a sweep has been through: the moments there are, pieces of work that were counted, and harms done."""

    moments: int
    checkpoints: int
    tried: int = 0


def moments_of(do, **which):
    """How many moments there are in it; it is done once."""
    count = Count()
    with counting(count, **which):
        do()
    return count.seen


def undisturbed(deed, **which):
    """Do it once as it should be; returns what there is to sweep, and how many messages it sends."""
    told = deed.begin()
    lasting, all_told = Count(), Count()
    with counting(lasting, **which), counting(all_told, checkpoints=True, **which):
        deed.carry_out(told)
    deed.check(told)
    return Swept(lasting.seen, all_told.seen - lasting.seen), deed.messages(told)


def spread(moments, most):
    """So many of the numbers from 1, evenly spread, the first and the last among them; with 0 all."""
    if not most or moments <= most:
        return range(1, moments + 1)
    return sorted({1 + round(number * (moments - 1) / (most - 1)) for number in range(most)})


def kill_everywhere(deed, instance, most=0):
    """Kill the process that does it at each moment, or at `most` so many, and have another one go on."""
    swept, messages = undisturbed(deed)
    for moment in spread(swept.moments, most):
        told = deed.begin()
        before = picture()
        swept.tried += killed_at(moment, instance, lambda told=told: deed.carry_out(told))
        between = picture()
        is_over = deed.is_over(told)
        deed.go_on(told)
        after = picture()

        assert between == (after if is_over else before), f"moment {moment}"
        deed.check(told)
        assert deed.messages(told) == messages, f"moment {moment}"
        assert what_nobody_owns() == (0, [], []), f"moment {moment}"
    assert swept.tried
    return swept


def fail_everywhere(deed, fault, most=0):
    """Have each write, fsync, rename and commit, or `most` so many, fail once.

    That is said in words, and leaves nothing behind.
    """
    which = {"calls": ("fsync", "replace", "rename", "link"), "writes": True}
    swept, messages = undisturbed(deed, **which)
    for moment in spread(swept.moments, most):
        told = deed.begin()
        before = picture()
        failing = Count(moment, fault)
        with counting(failing, **which), suppress(OSError, OperationalError):
            deed.carry_out(told)
        between = picture()
        deed.go_on(told)

        if problem := deed.problem(told):
            assert before == between == picture(), f"moment {moment}"
            assert fault.words == problem or deed.knows_why(problem), f"moment {moment}: {problem}"
            assert deed.messages(told) == deed.told_of_failure, f"moment {moment}"
        else:
            deed.check(told)
            assert deed.messages(told) == messages, f"moment {moment}"
        assert what_nobody_owns() == (0, [], []), f"moment {moment}"
        swept.tried += failing.seen >= moment
    return swept
