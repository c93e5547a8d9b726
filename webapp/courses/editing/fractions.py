"""What an answer counts: the shares that Moodle offers, and how they have to go together.

Moodle 4.5 question/engine/bank.php, and what the forms of the types demand; a share is kept with seven places.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose, isfinite

from jobs.language import gettext as _, percent
from webapp.courses.editing.things import Kind
from webapp.courses.viewers.leaves import figures

_PARTS = (
    1, 0.9, 5 / 6, 0.8, 0.75, 0.7, 2 / 3, 0.6, 0.5, 0.4, 1 / 3, 0.3, 0.25, 0.2, 1 / 6, 1 / 7, 0.125, 1 / 9, 0.1, 0.05,
)  # fmt: skip
#: Older Moodles kept five places.
_NEAR = 0.00002


def shared(text: str) -> float:
    """The share that a leaf holds; 0 where it is no number."""
    try:
        share = float(text)
    except ValueError:
        return 0.0
    return share if isfinite(share) else 0.0


def choice_of(text: str) -> str:
    """The choice that stands for a leaf's text; the text itself where Moodle offers no such share."""
    share = shared(text)
    offered = (sign * part for sign in (1, -1) for part in (*_PARTS, 0.0))
    return next((_kept(one) for one in offered if isclose(one, share, abs_tol=_NEAR)), text)


def choices(kind: Kind | None, own: str) -> list[tuple[str, str]]:
    """What one may choose, as it is kept and in words; what the answer has now is always there."""
    offered = [1.0, 0.0] if kind == Kind.RIGHT else [*_PARTS, 0.0]
    if kind == Kind.SHARE:
        offered += [-part for part in reversed(_PARTS)]
    texts = {_kept(one) for one in offered} | {own}
    ordered = sorted(texts, key=lambda text: (-shared(text), text))
    return [(text, _words(shared(text), is_verdict=kind == Kind.RIGHT)) for text in ordered]


def problem_of(shares: Sequence[float], *, together: bool) -> str:
    """What is wrong with the shares of a question's answers, in a sentence; empty if nothing is.

    Where several answers are given `together`, the right ones make 100 %; else one alone does.
    """
    if together:
        total = sum(one for one in shares if one > 0)
        if isclose(total, 1, abs_tol=0.001):
            return ""
        return _("The right answers count %(share)s together. It has to be 100%%.", share=_percent(total))
    return (
        ""
        if isclose(max(shares, default=1), 1, abs_tol=0.001)
        else _("One of the answers has to count 100%%.")
    )


def _kept(share: float) -> str:
    return f"{share or 0.0:.7f}"


def _words(share: float, *, is_verdict: bool) -> str:
    if is_verdict and share in (0, 1):
        return _("Right") if share else _("Wrong")
    return _percent(share) if share else _("Nothing")


def _percent(share: float) -> str:
    return percent(figures(f"{share * 100:.3f}")).replace("-", "−")
