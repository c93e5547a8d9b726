"""Sizes in words, as they stand in what a teacher is told."""

UNITS = ("KB", "MB", "GB", "TB")


def amount(size: int) -> str:
    """Return "1 byte", "312 bytes", "9.5 KB", "412 MB"."""
    if size < 1024:
        return f"{size} byte" if size == 1 else f"{size} bytes"
    value = size / 1024
    units = iter(UNITS)
    unit = next(units)
    while value >= 1023.5 and (larger := next(units, None)):
        value, unit = value / 1024, larger
    return f"{value:.1f} {unit}".replace(".0 ", " ") if value < 9.95 else f"{value:.0f} {unit}"
