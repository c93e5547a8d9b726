"""Says what a restore would do with the answer that a person gives, and does none of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.manifest import Manifest, read_manifest
from jobs.archive.names import MANIFEST
from jobs.engine.merge import is_merged, names_for, place_sections
from jobs.problems import JobProblem
from jobs.steps.accounts import Accounts, accounts_of
from jobs.steps.building import damaged_in
from jobs.steps.course_parts import not_taken
from jobs.steps.fitting import dialect_of, needs_modern_questions, newer_questions
from jobs.steps.matching import Matches, match
from jobs.steps.modernising import ModernSide
from jobs.steps.people_matching import plain
from jobs.steps.placing import Placement, check_placement, free_shortname
from jobs.steps.section_places import SectionPlaces, Spot, spots_of
from jobs.steps.sides import ArchiveSide, Participant, Side, VersionSide, origin_of_version
from jobs.steps.spooling import laid_out, lay_out, look_folder
from webapp import places
from webapp.database import snapshot
from webapp.models import Activity, ArchiveFile, Course, CourseFile, Person, Section

#: So many people are asked about by name; the rest is counted.
ASKED = 100


def dry_run(
    archive_id: int, options: dict[str, Any], user_id: int, job_id: int | None = None
) -> dict[str, Any]:
    """What `options`, the answer to a restore, would lead to. Raises JobProblem where it would be refused.

    - `kind`, `target`, `course` (its id, None for a new one);
    - `added`: how many sections, activities, files, bytes, people, questions and what else come;
    - `replaced`: how many sections, activities, files and people the course loses;
    - `matched`: how many of each kind are there already and are used again; `accounts` are people of this site;
    - `created`: how many of each kind come new;
    - `sections`: of each what it is called, and into which section of the course it goes (None: one of its own);
    - `skipped`: what is in the file and is not taken, a sentence each;
    - `unknown`: types of activities that are kept as they are; `damaged`: what the file has lost, a sentence each;
    - `settings`: what is set otherwise than in the file: `what`, `from`, `to`;
    - `questions`: people with one user name and two addresses: `username`, `name`, `address`, `other_address`,
      `where` ("course" or "site") and the `proposal` ("apart"); the answer "same" is a name in `same_people`;
      `more_questions` counts those that are not listed;
    - `again`: whether the same was added to the course before.

    What the job `job_id` has laid out when it read the file is used, so that a look takes no time.
    """
    placement = Placement.from_options(options, user_id)
    path, folder = places.archive_path(archive_id), look_folder(job_id or 0)
    with snapshot() as session:
        check_placement(session, placement)
        found = session.get_one(ArchiveFile, archive_id).survey
        if job_id and (folder / MANIFEST).exists():
            return _look(session, placement, found, folder, options["target"])
        with tempfile.TemporaryDirectory(dir=places.scratch(), prefix="look-") as temporary:
            lay_out(path, Path(temporary), found["kind"], damaged_in(found))
            return _look(session, placement, found, Path(temporary), options["target"])


def _look(
    session: Session, placement: Placement, found: dict[str, Any], folder: Path, target: str
) -> dict[str, Any]:
    with (folder / MANIFEST).open("rb") as stream:
        manifest = read_manifest(stream)
    people = placement.people and bool(found.get("with_people"))
    side, spots = laid_out(folder, manifest, people=people)
    return _Look(session, placement, manifest, found, side, spots).say(target)


class _Look:
    """One look at what an answer leads to."""

    def __init__(
        self, session: Session, placement: Placement, manifest: Manifest, found: dict[str, Any],
        side: ArchiveSide, spots: list[Spot],
    ) -> None:  # fmt: skip
        self._session = session
        self._placement = placement
        self._manifest = manifest
        self._found = found
        self._side = side
        self._spots = spots
        course_id = placement.course_id
        self._course = session.get_one(Course, course_id) if course_id is not None else None
        self._accounts = accounts_of(session, placement.same_people)

    def say(self, target: str) -> dict[str, Any]:
        if target == "replace" and self._manifest.kind != "course":
            raise JobProblem("Only a backup of a whole course can take the place of a course.")
        matches, goals = Matches(), SectionPlaces()
        people = list(self._side.people())
        if self._placement.adds and self._course is not None:
            ours = VersionSide(
                self._session, self._course.version_id, origin_of_version(self._course.version)
            )
            matches = match(self._theirs(), ours, self._placement.same_people)
            goals = self._goals(self._course.version_id)
        questions = list(_questions(people, matches, self._accounts, self._placement.same_people))
        matched = self._matched(matches, people)
        return {
            "kind": self._manifest.kind, "target": target, "course": self._course.id if self._course else None,
            "added": self._added(matches, len(people)), "replaced": self._replaced(target),
            "matched": matched, "created": self._created(matches),
            "sections": self._sections(goals), "skipped": self._skipped(matches),
            "unknown": self._found.get("unknown_types", []),
            "damaged": [one["what"] for one in self._found.get("problems", []) if one["level"] == "damage"],
            "settings": self._settings(target, goals),
            "questions": questions[:ASKED], "more_questions": max(0, len(questions) - ASKED),
            "again": bool(
                self._placement.adds and self._course and is_merged(self._course.version, self._manifest)
            ),
        }  # fmt: skip

    def _theirs(self) -> Side:
        """What comes in, in the form that it would have in the course."""
        course = dialect_of(self._course.version) if self._course else 0
        is_old = needs_modern_questions(self._manifest.backup_version, course)
        return ModernSide(self._side) if is_old else self._side

    def _goals(self, version_id: int) -> SectionPlaces:
        there = spots_of(self._session, version_id)
        return place_sections(self._placement, self._manifest.kind, self._spots, there, is_new=False)

    def _added(self, matches: Matches, people: int) -> dict[str, int]:
        counts = self._found["counts"]
        return {
            "sections": counts["sections"], "activities": sum(counts["activities"].values()),
            "files": counts["files"], "bytes": counts["bytes"],
            "people": people - matches.people.reused,
            "questions": counts["questions"] if not self._placement.adds else
            matches.incoming["question"] - matches.reused["question"],
        }  # fmt: skip

    def _replaced(self, target: str) -> dict[str, int]:
        if target != "replace" or self._course is None:
            return {}
        tables = {"sections": Section, "activities": Activity, "files": CourseFile, "people": Person}
        return {name: self._count(table) for name, table in tables.items()}

    def _count(self, table: Any) -> int:
        version_id = self._course.version_id if self._course else None
        found = sa.select(sa.func.count()).where(table.version_id == version_id)
        if table is CourseFile:
            found = found.where(CourseFile.filename != ".")
        return int(self._session.scalars(found).one())

    def _matched(self, matches: Matches, people: Iterable[Participant]) -> dict[str, int]:
        accounts = sum(1 for one in people if self._accounts.of(one.username, one.email) is not None)
        return {"accounts": accounts, "people": matches.people.reused, **dict(matches.reused)}

    def _created(self, matches: Matches) -> dict[str, int]:
        new = {kind: count - matches.reused[kind] for kind, count in matches.incoming.items()}
        return {kind: count for kind, count in new.items() if count}

    def _sections(self, goals: SectionPlaces) -> list[dict[str, Any]]:
        titles = {one.id: one.title for one in self._manifest.sections}
        said = []
        for spot in self._spots:
            goal = goals.goes_to.get(spot.id)
            row = self._session.get_one(Section, goal.id) if goal else None
            into = (row.name or row.title or str(row.number)) if row else None
            said.append({"title": titles.get(spot.id, ""), "number": spot.number, "into": into})
        return said

    def _skipped(self, matches: Matches) -> list[str]:
        left = not_taken(self._side, matches) if self._placement.adds else []
        if matches.incoming["question"] and self._course is not None:
            left += newer_questions(self._manifest.backup_version, dialect_of(self._course.version))
        if self._found.get("with_people") and not self._placement.people:
            left.append(f"People and what they did: {self._found['counts']['people']} are left out.")
        return left

    def _settings(self, target: str, goals: SectionPlaces) -> list[dict[str, Any]]:
        if target == "new":
            return self._new_settings()
        changes: list[dict[str, Any]] = []
        titles = {one.id: one.title for one in self._manifest.sections}
        for spot_id, goal in goals.goes_to.items():
            row = self._session.get_one(Section, goal.id)
            if not row.name and titles.get(spot_id) and titles[spot_id] != str(goal.number):
                changes.append({"what": "section name", "from": "", "to": titles[spot_id]})
        return changes

    def _new_settings(self) -> list[dict[str, Any]]:
        names = {"fullname": self._manifest.original_course_fullname,
                 "shortname": self._manifest.original_course_shortname}  # fmt: skip
        wanted = names_for(self._placement, self._manifest)
        if self._manifest.kind == "course":
            wanted["fullname"] = self._placement.fullname or names["fullname"]
        wanted["shortname"] = free_shortname(self._session, wanted["shortname"])
        changes: list[dict[str, Any]] = [
            {"what": what, "from": names[what], "to": to} for what, to in wanted.items() if names[what] != to
        ]
        return [*changes, {"what": "visible", "from": None, "to": False}]


def _questions(
    people: Iterable[Participant], matches: Matches, accounts: Accounts, same_people: frozenset[str]
) -> Iterable[dict[str, Any]]:
    """Who has one user name and two addresses, here or in the course."""
    of_course = {person.id: address for person, address in matches.people.conflicts}
    for person in people:
        where, other = "course", of_course.get(person.id)
        if other is None:
            where, other = "site", accounts.address_of(person.username)
            if other is None or plain(person.username) in same_people or plain(other) == plain(person.email):
                continue
        yield {
            "username": person.username, "name": person.name, "address": person.email, "other_address": other,
            "where": where, "proposal": "apart",
        }  # fmt: skip
