"""All parts of pages on one page, with the macros and templates that the pages themselves use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.access.permissions import current_user, may
from webapp.extensions import db
from webapp.guide import bp
from webapp.models import Job, JobKind, JobState, User, utc_now

_YEARS: list[Any] = ["Year 9", "Year 10"]
_AUDIENCES: list[Any] = [_l("Teachers only"), _l("Pupils too")]


class SampleForm(FlaskForm):  # type: ignore[misc]
    """A field of each kind; it is sent nowhere."""

    name = StringField(_l("Course name"))
    code = StringField(_l("Short name"))
    text = TextAreaField(_l("Description"))
    category = SelectField(_l("Category"), choices=_YEARS)
    seen_by = RadioField(_l("Who can see it"), choices=_AUDIENCES)
    told = BooleanField(_l("Tell me by mail"))


@bp.get("/styleguide")
@may("administer")
def styleguide() -> ResponseReturnValue:
    form = SampleForm(formdata=None, data={"name": "Tides and Coasts", "code": "GEO 9", "category": "Year 9"})
    form.code.errors = [_("Another course has this short name. Try GEO 9B.")]
    return render_template(
        "guide/styleguide.html",
        form=form,
        running=_job(JobState.RUNNING, step_number=2, step_done=41_000_000, step_total=66_000_000),
        ended=[
            _job(JobState.DONE),
            _job(JobState.WARNED, warnings=[_("A file was damaged before already: chart.png.")]),
            _job(JobState.FAILED, problem=_("The school’s disk is full. The course is unharmed.")),
            _job(JobState.CANCELLED),
        ],
    )


def _job(state: JobState, **values: Any) -> Job:
    """A job that is in no table and does nothing."""
    begun = utc_now() - timedelta(seconds=80)
    return Job(
        kind=JobKind.BACKUP,
        scope="course",
        title="Tides and Coasts",
        user=db.session.get(User, current_user.id),
        state=state,
        steps=[["Reading the course", 21], ["Copying files", None], ["Checking the backup", None]],
        done_bytes=62_000_000,
        total_bytes=100_000_000,
        created_at=begun,
        started_at=begun,
        **{"step_number": 0, "step_done": 0, "step_total": 0, "options": {}, "result": {}, "warnings": []}
        | values,
    )
