"""Composes the documents of what was selected of a course, whether they are packed or taken in again."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from jobs.archive.containers.spool import Spool
from jobs.steps.composing.anonymising import anonymiser_for
from jobs.steps.composing.courses import Composition
from jobs.steps.composing.rendering import Rendering
from jobs.steps.personal_files import PersonalFiles
from jobs.steps.selecting.parts import Selection
from webapp.models import Course


def compose(
    session: Session,
    course: Course,
    selection: Selection,
    spool: Spool,
    advance: Callable[[int], None],
    kind: type[Composition],
) -> Composition:
    """Write every document but the manifest into the spool; `kind` says what of the lists at the root goes along."""
    personal = PersonalFiles(session, selection.version.id)
    anonymiser = anonymiser_for(session, selection)
    keeps = selection.without.keeps if selection.without.kinds else None
    rendering = Rendering(session, selection.people, advance, personal, anonymiser, keeps, selection.parting)
    composition = kind(session, course, selection, spool, rendering)
    composition.compose()
    return composition
