"""`coursekeep init`: makes an installation, or brings one up to date."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser, Namespace

from flask import Flask

from jobs.language import ENGLISH, LANGUAGES, current_language, speaking
from webapp import migrate
from webapp.access.passwords import hash_password
from webapp.access.permissions import nobody_yet
from webapp.cli.command import DONE, Commands, Problem, application, check_database_kept, instance_folder
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import SiteRole, User, set_setting
from webapp.sample import make_sample_course

#: For passwords that are read from a screen: no two signs that look alike.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def add(commands: Commands) -> None:
    parser = commands.add("init", run, "make an installation, or bring one up to date")
    take_beginning(parser)


def take_beginning(parser: ArgumentParser) -> None:
    """Take what counts for a new installation alone."""
    parser.add_argument("--no-sample", action="store_true", help="begin without the sample course")
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default=ENGLISH,
        help="what a new installation and its sample course speak",
    )


def run(args: Namespace) -> int:
    prepare(application(args, "init"), args)
    print(f"Coursekeep in {instance_folder(args)} is ready.")
    return DONE


def prepare(app: Flask, args: Namespace) -> None:
    """Bring the tables up to date; where nobody has an account, begin as `take_beginning` was told.

    That makes an admin and a course to look at. Says the admin's password, which nobody can ever ask for again.
    Raises Problem, also where a school has lost its database: a worker of a new one would clear its files away.
    """
    with migrate.alone(app.config["INSTANCE"]), app.app_context():
        check_database_kept()
        try:
            migrate.upgrade()
        except migrate.TooNew:
            raise Problem("The tables were made by a newer Coursekeep. Install that one again.") from None
        if nobody_yet():
            with speaking(args.language):
                _begin(sample=not args.no_sample)
        # What comes after may start processes; none shall inherit a connection.
        db.session.remove()
        db.engine.dispose()


def _begin(*, sample: bool) -> None:
    """Make what a new installation begins with, in the language that is spoken."""
    admin = _make_first_admin()
    if current_language() != ENGLISH:
        with write_transaction():
            set_setting("language", current_language(), by=None)
    if sample:
        make_sample_course(admin)


def _make_first_admin() -> User:
    password = "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(4))
    admin = User(username="admin", role=SiteRole.ADMIN, password_hash=hash_password(password))
    with write_transaction() as session:
        session.add(admin)
    print(f"Sign in as {admin.username} with the password {password} (shown only now).", flush=True)
    return admin
