"""Sizes in words, as they stand in what a teacher is told."""

from jobs.language import decimal, lazy_gettext as _l, ngettext

UNITS = (_l("KB"), _l("MB"), _l("GB"), _l("TB"))


def amount(size: int) -> str:
    """Return "1 byte", "312 bytes", "9.5 KB", "412 MB"."""
    if size < 1024:
        return ngettext("%(num)s byte", "%(num)s bytes", size)
    value = size / 1024
    units = iter(UNITS)
    unit = next(units)
    while value >= 1023.5 and (larger := next(units, None)):
        value, unit = value / 1024, larger
    figures = f"{value:.1f}".removesuffix(".0") if value < 9.95 else f"{value:.0f}"
    return f"{decimal(figures)} {unit}"
