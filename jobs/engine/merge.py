"""Adds a backup to a course, or makes a course of a backup of less than one.

What comes in is built in a version of its own, given ids that are free in the course, and
then adopted in one short transaction: edits made meanwhile stay, and nobody sees half of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.manifest import Manifest
from jobs.archive.questions.losses import sentences
from jobs.archive.questions.old import FIRST_WITH_TOPS
from jobs.engine.outcome import Outcome
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.progress import Run, Step
from jobs.steps.building.people import enrol_known
from jobs.steps.building.top_categories import keep_one_top
from jobs.steps.building.versions import Built, build_version, read_manifest_of, warn_of
from jobs.steps.manifests import kept_of
from jobs.steps.matching.course_parts import not_taken
from jobs.steps.matching.matches import Matches, match
from jobs.steps.matching.question_forms import Turn, has_tops, turn_for
from jobs.steps.matching.sides import VersionSide, origin_of_archive, origin_of_version
from jobs.steps.merging.adopting import Adoption, adopt
from jobs.steps.merging.fitting import dialect_of
from jobs.steps.merging.folding import fold, folding_for
from jobs.steps.merging.making_ready import keep_ids_free, keep_note, make_ready
from jobs.steps.merging.section_places import SectionPlaces, Spot, choose_places, spots_of
from jobs.steps.merging.turning import age, modernise
from jobs.steps.merging.unaccepted import unaccepted
from jobs.steps.placing import Placement, check_placement, new_course
from jobs.steps.sifting.wanted import Wanted
from webapp.content.edit import Edit
from webapp.content.making import add_section, make_version
from webapp.database import separate_write, snapshot
from webapp.models import Category, Course, CourseVersion, Membership, utc_now


@dataclass(frozen=True)
class _Goal:
    """What it is added to: the version of a course, or one made for it."""

    version_id: int
    is_new: bool
    #: The version of Moodle's backups in which it is written.
    dialect: int


def build_as_placed(
    run: Run, placement: Placement, path: Path, found: dict[str, Any], wanted: Wanted | None
) -> Built:
    """Build a version of what is wanted of the archive, as the answer says; warn of what could not be taken in."""
    built = build_version(
        run, path, found,
        people=placement.people, same_people=placement.same_people, start_date=placement.start_date,
        portion=wanted.portion if wanted else None,
    )  # fmt: skip
    warn_of(run, found, built)
    return built


def join(
    run: Run,
    placement: Placement,
    archive_id: int,
    path: Path,
    found: dict[str, Any],
    wanted: Wanted | None,
) -> Outcome:
    """Carry out a restore that adds to a course, or that makes one of a section or an activity."""
    manifest = read_manifest_of(path, found)
    _check(placement, manifest)
    packed = path.stat().st_size
    run.plan([
        Step(_("Reading what is in the file"), packed),
        Step(_("Fitting it into the course"), packed),
        Step(_("Adding it to the course"), 1),
    ])  # fmt: skip
    run.enter(1)
    built = build_as_placed(run, placement, path, found, wanted)
    run.enter(2)
    outcome = fit_in(run, placement, built)
    return replace(outcome, result=outcome.result | {"archive_id": archive_id})


def fit_in(run: Run, placement: Placement, built: Built) -> Outcome:
    """Make a version ready for the place where it goes, within the run's second step; the third adds it."""
    manifest = built.manifest
    goal = _goal(run, placement, manifest)
    _tell_unaccepted(run, manifest, goal)
    folded = _fold_banks(run, built, goal)
    _turn_questions(run, built, goal)
    matches, places = _compare(run, placement, built, goal)
    matches.known |= {("context", one): matches.known["context", folded[one]] for one in folded}
    first = keep_ids_free(run, goal.version_id, built.intake.highest)
    adoption = Adoption(
        incoming_id=built.version_id, first_id=first, last_id=first + built.intake.highest,
        version_id=goal.version_id, goes_to={one: spot.id for one, spot in places.goes_to.items()},
        people=placement.people, stamp=stamp_of(manifest),
    )  # fmt: skip
    digests = make_ready(run, built, matches, adoption, goal.dialect)
    run.enter(3)
    apply = _applying(run, placement, built, matches, adoption, digests)
    result = {"version_id": goal.version_id, **built.counts}
    return Outcome(result=result | {"reused": dict(matches.reused)}, apply=apply)


def _tell_unaccepted(run: Run, manifest: Manifest, goal: _Goal) -> None:
    with snapshot() as session:
        left = unaccepted(manifest, session.get_one(CourseVersion, goal.version_id))
    for sentence in left:
        run.warn(sentence)


def _fold_banks(run: Run, built: Built, goal: _Goal) -> dict[int, int]:
    """Make banks that the course can't hold part of its own; the contexts of what comes in that are one now."""
    with snapshot() as session:
        folding = folding_for(built.manifest, session.get_one(CourseVersion, goal.version_id))
    return dict.fromkeys(fold(run, built, folding), folding.context_id) if folding else {}


def _turn_questions(run: Run, built: Built, goal: _Goal) -> None:
    """Bring the questions that come in into the form that the course has."""
    turn = turn_for(built.manifest.backup_version, goal.dialect)
    if turn == Turn.MODERNISE:
        modernise(run, built, goal.dialect)
    elif turn == Turn.AGE:
        with snapshot() as session:
            version = session.get_one(CourseVersion, goal.version_id)
            side = VersionSide(session, version.id, origin_of_version(version))
            with_tops = has_tops(side, goal.dialect)
        for sentence in sentences(age(run, built, goal.dialect, with_tops=with_tops)):
            run.warn(sentence)
    if built.manifest.backup_version < FIRST_WITH_TOPS <= goal.dialect:
        keep_one_top(run, built.version_id, built.intake, goal.dialect, lone=True)


def stamp_of(manifest: Manifest) -> dict[str, Any]:
    """By what the same backup is known again."""
    return {
        "site": manifest.original_site_identifier_hash, "course": manifest.original_course_id,
        "kind": manifest.kind, "date": manifest.backup_date, "id": manifest.backup_id,
    }  # fmt: skip


def is_merged(version: CourseVersion, manifest: Manifest) -> bool:
    """Whether the same backup was added to the course before."""
    return stamp_of(manifest) in version.manifest.get("merged", [])


def _check(placement: Placement, manifest: Manifest) -> None:
    """Refuse what would go wrong without a doubt, before anything is read."""
    if placement.course_id is None:
        return
    if not placement.adds:
        raise JobProblem(
            _(
                "This is a backup of one part of a course, and can’t take the place of a whole course. "
                "Nothing was changed. Add it to the course instead."
            )
        )
    with snapshot() as session:
        course = session.get_one(Course, placement.course_id)
        if not placement.again and is_merged(course.version, manifest):
            raise JobProblem(
                _(
                    "This backup was added to this course before. Once more, and everything in it is there "
                    "twice. Nothing was changed. Say that you want it again if that is what you mean."
                )
            )


def _goal(run: Run, placement: Placement, manifest: Manifest) -> _Goal:
    """The version that is added to; a new one with a section on top for a course that is to be made."""
    if placement.course_id is not None:
        with snapshot() as session:
            version = session.get_one(Course, placement.course_id).version
            return _Goal(version.id, is_new=False, dialect=dialect_of(version))
    with separate_write() as session:
        run.hold(session)
        names = names_for(placement, manifest)
        category = session.get(Category, placement.category_id) if placement.category_id else None
        version = make_version(session, names["fullname"], names["shortname"], category)
        version.job_id = run.job_id
        # It speaks as the Moodle that the part comes from, and is a course from now on.
        kept = kept_of(manifest)
        version.manifest = kept | {
            "details": kept["details"] | {"type": "course"},
            "settings": {},
            "others": {},
        }
        add_section(Edit(session, Course(version_id=version.id), version), number=0)
        return _Goal(version.id, is_new=True, dialect=dialect_of(version))


def names_for(placement: Placement, manifest: Manifest) -> dict[str, str]:
    """What a course is called that is made of a section or an activity."""
    parts = [one.title for one in manifest.sections] + [one.title for one in manifest.activities]
    titles = [title for title in parts if title]
    shortname = placement.shortname or manifest.original_course_shortname or "Restored"
    return {"fullname": placement.fullname or (titles or [shortname])[0], "shortname": shortname}


def _compare(run: Run, placement: Placement, built: Built, goal: _Goal) -> tuple[Matches, SectionPlaces]:
    """Find out what is there already and where sections go; tells the person what is not taken."""
    with snapshot() as session:
        target = session.get_one(CourseVersion, goal.version_id)
        theirs = VersionSide(session, built.version_id, origin_of_archive(built.manifest))
        ours = VersionSide(session, target.id, origin_of_version(target))
        is_turned = turn_for(built.manifest.backup_version, goal.dialect) != Turn.NONE
        matches = match(
            theirs, ours, placement.same_people, is_turned=is_turned, by_account=placement.within_site
        )
        incoming, there = spots_of(session, built.version_id), spots_of(session, target.id)
        left = [] if goal.is_new else not_taken(theirs, matches, ours.names())
    places = place_sections(placement, built.manifest.kind, incoming, there, is_new=goal.is_new)
    matches.known |= places.known(incoming)
    for sentence in left:
        run.warn(sentence)
    for person, _reason in matches.people.conflicts:
        run.warn(
            _(
                "The user name “%(username)s” belongs to somebody else in the course: %(person)s from "
                "the backup is kept as “%(kept)s”.",
                username=person.username,
                person=person.name,
                kept=matches.people.usernames[person.id],
            )
        )
    return matches, places


def place_sections(
    placement: Placement, kind: str, incoming: list[Spot], there: list[Spot], *, is_new: bool
) -> SectionPlaces:
    """Say which sections go into which; an activity always goes into one that there is."""
    chosen = placement.section_id
    if kind == "activity" and chosen is None and there:
        wanted = incoming[0].number if incoming else None
        same = [one.id for one in there if one.number == wanted and not one.is_subsection]
        chosen = (same or [there[0].id])[0]
    return choose_places(incoming, there, chosen=chosen, append=placement.append or is_new)


def _applying(
    run: Run,
    placement: Placement,
    built: Built,
    matches: Matches,
    adoption: Adoption,
    digests: dict[str, str],
) -> Callable[[Session], dict[str, Any]]:
    enrolled = {matches.new("user", number, adoption.first_id) for number in built.intake.enrolled}

    def apply(session: Session) -> dict[str, Any]:
        check_placement(session, placement)
        version = session.get_one(CourseVersion, adoption.version_id)
        if placement.course_id is None:
            course = _made(session, placement, built, version)
        else:
            course = session.get_one(Course, placement.course_id)
        note = adopt(Edit(session, course, session.get_one(CourseVersion, course.version_id)), adoption)
        course.changed_at = utc_now()
        before = _members(session, course)
        enrol_known(session, course, course.version_id, enrolled)
        session.flush()
        note |= {"job": run.job_id, "digests": digests, "members": sorted(_members(session, course) - before)}
        keep_note(session, adoption.incoming_id, None if placement.course_id is None else course, note)
        return {"course_id": course.id, "undo": placement.course_id is not None}

    return apply


def _made(session: Session, placement: Placement, built: Built, version: CourseVersion) -> Course:
    names: dict[str, Any] = dict(names_for(placement, built.manifest))
    if placement.start_date is not None:
        start, shift = built.manifest.original_course_startdate, built.intake.shift
        names["start_date"] = shift.move(start) if shift else start
    version.job_id = None
    return new_course(session, replace(placement, names=names), version.id)


def _members(session: Session, course: Course) -> set[int]:
    return set(session.scalars(sa.select(Membership.user_id).where(Membership.course_id == course.id)))
