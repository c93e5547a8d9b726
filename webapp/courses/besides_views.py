"""What a course holds beside its sections, for its teachers to read."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.access.permissions import may
from webapp.courses import bp
from webapp.courses.besides.badges import badges_of
from webapp.courses.besides.bank import content_bank_of
from webapp.courses.besides.competencies import competencies_of
from webapp.courses.besides.completion import completion_of_course
from webapp.courses.besides.events import events_of
from webapp.courses.blocks import blocks_of
from webapp.courses.finding import get_course
from webapp.courses.texts import Texts


@bp.get("/courses/<int:course_id>/besides")
@may("see people")
def show_besides(course_id: int) -> ResponseReturnValue:
    """Show dates, what completes the course, badges, competencies, blocks with texts, and the content bank."""
    course = get_course(course_id)
    texts = Texts(course)
    blocks = [(one, texts.within(*one.text_in)) for one in blocks_of(course.version_id) if one.html]
    return render_template(
        "courses/besides.html", course=course, events=events_of(course), completion=completion_of_course(course),
        badges=badges_of(course), competencies=competencies_of(course), contents=content_bank_of(course), blocks=blocks,
    )  # fmt: skip
