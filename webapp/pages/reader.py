"""Speaks the language of who reads the page that is being made."""

from __future__ import annotations

from flask import Flask, request

from jobs.language import ENGLISH, LANGUAGES, speak
from webapp.access.identity import current_user
from webapp.pages.languages import language_of, site_language


def register(app: Flask) -> None:
    """Have every request answered in its reader's language."""
    app.before_request(_speak_to_reader)
    app.teardown_request(_speak_as_before)


def _speak_to_reader() -> None:
    """What the person has chosen; before they have signed in, what their browser asks for."""
    if current_user:
        speak(language_of(current_user))
    else:
        speak(request.accept_languages.best_match(LANGUAGES) or site_language())


def _speak_as_before(_error: BaseException | None) -> None:
    speak(ENGLISH)
