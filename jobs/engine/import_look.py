"""Says what an import would do, and does none of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from jobs.archive.containers.spool import Spool
from jobs.archive.trees import CORE_ACTIVITY_TYPES
from jobs.engine.dry_run import say
from jobs.engine.dry_run.look import Look
from jobs.engine.importing import check_import, original_of, placement_of
from jobs.language import gettext as _
from jobs.steps.composing.courses import Composition
from jobs.steps.composing.documents import compose
from jobs.steps.manifests import make_manifest
from jobs.steps.selecting.dependants import left_alone
from jobs.steps.spooling import laid_out, lay_out_spooled
from webapp import places
from webapp.database import snapshot


def dry_run_of_import(options: dict[str, Any], user_id: int) -> dict[str, Any]:
    """What an import with these options would lead to, as `dry_run` says it. Raises JobProblem."""
    with (
        snapshot() as session,
        Spool(places.scratch()) as spool,
        tempfile.TemporaryDirectory(dir=places.scratch(), prefix="look-") as folder,
    ):
        check_import(session, options, user_id)
        original = original_of(session, options, user_id)
        selection = original.selection
        composition = compose(session, original.course, selection, spool, lambda _done: None, original.kind)
        manifest = make_manifest(original.course, selection, filename="", with_people=False)
        lay_out_spooled(spool, Path(folder))
        side, spots = laid_out(Path(folder), manifest, people=False, shift=None)
        placement, found = placement_of(options, user_id), _found(composition)
        said = say(Look(session, placement, manifest, found, side, spots, shift=None))
        return said | {"skipped": [*left_alone(session, selection), *said["skipped"]]}


def _found(composition: Composition) -> dict[str, Any]:
    """What is taken, in the words of a survey."""
    types = [activity.type for activity in composition.selection.activities]
    files = composition.files
    return {
        "counts": {
            "sections": len(composition.selection.sections),
            "activities": {kind: types.count(kind) for kind in types},
            "files": files.count,
            "bytes": sum(files.contents.values()),
        },
        "unknown_types": sorted(set(types) - CORE_ACTIVITY_TYPES),
        "problems": [
            {"level": "damage", "what": _("“%(name)s” is missing or damaged in the other course.", name=name)}
            for name in files.unsound
        ],
    }
