"""Which Moodle wrote something, told by the version of a module of Moodle’s own: they count as the release does."""

from bisect import bisect_right

# The branches of Moodle by the version that each began with (moodledev.io/general/releases).
_RELEASES = (
    (2012062500, "2.3"), (2012120300, "2.4"), (2013051400, "2.5"), (2013111800, "2.6"), (2014051200, "2.7"),
    (2014111000, "2.8"), (2015051100, "2.9"), (2015111600, "3.0"), (2016052300, "3.1"), (2016120500, "3.2"),
    (2017051500, "3.3"), (2017111300, "3.4"), (2018051700, "3.5"), (2018120300, "3.6"), (2019052000, "3.7"),
    (2019111800, "3.8"), (2020061500, "3.9"), (2020110900, "3.10"), (2021051700, "3.11"), (2022041900, "4.0"),
    (2022112800, "4.1"), (2023042400, "4.2"), (2023100900, "4.3"), (2024042200, "4.4"), (2024100700, "4.5"),
    (2025041400, "5.0"), (2025100600, "5.1"),
)  # fmt: skip
#: The first that writes of subsections, and so names none in its manifest where there are none.
FIRST_WITH_SUBSECTIONS = 2024100700


def release_of(version: int) -> tuple[int, str]:
    """The branch that a version belongs to; the oldest and the newest stand for what lies beyond."""
    place = bisect_right([number for number, _ in _RELEASES], version)
    return _RELEASES[max(0, place - 1)]
