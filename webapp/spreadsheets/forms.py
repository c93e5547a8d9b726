"""The two forms with which a list comes in: the file, and the preview that is carried out."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField

from jobs.language import lazy_gettext as _l


class TableForm(FlaskForm):  # type: ignore[misc]
    table = FileField(
        _l("The list"),
        [FileRequired(_l("Choose a file first."))],
        render_kw={"accept": ".csv,text/csv,text/plain"},
    )


class CarryOutForm(FlaskForm):  # type: ignore[misc]
    """Goes with the preview and holds the list itself: nothing is kept here before somebody says yes."""

    text = HiddenField()
    leave_out = BooleanField(_l("Leave out the lines that are wrong"))
