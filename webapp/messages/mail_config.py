"""How the way of the mails is set. That is done on the server; here it can be read, but no password."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.config import DEFAULTS

#: What each setting of the installation does, in the order in which they are shown.
SAYS = {
    "MAIL_SERVER": _l("The server that takes our mails. Without one they go to a folder."),
    "MAIL_PORT": _l("Its port: 25, or as a rule 587 with MAIL_USE_TLS and 465 with MAIL_USE_SSL."),
    "MAIL_USE_TLS": _l("Begin plainly, then encrypt."),
    "MAIL_USE_SSL": _l("Encrypt from the start."),
    "MAIL_USERNAME": _l("Who we are to that server."),
    "MAIL_PASSWORD": _l("How we prove it. It is never shown."),
    "MAIL_DEFAULT_SENDER": _l("The address that mails come from."),
    "MAIL_TIMEOUT": _l("Seconds after which a silent server is given up; the mail is tried again later."),
    "BASE_URL": _l("Links in mails begin with it."),
}


@dataclass(frozen=True)
class Line:
    """One setting: what it is now in words, what it does, and where that was said ("" for nowhere)."""

    name: str
    value: str
    says: str
    set_in: str


def mail_config() -> list[Line]:
    """How everything about mail is set in this installation."""
    set_in: dict[str, str] = current_app.config["SET_IN"]
    return [Line(name, _in_words(name), says, set_in.get(name, "")) for name, says in SAYS.items()]


def _in_words(name: str) -> str:
    value = current_app.config[name]
    if name == "MAIL_PASSWORD":
        return _("set") if value else _("none")
    if isinstance(DEFAULTS[name], bool):
        return _("on") if value else _("off")
    return str(value) or _("none")
