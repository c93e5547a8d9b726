"""How the site looks to everybody: its name on top of the pages, its logo, its colour."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from flask import g, url_for
from sqlalchemy.orm import Session

from jobs.language import gettext as _
from webapp.extensions import db
from webapp.models import SiteLogo, get_setting, get_settings
from webapp.pages.sniffing import HEAD, type_of
from webapp.site_settings import DEFAULTS, palette

#: What pages say on top until the school has a name.
PRODUCT = "Coursekeep"
#: The most bytes that a logo may have.
LARGEST_LOGO = 500_000
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


class LogoRefused(Exception):
    """The file can't be the logo. Its text is for the person."""


@dataclass(frozen=True)
class Look:
    """What every page needs: the name, and the addresses of logo and stylesheet; empty where there are none."""

    name: str
    logo: str
    stylesheet: str


def site_look() -> Look:
    """How the site looks now; asked for once in a request."""
    if "site_look" not in g:
        name, colour, logo = get_settings("site_name", "colour", "logo")
        g.site_look = Look(
            PRODUCT if name == DEFAULTS["site_name"] else name,
            url_for("settings.send_logo", mark=logo["mark"]) if logo else "",
            _address_of(colour) if colour in palette.COLOURS and colour != palette.DEFAULT else "",
        )
    look: Look = g.site_look
    return look


def _address_of(colour: str) -> str:
    return url_for("settings.send_colour", name=colour, v=palette.mark(palette.stylesheet(colour)))


def find_logo(mark: str) -> SiteLogo | None:
    """The logo, if this is the mark of the one that counts now."""
    return db.session.get(SiteLogo, mark) if get_setting("logo").get("mark") == mark else None


def keep_logo(session: Session, body: bytes) -> dict[str, object]:
    """Keep a picture, and return what the setting says of it; the caller commits. Raises LogoRefused."""
    if not body:
        raise LogoRefused(_("Choose a picture first."))
    if len(body) > LARGEST_LOGO:
        raise LogoRefused(
            _("This picture has more than 500 kB. Make it smaller: it is shown no higher than two lines.")
        )
    kind = type_of(body[:HEAD], "")
    if kind not in PICTURES:
        raise LogoRefused(
            _("This is no picture that every browser and mail program shows. Take a PNG, JPEG, GIF or WebP.")
        )
    mark = hashlib.sha256(body).hexdigest()[:32]
    session.merge(SiteLogo(mark=mark, type=kind, body=body))
    return {"mark": mark, "type": kind, "size": len(body)}


def forget_other_logos(session: Session) -> None:
    """Delete the pictures that are no longer the logo."""
    session.execute(sa.delete(SiteLogo).where(SiteLogo.mark != get_setting("logo", session).get("mark", "")))
