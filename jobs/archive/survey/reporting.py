"""Puts the reports of a survey together from what was watched."""

from collections import Counter
from collections.abc import Mapping

from jobs.archive.addresses import host_of
from jobs.archive.manifest import ActivityEntry
from jobs.archive.survey.core import (
    CORE_BLOCKS,
    CORE_ENROLMENTS,
    CORE_OTHERS,
    CORE_QUESTION_TYPES,
    CORE_TYPES,
    beyond,
)
from jobs.archive.survey.profiles import Profiles
from jobs.archive.survey.report import Outside, PlacePrivacy, Plugins, Privacy, Tally
from jobs.archive.survey.watching import Watched


def privacy_of(
    watched: Watched, profiles: Profiles, people: int, activities: Mapping[str, ActivityEntry]
) -> Privacy:
    if profiles.addresses:
        watched.note("", "ip_addresses", profiles.addresses)
    places = []
    kinds: Counter[str] = Counter()
    for directory in sorted(watched.kinds, key=lambda one: (one not in ("", "course"), one)):
        found = dict(sorted(watched.kinds[directory].items()))
        kinds.update(found)
        entry = activities.get(directory)
        kind, title = (entry.modulename, entry.title) if entry else ("", "")
        places.append(PlacePrivacy(directory, kind, title, found))
    return Privacy(
        people=people,
        kinds=dict(sorted(kinds.items())),
        places=places,
        profile=profiles.fields.listed(),
        custom=profiles.custom.listed(),
        names=profiles.names,
    )


def outside_of(watched: Watched, aliases: Tally, wwwroot: str) -> Outside:
    host = host_of(wwwroot)
    own = watched.hosts.take(host)
    watched.frames.take(host)
    return Outside(
        origin_links=own,
        hosts=watched.hosts.listed(),
        frames=watched.frames.listed(),
        more=watched.hosts.unlisted,
        tools=watched.tools,
        aliases=aliases.listed(),
    )


def plugins_of(watched: Watched, activities: Mapping[str, int]) -> Plugins:
    return Plugins(
        activities=beyond(CORE_TYPES, activities),
        blocks=beyond(CORE_BLOCKS, watched.blocks.listed()),
        question_types=beyond(CORE_QUESTION_TYPES, watched.question_types.listed()),
        enrolments=beyond(CORE_ENROLMENTS, watched.enrolments.listed()),
        others=beyond(CORE_OTHERS, watched.others.listed()),
    )
