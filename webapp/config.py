"""Where the settings of one installation come from.

Defaults, then `config.toml` in the instance folder, then the environment
(`COURSEKEEP_…`), then what the caller of `create_app` gave. Secrets live in the
instance folder only.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tomllib
from pathlib import Path
from typing import Any

from jobs.language import lazy_gettext as _l

DEFAULTS: dict[str, Any] = {
    #: What people type to get here; links in mails begin with it, and https makes cookies Secure.
    "BASE_URL": "http://127.0.0.1:8000",
    "MAIL_SERVER": "",
    "MAIL_PORT": 25,
    "MAIL_USE_TLS": False,
    "MAIL_USE_SSL": False,
    "MAIL_USERNAME": "",
    "MAIL_PASSWORD": "",
    "MAIL_DEFAULT_SENDER": "coursekeep@localhost",
    #: Seconds; a mail server that says nothing is given up after that.
    "MAIL_TIMEOUT": 10,
    #: How many proxies stand before us and may be believed.
    "PROXIES": 0,
    #: Bytes that a form may bring; more only where files are taken in, for those who may.
    "MAX_CONTENT_LENGTH": 8_000_000,
    #: Forms with much text and small pictures pasted in.
    "MAX_FORM_MEMORY_SIZE": 5_000_000,
    "PERMANENT_SESSION_LIFETIME": 60 * 60 * 24 * 30,
    #: Polls must not set a cookie.
    "SESSION_REFRESH_EACH_REQUEST": False,
    "SESSION_COOKIE_NAME": "coursekeep",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    #: A form may stay open for an afternoon.
    "WTF_CSRF_TIME_LIMIT": None,
}
_SWITCHES = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def load_config(overrides: dict[str, Any]) -> dict[str, Any]:
    """Return all settings, with the instance folder as a Path under INSTANCE."""
    instance = Path(
        overrides.get("INSTANCE") or os.environ.get("COURSEKEEP_INSTANCE") or "instance"
    ).resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    from_file, from_environment = _from_file(instance / "config.toml"), _from_environment()
    config = DEFAULTS | from_file | from_environment | overrides
    # Where what is not as it came was said.
    config["SET_IN"] = dict.fromkeys(from_file, "config.toml") | dict.fromkeys(
        from_environment, _l("the environment")
    )
    config["INSTANCE"] = instance
    config.setdefault("SECRET_KEY", _secret(instance / "secret"))
    # By which Moodle tells that two archives come from one site; says nothing of the key.
    config.setdefault("SITE_HASH", hashlib.sha256(f"site {config['SECRET_KEY']}".encode()).hexdigest()[:32])
    config.setdefault("SQLALCHEMY_DATABASE_URI", f"sqlite:///{instance / 'coursekeep.sqlite'}")
    # What people typed stays out of tracebacks, and so out of the log.
    options = {"connect_args": {"check_same_thread": False}, "hide_parameters": True}
    config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    return config


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    return {name.upper(): value for name, value in tomllib.loads(path.read_text("utf-8")).items()}


def _from_environment() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, default in DEFAULTS.items():
        given = os.environ.get(f"COURSEKEEP_{name}")
        if given is not None:
            found[name] = _as_type_of(default, given, name)
    return found


def _as_type_of(default: Any, given: str, name: str) -> Any:
    if isinstance(default, bool):
        try:
            return _SWITCHES[given.lower()]
        except KeyError:
            raise ValueError(f"COURSEKEEP_{name} is {given!r}: say on or off.") from None
    # A limit that is not set by default is a number all the same.
    return int(given) if default is None or isinstance(default, int) else given


def _secret(path: Path) -> str:
    """Read the key that signs cookies and the queue; make one at the first start."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(48))
    return path.read_text("ascii")
