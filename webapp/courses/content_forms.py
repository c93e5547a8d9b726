"""The forms about sections and activities."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from jobs.archive.ids.tokens import is_token
from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.filing import Upload
from webapp.courses.forms import EditForm
from webapp.html import words
from webapp.pages.fields import EMPTY, stripped

#: What a link may lead to; anything else a browser could take for a command.
SCHEMES = ("http", "https", "mailto")
#: How many letters of a text its name is made of, as Moodle does: mod/label/lib.php.
LABEL_NAME = 50
_NOT_LONGER = Length(max=255, message=_l("No more than %(letters)s letters.", letters=255))
_NAME_RULES = [DataRequired(EMPTY), _NOT_LONGER]


class SectionForm(FlaskForm):  # type: ignore[misc]
    name = StringField(_l("Name"), [_NOT_LONGER], filters=[stripped])
    summary = TextAreaField(_l("Summary"))


class ActivityForm(EditForm):
    """What every activity has: a name and a description."""

    name = StringField(_l("Name"), _NAME_RULES, filters=[stripped])
    intro = TextAreaField(_l("Description"))

    def values(self) -> dict[str, str]:
        """What was typed, by the column that keeps it; the texts as they come from the editor."""
        return {"name": self.name.data or "", "intro": self.intro.data or ""}


class PageForm(ActivityForm):
    content = TextAreaField(_l("Text"))

    def values(self) -> dict[str, str]:
        return super().values() | {"content": self.content.data or ""}


class LabelForm(EditForm):
    """A text has no name of its own: it goes by its first words."""

    intro = TextAreaField(_l("Text"), [DataRequired(EMPTY)])

    def values(self) -> dict[str, str]:
        text = self.intro.data or ""
        said = words(text) or _("Picture")
        name = said if len(said) <= LABEL_NAME else f"{said[:LABEL_NAME].rstrip()}…"
        return {"name": name, "intro": text}


class UrlForm(ActivityForm):
    external_url = StringField(
        _l("Address"), [DataRequired(EMPTY)], filters=[stripped], render_kw={"inputmode": "url"}
    )

    def validate_external_url(self, field: StringField) -> None:
        address = full_address(field.data or "")
        if not (is_safe_address(address) or is_token(address)):
            raise ValidationError(
                _("This is no address that a browser could open. One begins with https://.")
            )

    def values(self) -> dict[str, str]:
        return super().values() | {"external_url": full_address(self.external_url.data or "")}


class ResourceForm(ActivityForm):
    file = FileField(_l("File"))

    def upload(self) -> Upload | None:
        return sent([self.file.data])[0] if sent([self.file.data]) else None


class NewResourceForm(ResourceForm):
    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])


class FolderForm(ActivityForm):
    pass


class NewFolderForm(FolderForm):
    files = MultipleFileField(_l("Files"))

    def uploads(self) -> list[Upload]:
        return sent(self.files.data)


class AddFilesForm(FlaskForm):  # type: ignore[misc]
    files = MultipleFileField(_l("Files"), [FileRequired(_l("Choose at least one file."))])

    def uploads(self) -> list[Upload]:
        return sent(self.files.data)


class SubfolderForm(EditForm):
    name = StringField(_l("Name of the new folder"), [DataRequired(EMPTY)], filters=[stripped])


#: Type -> the forms for making and for changing it.
FORMS: dict[str, tuple[type[EditForm], type[EditForm]]] = {
    "page": (PageForm, PageForm),
    "label": (LabelForm, LabelForm),
    "url": (UrlForm, UrlForm),
    "resource": (NewResourceForm, ResourceForm),
    "folder": (NewFolderForm, FolderForm),
}


def sent(files: Any) -> list[Upload]:
    """The files of a form that hold something to keep."""
    return [
        Upload(file.filename, file.stream)
        for file in files or ()
        if isinstance(file, FileStorage) and file.filename
    ]


def full_address(typed: str) -> str:
    """The address with its scheme: people leave it out."""
    if not typed or ":" in typed.partition("/")[0] or is_token(typed):
        return typed
    return f"https://{typed}"


def is_safe_address(address: str | None) -> bool:
    """Whether an address may be a link on a page."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return False
    if parts.scheme not in SCHEMES or any(letter.isspace() for letter in address or ""):
        return False
    return bool(parts.path) if parts.scheme == "mailto" else bool(parts.hostname)
