"""The forms with which admins make and change accounts."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired

from jobs.language import lazy_gettext as _l
from webapp.models import SiteRole
from webapp.people.operations import ROLE_WORDS, Details
from webapp.spreadsheets.forms import CarryOutForm

PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def _stripped(typed: str | None) -> str:
    return (typed or "").strip()


class PersonForm(FlaskForm):  # type: ignore[misc]
    """What both making and changing ask. The rules are those of `operations`."""

    first_name = StringField(_l("First name"), filters=[_stripped], render_kw={"autocomplete": "off"})
    last_name = StringField(_l("Last name"), filters=[_stripped], render_kw={"autocomplete": "off"})
    email = EmailField(_l("Mail address"), filters=[_stripped], render_kw=PLAIN)
    role = RadioField(
        _l("On this site"),
        choices={role.value: words for role, words in ROLE_WORDS.items()},
        coerce=SiteRole,
        default=SiteRole.MEMBER,
    )

    def details(self, username: str, *, active: bool = True) -> Details:
        return Details(
            username,
            self.email.data or "",
            self.first_name.data or "",
            self.last_name.data or "",
            self.role.data,
            active,
        )


class NewPersonForm(PersonForm):
    username = StringField(
        _l("User name"), [DataRequired(_l("This is empty."))], filters=[_stripped], render_kw=PLAIN
    )
    way = RadioField(
        _l("How will they get in?"),
        choices={"link": _l("By a link"), "password": _l("By a password")},
        default="link",
    )
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "new-password"})

    def new_details(self) -> Details:
        return self.details((self.username.data or "").lower())

    def new_password(self) -> str | None:
        """The password to begin with; None if they choose their own by a link."""
        return self.password.data or "" if self.way.data == "password" else None


class ChangePersonForm(PersonForm):
    active = BooleanField(_l("May sign in"))


class LinkForm(FlaskForm):  # type: ignore[misc]
    by_mail = BooleanField(_l("Mail it too"))


class InvitingForm(CarryOutForm):
    invite = BooleanField(_l("Mail an invitation to everybody new who has a mail address"))
