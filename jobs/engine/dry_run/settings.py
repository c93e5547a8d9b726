"""What is set otherwise than in the file: names, dates, who sees the course; and what sections lack and get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobs.archive.ids.numbers import whole_number
from jobs.archive.xml import text_of
from jobs.engine.dry_run.look import Look
from jobs.engine.merge import names_for
from jobs.steps.merging.section_places import Spot
from jobs.steps.placing import free_shortname
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
    """What the file says of its course; one of less than a course does not say everything."""
    manifest = look.manifest
    course = look.plain_side.skeleton("course/course.xml")
    leaves = {leaf.tag: text_of(leaf) for leaf in course} if course is not None else {}
    visible = leaves.get("visible")
    end = manifest.original_course_enddate if manifest.kind == "course" else 0
    return {
        "fullname": leaves.get("fullname") or manifest.original_course_fullname,
        "shortname": leaves.get("shortname") or manifest.original_course_shortname,
        "start_date": whole_number(leaves.get("startdate", str(manifest.original_course_startdate))) or 0,
        "end_date": whole_number(leaves.get("enddate", str(end))) or 0,
        "visible": visible == "1" if visible in ("0", "1") else None,
    }


def _new(look: Look, before: Settings) -> Settings:
    wanted, is_course = look.placement, look.manifest.kind == "course"
    names: Settings = dict(names_for(wanted, look.manifest))
    if is_course:
        names["shortname"] = wanted.shortname or before["shortname"] or "Restored"
        names["fullname"] = wanted.fullname or before["fullname"] or names["shortname"]
    names["shortname"] = free_shortname(look.session, names["shortname"])
    has_dates = is_course or wanted.start_date is not None
    dates = _moved(look, before) if has_dates else {"start_date": 0, "end_date": 0}
    return names | dates | {"visible": wanted.visible}


def _kept(look: Look, before: Settings) -> Settings:
    """A course whose content is replaced keeps what it is called, and who sees it."""
    if look.course is None:
        return {}
    names = ("fullname", "shortname", "visible", "start_date", "end_date")
    kept = {name: getattr(look.course, name) for name in names}
    return kept if look.placement.start_date is None else kept | _moved(look, before)


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
