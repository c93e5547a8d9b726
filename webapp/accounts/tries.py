"""Counts tries to sign in, so that nobody can try out passwords.

A try is written down before it is made and forgotten when it succeeds: so many at once
count as well, and nothing is lost when the program is started anew.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.models import FailedSignIn, utc_now

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 30


class TooManyTries(Exception):
    """No more for now, right or wrong."""


def count_try(session: Session, account: str, address: str) -> None:
    """Write down that somebody is about to try. Raises TooManyTries if they may not."""
    account, address = account[:254], _network(address)
    session.execute(sa.delete(FailedSignIn).where(FailedSignIn.at < utc_now() - WINDOW))
    of_account = _count(session, FailedSignIn.username == account)
    if of_account >= MOST_PER_ACCOUNT or _count(session, FailedSignIn.address == address) >= MOST_PER_ADDRESS:
        raise TooManyTries
    session.add(FailedSignIn(username=account, address=address))


def forget_tries(session: Session, account: str) -> None:
    """They were who they said: what was tried before does not count any more."""
    session.execute(sa.delete(FailedSignIn).where(FailedSignIn.username == account))


def _count(session: Session, which: sa.ColumnElement[bool]) -> int:
    return session.scalars(sa.select(sa.func.count()).select_from(FailedSignIn).where(which)).one()


def _network(address: str) -> str:
    """The address; of IPv6 the half that one household has, because it can change the rest at will."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
