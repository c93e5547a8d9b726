"""How a round went, in words: for the mail and for the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from jobs.language import gettext as _, ngettext
from jobs.language.sizes import size as in_words
from webapp.models import AutomatedItem, AutomatedRun, ItemState, utc_now
from webapp.pages import formatters


@dataclass(frozen=True)
class Summary:
    """A run, and its courses by how it went with them."""

    run: AutomatedRun
    items: Sequence[AutomatedItem]

    def of(self, *states: ItemState) -> list[AutomatedItem]:
        return [item for item in self.items if item.state in states]

    @property
    def failed(self) -> list[AutomatedItem]:
        return self.of(ItemState.FAILED)

    @property
    def warned(self) -> list[AutomatedItem]:
        return self.of(ItemState.WARNED)

    @property
    def made(self) -> list[AutomatedItem]:
        return self.of(ItemState.DONE, ItemState.WARNED)

    @property
    def skipped(self) -> list[AutomatedItem]:
        return self.of(ItemState.SKIPPED)

    @property
    def left(self) -> list[AutomatedItem]:
        """Those whose turn is now, or still to come."""
        return self.of(ItemState.WORKING, ItemState.WAITING)

    @property
    def size(self) -> int:
        """Bytes of all backups that it made, each counted once."""
        return sum(item.size for item in self.made)

    @property
    def is_trouble(self) -> bool:
        return bool(self.failed or self.warned or self.run.notes)

    @property
    def seconds(self) -> float:
        return ((self.run.finished_at or utc_now()) - self.run.created_at).total_seconds()

    @property
    def headline(self) -> str:
        """The whole in a sentence: "12 courses backed up, 1 failed, 3 left out"."""
        parts = [ngettext("%(num)s course backed up", "%(num)s courses backed up", len(self.made))]
        if self.failed:
            parts.append(ngettext("%(num)s failed", "%(num)s failed", len(self.failed)))
        if self.skipped:
            parts.append(ngettext("%(num)s left out", "%(num)s left out", len(self.skipped)))
        if self.left:
            parts.append(ngettext("%(num)s to go", "%(num)s to go", len(self.left)))
        return ", ".join(parts)


def summary_of(session: Session, run: AutomatedRun) -> Summary:
    found = sa.select(AutomatedItem).options(joinedload(AutomatedItem.course))
    found = found.where(AutomatedItem.run_id == run.id).order_by(AutomatedItem.id)
    return Summary(run, session.scalars(found).all())


def values_of(summary: Summary) -> dict[str, str]:
    """What the placeholders of the report stand for."""
    return {
        "report": "\n".join(_lines(summary)),
        "duration": formatters.duration(summary.seconds),
        "file_size": in_words(summary.size),
        "problem": "\n".join(_each(summary.failed)),
        "warnings": "\n".join(_warnings(summary)),
    }


def _lines(summary: Summary) -> list[str]:
    """First what is wrong, course by course; then the rest, counted."""
    lines = [f"{summary.headline}."]
    if summary.failed:
        lines += [_("Failed:"), *_each(summary.failed)]
    if summary.warned:
        lines += [_("Backed up, with warnings:"), *_warnings(summary)]
    lines += [_("%(count)s left out: %(why)s", count=count, why=why) for why, count in _reasons(summary)]
    lines += summary.run.notes
    if summary.run.removed:
        size = in_words(summary.run.removed_bytes)
        lines.append(
            ngettext(
                "%(num)s old backup went by the rules, %(size)s.",
                "%(num)s old backups went by the rules, %(size)s.",
                summary.run.removed,
                size=size,
            )
        )
    return lines


def _each(items: Sequence[AutomatedItem]) -> list[str]:
    return [f"– {item.title}: {item.reason}" for item in items]


def _warnings(summary: Summary) -> list[str]:
    return [f"– {item.title}: {' '.join(item.warnings)}" for item in summary.warned]


def _reasons(summary: Summary) -> list[tuple[str, int]]:
    unchanged, others = _("Nothing has changed in them since their last backup."), Counter[str]()
    for item in summary.skipped:
        others[unchanged if item.reason.startswith("Nothing has changed") else item.reason] += 1
    return others.most_common()
