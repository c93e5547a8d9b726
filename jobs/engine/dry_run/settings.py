"""What is set otherwise than in the file: names, dates, who sees the course; and what sections lack and get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobs.archive.xml import text_of
from jobs.engine.dry_run.look import Look
from jobs.engine.merge import names_for
from jobs.steps.placing import free_shortname
from jobs.steps.section_places import Spot
from webapp.models import Section

Settings = dict[str, Any]


def settings(look: Look) -> list[dict[str, Any]]:
    """Each as `what`, `from` (as the file has it; None if it does not say), and `to`."""
    if look.target == "merge":
        return list(_of_sections(look))
    before = _in_file(look)
    after = _new(look, before) if look.target == "new" else _kept(look, before)
    return [
        {"what": what, "from": before.get(what), "to": to}
        for what, to in after.items()
        if before.get(what) != to
    ]


def _in_file(look: Look) -> Settings:
    """What the file says of its course, without the names where it is of less than a course."""
    manifest = look.manifest
    course = look.plain_side.skeleton("course/course.xml")
    leaves = {leaf.tag: text_of(leaf) for leaf in course} if course is not None else {}
    visible = leaves.get("visible")
    return {
        "fullname": manifest.original_course_fullname,
        "shortname": manifest.original_course_shortname,
        "start_date": _seconds(leaves.get("startdate")),
        "end_date": _seconds(leaves.get("enddate")),
        "visible": visible == "1" if visible in ("0", "1") else None,
    }


def _seconds(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _new(look: Look, before: Settings) -> Settings:
    wanted = names_for(look.placement, look.manifest)
    if look.manifest.kind == "course":
        wanted["fullname"] = look.placement.fullname or before["fullname"]
    wanted["shortname"] = free_shortname(look.session, wanted["shortname"])
    return wanted | _moved(look, before) | {"visible": False}


def _kept(look: Look, before: Settings) -> Settings:
    """A course whose content is replaced keeps what it is called, and who sees it."""
    if look.course is None:
        return {}
    course = look.course
    kept = {"fullname": course.fullname, "shortname": course.shortname, "visible": course.visible}
    dates = {"start_date": course.start_date, "end_date": course.end_date}
    return kept | (dates if look.placement.start_date is None else _moved(look, before))


def _moved(look: Look, before: Settings) -> Settings:
    dates = {"start_date": before["start_date"], "end_date": before["end_date"]}
    return {what: look.shift.move(at) if look.shift else at for what, at in dates.items()}


def _of_sections(look: Look) -> Iterator[dict[str, Any]]:
    """A section of the course that lacks a name or a description gets that of what goes into it."""
    filled: set[tuple[int, str]] = set()
    for spot in look.spots:
        goal = look.goals.goes_to.get(spot.id)
        if goal is None:
            continue
        row = look.session.get_one(Section, goal.id)
        for what, text in _texts(look, spot).items():
            if text and not getattr(row, what) and (row.id, what) not in filled:
                filled.add((row.id, what))
                title = row.title or str(row.number)
                yield {"what": f"section {what}", "from": "", "to": text, "section": title}


def _texts(look: Look, spot: Spot) -> dict[str, str]:
    directories = {one.id: one.directory for one in look.manifest.sections}
    root = look.side.skeleton(f"{directories.get(spot.id, '')}/section.xml")
    leaves = {leaf.tag: text_of(leaf) or "" for leaf in root} if root is not None else {}
    return {"name": leaves.get("name", ""), "summary": leaves.get("summary", "")}
