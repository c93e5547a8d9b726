"""What every test may ask for: the application, a browser without a screen, and mail that stays here."""

import contextvars
import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy.util import LRUCache
from whitenoise import WhiteNoise

from jobs.nudge_file import NudgeFile
from tests import tables
from tests.factories import begin_to_write, make_sign_in
from tests.pages import lint, parse
from webapp import create_app, migrate
from webapp.cli import main
from webapp.extensions import db, mail
from webapp.models import set_setting


@pytest.fixture(scope="session")
def template_database(tmp_path_factory):
    """An empty database with all tables, beside an empty file of nudges; copying is faster than making anew."""
    path = tmp_path_factory.mktemp("template") / "coursekeep.sqlite"
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        db.metadata.create_all(connection)
        # What all steps would make: tests/integration/site/test_migrate.py sees to that.
        MigrationContext.configure(connection).stamp(ScriptDirectory(str(migrate.FOLDER)), "head")
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode=wal")
    NudgeFile("coursekeep", filename=str(path.with_name("queue.sqlite"))).close()
    return path


@dataclass(frozen=True)
class Compiled:
    """What one application has compiled and the next need not compile again."""

    templates: BytecodeCache
    statements: LRUCache
    #: Statements are compiled for one dialect object.
    dialect: sa.Dialect

    def lend(self, app):
        """To be called in the application's context."""
        app.jinja_env.bytecode_cache = self.templates
        db.engine.dialect = self.dialect
        db.engine.update_execution_options(compiled_cache=self.statements)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    engine = sa.create_engine("sqlite://")
    engine.connect().close()  # the dialect looks at what SQLite can do
    engine.dispose()
    templates = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))
    return Compiled(templates, LRUCache(4000), engine.dialect)


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """Have the static files looked through once, and not again for each application."""
    look, found = WhiteNoise.update_files_dictionary, {}

    def look_once(self, root, prefix):
        if (root, prefix) not in found:
            look(self, root, prefix)
            found[root, prefix] = self.files.copy()
        self.files.update(found[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", look_once)
        yield


@pytest.fixture
def instance(tmp_path, template_database):
    return make_instance(tmp_path, template_database)


@pytest.fixture
def app(instance, compiled):
    """The whole application on a folder of its own, with its context open for the test."""
    with opened_app(instance, compiled) as app:
        yield app


def make_instance(folder, template_database):
    """The folder of an installation in this folder, with an empty database."""
    instance = folder / "instance"
    instance.mkdir()
    for database in template_database.parent.glob("*.sqlite"):
        shutil.copy(database, instance)
    return instance


@contextmanager
def opened_app(instance, compiled):
    app = create_app(INSTANCE=instance, TESTING=True)
    app.test_client_class = Browser
    with app.app_context():
        compiled.lend(app)
        sa.event.listen(db.engine, "connect", _hurry)
        yield app
        db.session.remove()
        db.engine.dispose()


def _hurry(connection, _record):
    # No test outlives a power cut: it need not wait until each line has reached the disk.
    connection.execute("pragma synchronous=off")


class Browser(FlaskClient):
    """Asks as a page of ours would: with the token of its forms, and nothing of the test's own context."""

    def open(self, *args, **kwargs):
        headers = dict(kwargs.pop("headers", None) or {})
        if kwargs.get("method", "GET") == "POST":
            headers.setdefault("X-CSRFToken", self._token())
        kwargs.setdefault("buffered", True)
        answer = contextvars.Context().run(super().open, *args, headers=headers, **kwargs)
        # What the test has loaded before is read again: the request may have changed it.
        db.session.rollback()
        db.session.expire_all()
        return answer

    def _token(self):
        signer = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token")
        with self.session_transaction() as session:
            return signer.dumps(session.setdefault("csrf_token", "the secret of this browser"))


@pytest.fixture
def client(app: Flask):
    return app.test_client()


@pytest.fixture
def sign_in_as(client):
    """Make the client the browser of this person."""

    def sign_in(user):
        token = make_sign_in(user)
        with client.session_transaction() as session:
            session.clear()
            session["token"] = token
        return user

    return sign_in


@pytest.fixture
def page(client):
    """Open an address and return the page, checked for what every page must have."""

    def open_page(url, status=200):
        answer = client.get(url)
        assert answer.status_code == status, f"{url} answers {answer.status}: {answer.location or ''}"
        soup = parse(answer.text)
        lint(soup)
        return soup

    return open_page


@pytest.fixture
def decide(app):
    """Change settings, as an admin does."""

    def change(**settings):
        begin_to_write()
        for name, value in settings.items():
            set_setting(name, value, by=None)
        db.session.commit()

    return change


@pytest.fixture
def in_background(decide):
    """Have jobs wait for a worker, which a test may be or not."""
    decide(async_jobs=True)


@pytest.fixture
def coursekeep(app, instance, capsys):
    """Run a command on the test's own installation; returns its exit code, output and errors."""

    def run(*words):
        code = main(["--instance", str(instance), *words])
        db.session.rollback()
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def outbox(app):
    """The mails that were handed to Flask-Mail; none leaves the test."""
    with mail.record_messages() as sent:
        yield sent


def pytest_terminal_summary(terminalreporter):
    for line in tables.lines():
        terminalreporter.write_line(line)
