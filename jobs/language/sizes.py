"""Sizes in words: one rule for pages, messages, refusals and the command line, in steps of 1000 as disks are sold."""

from __future__ import annotations

from jobs.language import decimal, gettext as _, ngettext


def size(count: int) -> str:
    """Bytes as people say them: "312 bytes", "9.5 kB", "664 MB"."""
    if count < 1000:
        return ngettext("%(num)s byte", "%(num)s bytes", count)
    amount = float(count)
    for unit in (_("kB"), _("MB"), _("GB"), _("TB")):
        amount /= 1000
        if amount < 999.5 or unit == _("TB"):
            break
    figures = f"{amount:.1f}" if amount < 9.95 else f"{amount:.0f}"
    return f"{decimal(figures)} {unit}"
