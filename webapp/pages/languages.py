"""Which language somebody reads, and how templates say things in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, stream_with_context
from jinja2 import pass_context
from jinja2.runtime import Context
from sqlalchemy.orm import Session

from jobs.language import current_language, known, number, speak, translations
from webapp.models import User, get_setting


def site_language(session: Session | None = None) -> str:
    """The language for whoever has chosen none: one of LANGUAGES."""
    return known(get_setting("language", session))


def language_of(user: User, session: Session | None = None) -> str:
    """The language that the person has chosen, or the site's: one of LANGUAGES."""
    return known(user.language) if user.language else site_language(session)


def sent_while_made(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces of an answer, to be made after its view has ended: in its request still, in its reader's language."""
    language = current_language()

    def made() -> Iterator[str]:
        speak(language)
        yield from pieces

    return stream_with_context(made())


def register(app: Flask) -> None:
    """Give templates `{{ _("…") }}`, `{{ ngettext(…) }}` and `{% trans %}`, in the language that is spoken."""
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: translations().gettext(str.__str__(text)),
        lambda one, many, num: translations().ngettext(one, many, num),
        newstyle=True,
        pgettext=lambda context, text: translations().pgettext(context, text),
    )
    plain = env.globals["ngettext"]

    @pass_context
    def ngettext(context: Context, one: str, many: str, num: int, **values: Any) -> str:
        """As Jinja's own, with the thousands of the number marked."""
        return plain(context, one, many, num, **{"num": number(num), **values})  # type: ignore[no-any-return,operator]

    env.globals.update(ngettext=ngettext, current_language=current_language)
