"""Passwords: how they are kept, and which ones we take. Knows no account and no request."""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from jobs.language import gettext as _

SHORTEST = 10
LONGEST = 200

#: 19 MiB a try: a small server bears many at once, and guessing stays dear.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

#: What everybody tries first, of those that are long enough.
_COMMONEST = """
0123456789 0987654321 1111111111 1122334455 1234567890 12345678910 123456789a 1234567891 1q2w3e4r5t
1qaz2wsx3edc aaaaaaaaaa abcd123456 abcdefghij administrator asdfghjkl1 asdfghjklö basketball changeme123
chocolate1 iloveyou12 iloveyou123 letmein123 michelle12 minecraft1 passw0rd123 password01 password10
password11 password12 password123 password1234 passwort123 passwort1234 q1w2e3r4t5 qwerty1234 qwerty12345
qwertyuiop qwertzuiop schoolschool superman12 teacher123 unbelievable welcome123 welcome1234 willkommen
willkommen1 zaq12wsxcde3 0000000000 football12 princess12 sunshine12 whatever12 starwars12
"""


class WeakPassword(ValueError):
    """Not a password that we take; says why in a sentence."""


def hash_password(password: str) -> str:
    """Make what is kept of a password; the password itself can't be had back from it."""
    return _hasher.hash(_one_spelling(password))


def check_password(stored: str | None, password: str) -> bool:
    """Whether the password is the one that `stored` was made of.

    Takes as long when there is nothing stored, so that time does not tell who has an account.
    """
    try:
        _hasher.verify(stored or _nobodys_hash(), _one_spelling(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other settings than today's."""
    return _hasher.check_needs_rehash(stored)


def refuse_weak(password: str, username: str) -> None:
    """Raise WeakPassword for one that is short, well known, or the person's user name."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        raise WeakPassword(
            _(
                "Take at least %(number)s characters. Three or four words in a row are good.",
                number=SHORTEST,
            )
        )
    if len(password) > LONGEST:
        raise WeakPassword(_("Take at most %(number)s characters.", number=LONGEST))
    if plain == username.casefold():
        raise WeakPassword(_("Do not take your user name: it is the first thing that others try."))
    if plain in _COMMONEST.split():
        raise WeakPassword(_("Too many people use this one, so others try it first. Take another."))


def _one_spelling(password: str) -> str:
    """Keyboards write an “é” in one piece or in two; both are the same password."""
    return unicodedata.normalize("NFKC", password)


@lru_cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_hex())
