"""Says what a restore would do with the answer that a person gives, and does none of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from jobs.archive.names import Kind, kind_of
from jobs.archive.questions.losses import sentences
from jobs.engine.dry_run.counts import added, created, matched, replaced
from jobs.engine.dry_run.dates import dates
from jobs.engine.dry_run.look import Look
from jobs.engine.dry_run.people import questions
from jobs.engine.dry_run.settings import settings
from jobs.engine.merge import is_merged
from jobs.language import gettext as _, ngettext
from jobs.problems import JobProblem
from jobs.steps.building.dates import shift_to
from jobs.steps.matching.course_parts import not_taken
from jobs.steps.matching.question_forms import OldSide
from jobs.steps.merging.folding import sentence
from jobs.steps.merging.unaccepted import unaccepted
from jobs.steps.placing import Placement, check_placement
from jobs.steps.sifting.wanted import Wanted, needs_of, wanted_of
from jobs.steps.spooling import documents_of, laid_out, manifest_in
from webapp import places
from webapp.database import snapshot
from webapp.models import ArchiveFile, Section

#: So many people are asked about by name; the rest is counted.
ASKED = 100


def dry_run(
    archive_id: int, options: dict[str, Any], user_id: int, job_id: int | None = None
) -> dict[str, Any]:
    """What `options`, the answer to a restore, would lead to. Raises JobProblem where it would be refused.

    - `kind`, `target`, `course` (its id, None for a new one);
    - `added`: how many sections, activities, files, bytes, people, members, questions come; members are accounts
      of this site that become students; what stands in a section of the course adds none;
    - `replaced`: how many sections, activities, files, people, groups and questions the course loses;
    - `matched`: how many of each kind are there already and are used again; `accounts` are people of this site;
    - `created`: how many of each kind come new;
    - `sections`: of each what it is called, and into which section of the course it goes (None: one of its own);
    - `skipped`: what is in the file and is not taken, a sentence each;
    - `unknown`: types of activities that are kept as they are; `plugins`: what else is not Moodle’s own, counted
      by what it is; `damaged`: what the file has lost, a sentence each;
    - `settings`: what is set otherwise than in the file: `what`, `from`, `to`;
    - `dates`: those that move with a new start (`jobs.engine.dry_run.dates`);
    - `questions`: people with one user name and two addresses: `username`, `name`, `address`, `other_address`,
      `where` ("course" or "site") and the `proposal` ("apart"); the answer "same" is a name in `same_people`;
      `more_questions` counts those that are not listed;
    - `again`: whether the same was added to the course before;
    - `needs`: what is no longer right without what the options leave out, a sentence each.

    What the job `job_id` has laid out when it read the file is used, so that a look takes no time.
    """
    placement = Placement.from_options(options, user_id)
    with snapshot() as session:
        check_placement(session, placement)
        found = session.get_one(ArchiveFile, archive_id).survey
        with documents_of(places.archive_path(archive_id), found, job_id) as folder:
            wanted = wanted_of(folder, manifest_in(folder, found), found, options)
            said = say(_look(session, placement, wanted.found if wanted else found, folder, wanted))
    return said | {"needs": wanted.needs if wanted else []}


def needs_what_is_left_out(
    archive_id: int, found: dict[str, Any], options: dict[str, Any], job_id: int
) -> list[str]:
    """What is no longer right without what the options leave out, a sentence each; no more of a look than that.

    `found` is what the archive's survey found, and `job_id` the job that has read it.
    """
    with documents_of(places.archive_path(archive_id), found, job_id) as folder:
        return needs_of(folder, manifest_in(folder, found), found, options)


def _look(
    session: Session, placement: Placement, found: dict[str, Any], folder: Path, wanted: Wanted | None
) -> Look:
    manifest = wanted.manifest if wanted else manifest_in(folder, found)
    people = placement.people and bool(found.get("with_people"))
    shift, sieve = shift_to(placement.start_date, manifest), wanted.selection if wanted else None
    side, spots = laid_out(folder, manifest, people=people, shift=shift, sieve=sieve)
    return Look(session, placement, manifest, found, side, spots, shift)


def say(look: Look) -> dict[str, Any]:
    """What a look has found, as `dry_run` gives it."""
    if look.target == "replace" and look.manifest.kind != "course":
        raise JobProblem(_("Only a backup of a whole course can take the place of a course."))
    asked, course = list(questions(look)), look.course
    return {
        "kind": look.manifest.kind, "target": look.target, "course": course.id if course else None,
        "added": added(look), "replaced": replaced(look), "matched": matched(look), "created": created(look),
        "sections": _sections(look), "skipped": _skipped(look),
        "unknown": look.found.get("unknown_types", []), "plugins": _plugins(look),
        "damaged": [one["what"] for one in look.found.get("problems", []) if one["level"] == "damage"],
        "settings": settings(look), "dates": dates(look),
        "questions": asked[:ASKED], "more_questions": max(0, len(asked) - ASKED),
        "again": look.is_joined and course is not None and is_merged(course.version, look.manifest),
    }  # fmt: skip


def _sections(look: Look) -> list[dict[str, Any]]:
    titles = {one.id: one.title for one in look.manifest.sections}
    said = []
    for spot in look.spots:
        goal = look.goals.goes_to.get(spot.id)
        row = look.session.get_one(Section, goal.id) if goal else None
        into = (row.name or row.title or str(row.number)) if row else None
        said.append({"title": titles.get(spot.id, ""), "number": spot.number, "into": into})
    return said


def _skipped(look: Look) -> list[str]:
    left = not_taken(look.side, look.matches, look.ours.names()) if look.is_joined and look.ours else []
    if look.course and look.is_joined:
        left += unaccepted(look.manifest, look.course.version)
    if look.folding:
        left.append(sentence(look.folding))
    if isinstance(look.theirs, OldSide):
        left += sentences(look.theirs.losses())
    if look.found.get("with_people") and not look.placement.people:
        count = look.found["counts"]["people"]
        left.append(_("People and what they did: %(count)s are left out.", count=count))
    noted = [
        one["entry"] for one in look.found.get("problems", []) if one["level"] == "note" and one["entry"]
    ]
    if strays := sum(kind_of(entry) is Kind.STRAY for entry in noted):
        left.append(
            ngettext(
                "%(num)s thing in the file belongs to no part of a course that we know: left out.",
                "%(num)s things in the file belong to no part of a course that we know: left out.",
                strays,
            )
        )
    return left


def _plugins(look: Look) -> dict[str, dict[str, int]]:
    """What is kept as it is besides activities, by what it is: blocks, question types and so on."""
    found = look.found.get("plugins", {})
    return {what: names for what, names in found.items() if names and what != "activities"}
