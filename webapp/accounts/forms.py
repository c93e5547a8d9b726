"""The forms of sign-in and of one's own account."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from jobs.language import LANGUAGES, lazy_gettext as _l
from webapp.access.directory import email_fault
from webapp.pages.fields import stripped

MISSING = _l("This is empty.")
NAME_TYPED = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
OLD_PASSWORD = {"autocomplete": "current-password"}
NEW_PASSWORD = {"autocomplete": "new-password"}


class SignInForm(FlaskForm):  # type: ignore[misc]
    username = StringField(
        _l("User name or school mail address"), [DataRequired(MISSING)], render_kw=NAME_TYPED
    )
    password = PasswordField(_l("Password"), [DataRequired(MISSING)], render_kw=OLD_PASSWORD)
    remember = BooleanField(_l("Stay signed in on this computer"))


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    username = StringField(
        _l("User name or school mail address"), [DataRequired(MISSING)], render_kw=NAME_TYPED
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """Whether the password is good enough is for `passwords.refuse_weak`, which needs the user name."""

    new_password = PasswordField(_l("New password"), [DataRequired(MISSING)], render_kw=NEW_PASSWORD)
    once_more = PasswordField(
        _l("The same once more"),
        [EqualTo("new_password", _l("The two are not the same."))],
        render_kw=NEW_PASSWORD,
    )


class ChangePasswordForm(NewPasswordForm):
    current_password = PasswordField(_l("Your password now"), [DataRequired(MISSING)], render_kw=OLD_PASSWORD)


class AccountForm(FlaskForm):  # type: ignore[misc]
    first_name = StringField(
        _l("First name"), [Length(max=100)], filters=[stripped], render_kw={"autocomplete": "given-name"}
    )
    last_name = StringField(
        _l("Last name"), [Length(max=100)], filters=[stripped], render_kw={"autocomplete": "family-name"}
    )
    email = EmailField(_l("Mail address"), filters=[stripped], render_kw={"autocomplete": "email"})
    #: Empty: the site's.
    language = SelectField(
        _l("Language"),
        choices={"": _l("As the school has it"), **LANGUAGES},
        coerce=lambda chosen: chosen or "",
    )
    password = PasswordField(_l("Your password"), render_kw=OLD_PASSWORD)

    def validate_email(self, field: Field) -> None:
        if field.data and (fault := email_fault(field.data)):
            raise ValidationError(fault)

    def changes(self) -> dict[str, Any]:
        """What was typed in, without the password that goes with it."""
        typed = {name: value for name, value in self.data.items() if name not in ("password", "csrf_token")}
        return typed | {"language": self.language.data or None}
