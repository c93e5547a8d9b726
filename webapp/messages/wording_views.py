"""Where an admin chooses the words of the messages."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import LANGUAGES, current_language, gettext as _, known, speaking
from webapp.access.permissions import current_user, may
from webapp.messages import bp, wording
from webapp.messages.differences import differences
from webapp.messages.forms import WordsForm
from webapp.messages.mails import send_test
from webapp.models import get_setting
from webapp.notices.events import EVENTS
from webapp.notices.placeholders import PLACEHOLDERS, fill_html, fill_subject, fill_text

#: The words in another language than the one that the admin reads are asked for with `?language=`.
ONE_EVENT = f"/settings/messages/<any({', '.join(EVENTS)}):event>"


@bp.get("/settings/messages")
@may("administer")
def list_templates() -> ResponseReturnValue:
    return render_template(
        "messages/templates.html", words=wording.all_words(_language()), told=get_setting("job_messages"),
        **_around(),
    )  # fmt: skip


@bp.route(ONE_EVENT, methods=["GET", "POST"])
@may("administer")
def edit_template(event: str) -> ResponseReturnValue:
    """Show the words of a message; on POST save them as a new version."""
    in_use = wording.words_in_use(event, _language())
    form = WordsForm(obj=in_use)
    if not form.validate_on_submit() or form.look.data:
        return _editor(event, form)
    try:
        is_new = wording.save_words(
            event, _language(), *form.words, based_on=form.based_on.data, author=current_user
        )
    except wording.ChangedMeanwhile:
        return _editor(event, form, "changed meanwhile")
    flash(_("Saved. The next message says it like this.") if is_new else _("Nothing was changed."), "ok")
    return _back_to(event, _language())


@bp.post(f"{ONE_EVENT}/preview")
@may("administer")
def preview_template(event: str) -> ResponseReturnValue:
    """The fragment that shows how the words will look; saves nothing."""
    form = WordsForm()
    return render_template(
        "messages/_preview.html", name=event, here=_here(_language()), **_preview(event, form)
    )


@bp.post(f"{ONE_EVENT}/test")
@may("administer")
def test_template(event: str) -> ResponseReturnValue:
    """Send the words on the page to the admin who asks, saved or not."""
    form = WordsForm()
    if not form.validate_on_submit():
        return _editor(event, form, "test refused")
    with speaking(_language()):
        values, _job = wording.preview_values(event, current_user)
        message_id = send_test(event, *form.words, values, current_user)
    return redirect(url_for("messages.show_mail", message_id=message_id), 303)


@bp.get(f"{ONE_EVENT}/versions/<int:version_id>")
@may("administer")
def show_version(event: str, version_id: int) -> ResponseReturnValue:
    """An earlier version beside the words in use, whatever language is asked for: it has its own."""
    version = wording.find_version(event, version_id) or abort(404)
    return _version_page(event, version)


@bp.get(f"{ONE_EVENT}/versions/first")
@may("administer")
def show_first_version(event: str) -> ResponseReturnValue:
    """The words as they came, beside those in use."""
    return _version_page(event, wording.words_as_they_came(event, _language()))


@bp.post(f"{ONE_EVENT}/versions/<int:version_id>")
@may("administer")
def restore_version(event: str, version_id: int) -> ResponseReturnValue:
    version = wording.find_version(event, version_id) or abort(404)
    return _put_back(event, version)


@bp.post(f"{ONE_EVENT}/versions/first")
@may("administer")
def reset_template(event: str) -> ResponseReturnValue:
    """Put the words back into use that came with the program."""
    return _put_back(event, wording.words_as_they_came(event, _language()))


def _put_back(event: str, words: wording.Words) -> ResponseReturnValue:
    wording.put_back(event, words, author=current_user)
    flash(_("Put back. The next message says it like this."), "ok")
    return _back_to(event, words.language)


def _version_page(event: str, words: wording.Words) -> ResponseReturnValue:
    in_use = wording.words_in_use(event, words.language)
    return render_template(
        "messages/version.html", name=event, event=EVENTS[event], words=words, in_use=in_use,
        subject=differences(words.subject, in_use.subject), body=differences(words.body, in_use.body),
        here=_here(words.language),
    )  # fmt: skip


def _editor(event: str, form: WordsForm, notice: str = "") -> ResponseReturnValue:
    in_use = wording.words_in_use(event, _language())
    if notice == "changed meanwhile" or not form.is_submitted():
        # Who saves now has been told of the other version.
        form.based_on.raw_data, form.based_on.data = None, in_use.based_on
    page = render_template(
        "messages/edit.html", name=event, event=EVENTS[event], form=form, in_use=in_use,
        came=wording.words_as_they_came(event, _language()),
        versions=wording.list_versions(event, _language()), placeholders=PLACEHOLDERS, about=notice,
        **_preview(event, form), **_around(),
    )  # fmt: skip
    return (page, 422) if form.is_submitted() else page


def _language() -> str:
    """Of which language the words are asked for."""
    return known(request.args.get("language"), current_language())


def _here(language: str) -> dict[str, Any]:
    """What stands in addresses for that language."""
    return {} if language == current_language() else {"language": language}


def _around() -> dict[str, object]:
    """What the list of messages needs, and the row of languages."""
    return {
        "events": EVENTS,
        "changed": wording.changed_events(_language()),
        "languages": LANGUAGES,
        "language": _language(),
        "here": _here(_language()),
    }


def _back_to(event: str, language: str) -> ResponseReturnValue:
    return redirect(url_for("messages.edit_template", event=event, **_here(language)), 303)


def _preview(event: str, form: WordsForm) -> dict[str, object]:
    with speaking(_language()):
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
