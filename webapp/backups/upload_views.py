"""Bringing a backup file: sent by script as it is, or by a plain form."""

from __future__ import annotations

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms.validators import ValidationError

from jobs.language import gettext as _, lazy_gettext as _l
from jobs.queue import runs_in_background, start
from webapp.access.permissions import current_user, signed_in
from webapp.backups import bp
from webapp.backups.incoming import UploadRefused, admit, asked_at, size_limit, take_in
from webapp.backups.list_views import my_backups_page
from webapp.backups.operations import may_restore_somewhere
from webapp.extensions import csrf
from webapp.job_requests.streaming import begin_and_show

OLD_PAGE = _l(
    "This page is too old: you have signed in anew since. Open it again, then choose the file once more."
)


@bp.post("/restore/raw")
@csrf.exempt  # type: ignore[untyped-decorator]
@signed_in
def upload_raw() -> ResponseReturnValue:
    """Take in the file that is the request's body. Nothing of it is read before the person's right is sure."""
    try:
        validate_csrf(request.headers.get("X-CSRFToken"))
    except ValidationError:
        return _refuse(str(OLD_PAGE), 400)
    if not may_restore_somewhere(current_user):
        return _refuse(_("You may not restore courses here. An admin can give you the right."), 403)
    try:
        length, name = admit(request.content_length, current_user), request.headers.get("X-File-Name", "")
        request.max_content_length = size_limit()
        asked = asked_at(request.args)
        job, is_new = take_in(request.stream, name, current_user, length=length, asked=asked)
    except UploadRefused as refusal:
        return _refuse(str(refusal), refusal.status)
    to_run = is_new and not runs_in_background()
    if is_new and not to_run:
        start(job)
    run = url_for("progress.run_job", job_id=job.id) if to_run else None
    return jsonify(location=url_for("progress.show_job", job_id=job.id), run=run)


@bp.post("/restore")
@csrf.exempt  # type: ignore[untyped-decorator]
@signed_in
def upload() -> ResponseReturnValue:
    """Take in the file of a plain form, which is read only once its length is known to be allowed."""
    if not may_restore_somewhere(current_user):
        abort(403)
    try:
        admit(request.content_length, current_user)
        request.max_content_length = size_limit()
        _check_token()
        file = request.files.get("file")
        if file is None or not file.filename:
            raise UploadRefused(_("Choose a file first. A backup’s name ends in .mbz."), 422)
        job, is_new = take_in(file.stream, file.filename, current_user, asked=asked_at(request.form))
    except UploadRefused as refusal:
        return my_backups_page(upload_problem=str(refusal)), refusal.status
    return begin_and_show(job, is_new=is_new)


def _check_token() -> None:
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except ValidationError as error:
        raise CSRFError(str(error)) from error


def _refuse(sentence: str, status: int) -> ResponseReturnValue:
    return jsonify(problem=sentence), status
