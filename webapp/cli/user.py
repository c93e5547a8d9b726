"""`coursekeep user add`: makes an account."""

from __future__ import annotations

import sys
from argparse import Namespace

from webapp.access.directory import Refused
from webapp.cli.command import DONE, Commands, Problem, opened
from webapp.models import SiteRole
from webapp.people.operations import Details, add_person, link_for


def add(commands: Commands) -> None:
    parser = commands.add("user", run, "make an account")
    parser.add_argument("what", choices=["add"])
    parser.add_argument("name", metavar="NAME", help="what they sign in with")
    parser.add_argument("--email", required=True)
    parser.add_argument("--role", required=True, choices=[role.value for role in SiteRole])
    parser.add_argument("--first", default="", metavar="NAME", help="first name")
    parser.add_argument("--last", default="", metavar="NAME", help="last name")
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from the first line of the input"
    )


def run(args: Namespace) -> int:
    password = sys.stdin.readline().rstrip("\r\n") if args.password_stdin else None
    with opened(args):
        details = Details(args.name, args.email, args.first, args.last, SiteRole(args.role))
        try:
            user = add_person(details, password)
        except Refused as refused:
            raise Problem(str(refused)) from None
        print(f"{user.username} has an account.")
        if password is None:
            print(f"With this link they set a password, within seven days: {link_for(user)}")
    return DONE
