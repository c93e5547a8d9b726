"""What `coursekeep inspect` says of people, of the world outside and of plugins, for people to read."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.archive.names import shown
from jobs.archive.survey import Survey
from webapp.cli.terminal import counted

_MOST_HOSTS = 10


def say_report(found: Survey) -> None:
    """Print what there is to say; nothing where there is nothing."""
    _say_privacy(found)
    _say_outside(found)
    plugins = found.plugins
    for what, names in (
        ("Activities", plugins.activities),
        ("Blocks", plugins.blocks),
        ("Question types", plugins.question_types),
        ("Ways to enrol", plugins.enrolments),
        ("Others", plugins.others),
    ):
        if names:
            print(f"\n{what} from plugins: {_line(names)}")
    if found.unfamiliar.newer_moodle:
        print("\nIt comes from a newer Moodle than this version knows.")


def _say_privacy(found: Survey) -> None:
    privacy = found.privacy
    if not privacy.people and not privacy.kinds:
        return
    print(f"\nPersonal data of {counted(privacy.people, 'person', 'people')}")
    for place in privacy.places:
        name = place.title or {"": "the whole course", "course": "the course page"}.get(
            place.directory, place.directory
        )
        print(f"  {shown(name)}: {_line(place.kinds)}")
    fields = privacy.profile | {f"{name} (own field)": number for name, number in privacy.custom.items()}
    if fields:
        print(f"  profiles: {_line(fields)}")
    for name in privacy.names or ():
        print(f"  - {shown(name)}")


def _say_outside(found: Survey) -> None:
    outside = found.outside
    if outside.origin_links:
        print(f"\nLinks to the site it comes from: {outside.origin_links}")
    if outside.hosts:
        first = dict(list(outside.hosts.items())[:_MOST_HOSTS])
        rest = len(outside.hosts) - len(first)
        print(f"\nLinks to other sites: {_line(first)}{f' and {rest} more' if rest > 0 else ''}")
    if outside.frames:
        print(f"\nShown within pages, from other sites: {_line(outside.frames)}")
    for tool in outside.tools:
        print(f"\nExternal tool “{shown(tool.name)}” at {tool.host}")
    if outside.aliases:
        print(f"\nFiles that lie elsewhere: {_line(outside.aliases)}")


def _line(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{shown(name.replace('_', ' '))} {number}" for name, number in counts.items())
