"""The files of a course: given out, and pictures taken in for texts."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, may
from webapp.content.edit import EditRefused
from webapp.content.files import FilePlace, file_at, find_file
from webapp.content.filing import Upload, add_picture
from webapp.courses import bp
from webapp.courses.editor import is_text_place
from webapp.courses.finding import get_course
from webapp.courses.serving import give_out, may_open
from webapp.pages.sniffing import HEAD, type_of

#: What the editor may send as a picture.
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


@bp.get("/courses/<int:course_id>/files/<int:file_id>/<path:name>")
@may("see course")
def file(course_id: int, file_id: int, name: str) -> Response:
    """Give out a file. The name in the address is only there to be read."""
    course = get_course(course_id)
    row = find_file(course, file_id)
    if row is None or not may_open(course, row):
        abort(404)
    return give_out(row, to_keep="download" in request.args)


@bp.get("/courses/<int:course_id>/embedded/<int:context_id>/<component>/<area>/<int:itemid>/<path:path>")
@may("see course")
def embedded_file(
    course_id: int, context_id: int, component: str, area: str, itemid: int, path: str
) -> Response:
    """Give out a file by its place in the course, as texts name it."""
    course = get_course(course_id)
    row = file_at(course.version_id, FilePlace(context_id, component, area, itemid), path)
    if row is None or not may_open(course, row):
        abort(404)
    return give_out(row)


@bp.post("/courses/<int:course_id>/pictures/<int:context_id>/<component>/<area>/<int:itemid>")
@may("edit course")
def add_editor_picture(
    course_id: int, context_id: int, component: str, area: str, itemid: int
) -> ResponseReturnValue:
    """Keep a picture that the editor sends; answers with its address, or with a sentence."""
    course = get_course(course_id)
    place = FilePlace(context_id, component, area, itemid)
    sent = request.files.get("file")
    if not is_text_place(course, place):
        abort(404)
    if sent is None or type_of(sent.stream.read(HEAD), "") not in PICTURES:
        return {"problem": _("This is no picture that pages can show: PNG, JPEG, GIF and WebP are.")}, 422
    sent.stream.seek(0)
    try:
        path = add_picture(course, place, Upload(sent.filename or "picture", sent.stream), current_user)
    except EditRefused as refused:
        return {"problem": str(refused)}, 422
    address = url_for(
        "courses.embedded_file", course_id=course.id, context_id=context_id, component=component, area=area,
        itemid=itemid, path=path,
    )  # fmt: skip
    return {"location": address}, 201
