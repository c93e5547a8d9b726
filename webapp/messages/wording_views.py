"""Where an admin chooses the words of the messages."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.events import EVENTS
from webapp.messages import bp, wording
from webapp.messages.forms import WordsForm
from webapp.messages.mails import send_test
from webapp.models import get_setting
from webapp.permissions import current_user, may
from webapp.placeholders import PLACEHOLDERS, fill_html, fill_subject, fill_text

ONE_EVENT = f"/settings/messages/<any({', '.join(EVENTS)}):event>"


@bp.get("/settings/messages")
@may("administer")
def list_templates() -> ResponseReturnValue:
    return render_template(
        "messages/templates.html", events=EVENTS, words=wording.all_words(),
        is_changed=wording.is_changed, told=get_setting("job_messages"),
    )  # fmt: skip


@bp.route(ONE_EVENT, methods=["GET", "POST"])
@may("administer")
def edit_template(event: str) -> ResponseReturnValue:
    """Show the words of a message; on POST save them as a new version."""
    in_use = wording.words_in_use(event)
    form = WordsForm(obj=in_use)
    if not form.validate_on_submit() or form.look.data:
        return _editor(event, form)
    try:
        is_new = wording.save_words(event, *form.words, based_on=form.based_on.data, author=current_user)
    except wording.ChangedMeanwhile:
        return _editor(event, form, "changed meanwhile")
    flash(_("Saved. The next message says it like this.") if is_new else _("Nothing was changed."), "ok")
    return redirect(url_for("messages.edit_template", event=event), 303)


@bp.post(f"{ONE_EVENT}/preview")
@may("administer")
def preview_template(event: str) -> ResponseReturnValue:
    """The fragment that shows how the words will look; saves nothing."""
    form = WordsForm()
    return render_template("messages/_preview.html", name=event, **_preview(event, form))


@bp.post(f"{ONE_EVENT}/test")
@may("administer")
def test_template(event: str) -> ResponseReturnValue:
    """Send the words on the page to the admin who asks, saved or not."""
    form = WordsForm()
    if not form.validate_on_submit():
        return _editor(event, form, "test refused")
    values, _job = wording.preview_values(event, current_user)
    message_id = send_test(event, *form.words, values, current_user)
    return redirect(url_for("messages.show_mail", message_id=message_id), 303)


@bp.get(f"{ONE_EVENT}/versions/<int:version_id>")
@may("administer")
def show_version(event: str, version_id: int) -> ResponseReturnValue:
    version = wording.find_version(event, version_id) or abort(404)
    return _version_page(event, version)


@bp.get(f"{ONE_EVENT}/versions/first")
@may("administer")
def show_first_version(event: str) -> ResponseReturnValue:
    """The words as they came."""
    return _version_page(event, wording.words_as_they_came(event))


@bp.post(f"{ONE_EVENT}/versions/<int:version_id>")
@may("administer")
def restore_version(event: str, version_id: int) -> ResponseReturnValue:
    return _put_back(event, wording.find_version(event, version_id) or abort(404))


@bp.post(f"{ONE_EVENT}/versions/first")
@may("administer")
def reset_template(event: str) -> ResponseReturnValue:
    """Put the words back into use that came with the program."""
    return _put_back(event, wording.words_as_they_came(event))


def _put_back(event: str, words: wording.Words) -> ResponseReturnValue:
    wording.put_back(event, words, author=current_user)
    flash(_("Put back. The next message says it like this."), "ok")
    return redirect(url_for("messages.edit_template", event=event), 303)


def _version_page(event: str, words: wording.Words) -> ResponseReturnValue:
    return render_template("messages/version.html", name=event, event=EVENTS[event], words=words)


def _editor(event: str, form: WordsForm, notice: str = "") -> ResponseReturnValue:
    in_use = wording.words_in_use(event)
    if notice == "changed meanwhile" or not form.is_submitted():
        # Who saves now has been told of the other version.
        form.based_on.raw_data, form.based_on.data = None, in_use.based_on
    page = render_template(
        "messages/edit.html", name=event, event=EVENTS[event], events=EVENTS, form=form, in_use=in_use,
        words=wording.all_words(), versions=wording.list_versions(event), is_changed=wording.is_changed,
        placeholders=PLACEHOLDERS, about=notice, **_preview(event, form),
    )  # fmt: skip
    return (page, 422) if form.is_submitted() else page


def _preview(event: str, form: WordsForm) -> dict[str, object]:
    values, job = wording.preview_values(event, current_user)
    subject, body = form.words
    return {
        "values": values,
        "real_job": job,
        "subject": fill_subject(subject, values),
        "text": fill_text(body, values),
        "html": fill_html(body, values, mark_unknown=True),
        "view": request.form.get("view", "mail"),
    }
