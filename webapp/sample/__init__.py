"""The course that a new installation begins with: something to look at, to edit and to back up."""

from __future__ import annotations

import io
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jobs.language import LANGUAGES, current_language
from webapp.content.activities import make_activity
from webapp.content.course_settings import change_course
from webapp.content.files import content_of
from webapp.content.filing import Upload, add_picture, add_to_folder, set_main_file
from webapp.content.lookups import sections_of
from webapp.content.making import make_course
from webapp.content.sections import change_section, make_section
from webapp.models import Activity, Course, Section, User
from webapp.sample.pictures import draw

FOLDER = Path(__file__).parent


def sample_shortnames() -> list[str]:
    """The short names by which the course is known, one for each language."""
    return [str(_outline(language)["shortname"]) for language in LANGUAGES]


def make_sample_course(owner: User) -> Course:
    """Make the course in the language that is spoken, by what a teacher would do; the owner manages it.

    The folder of each language has the outline, `course.toml`, and what belongs to it; the pictures go with all.
    """
    outline = _outline(current_language())
    course = make_course(outline["fullname"], outline["shortname"], None, owner, sections=0)
    change_course(course, {}, outline["summary"], owner)
    for place, told in enumerate(outline["sections"]):
        section = _section(course, place, told, owner)
        for activity in told["activities"]:
            _activity(course, section, activity, owner)
    return course


@cache
def _outline(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / language / "course.toml").read_text("utf-8"))


def _section(course: Course, place: int, told: dict[str, Any], owner: User) -> Section:
    summary = told.get("summary", "")
    if place > 0:
        return make_section(course, told["name"], summary, owner)
    # The section on top is there from the start.
    (top,) = sections_of(course.version_id)
    change_section(course, top, name=told["name"], summary=summary, by=owner)
    return top


def _activity(course: Course, section: Section, told: dict[str, Any], owner: User) -> None:
    text = (_here() / "texts" / told["text"]).read_text("utf-8") if "text" in told else ""
    values = {"name": told["name"], "intro": told.get("intro", "")}
    if told["type"] == "page":
        values["content"] = text
    elif told["type"] == "label":
        values["intro"] = text
    elif told["type"] == "url":
        values["external_url"] = told["address"]
    activity = make_activity(course, section, told["type"], values, owner)
    _files(course, activity, _uploads(told), owner)


def _files(course: Course, activity: Activity, uploads: list[Upload], owner: User) -> None:
    if activity.type == "resource":
        set_main_file(course, activity, uploads[0], owner)
    elif activity.type == "folder":
        add_to_folder(course, activity, uploads, owner)
    else:
        for upload in uploads:
            add_picture(course, content_of(activity), upload, owner)


def _uploads(told: dict[str, Any]) -> list[Upload]:
    files = [
        Upload(name, io.BytesIO((_here() / "files" / name).read_bytes())) for name in told.get("files", [])
    ]
    return files + [Upload(name, io.BytesIO(draw(name))) for name in told.get("pictures", [])]


def _here() -> Path:
    return FOLDER / current_language()
