"""Asks a served installation over plain HTTP, and sees an answer while it still comes in."""

import http.client
import time
import urllib.parse
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from itsdangerous import URLSafeTimedSerializer

from tests.factories import make_sign_in

SECRET = "the secret of this browser"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str
    #: From asking until its head had come.
    seconds: float

    @property
    def location(self):
        return self.headers["Location"]


@dataclass
class Caller:
    """One person with a session of their own."""

    url: str
    headers: dict = field(default_factory=dict)

    @classmethod
    def of(cls, app, url, user):
        """The person as they are once they have signed in."""
        session = {"token": make_sign_in(user), "csrf_token": SECRET}
        cookie = app.session_interface.get_signing_serializer(app).dumps(session)
        token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(SECRET)
        name = app.config["SESSION_COOKIE_NAME"]
        return cls(url, {"Cookie": f"{name}={cookie}", "X-CSRFToken": token})

    def connect(self):
        address = urlsplit(self.url)
        return http.client.HTTPConnection(address.hostname, address.port, timeout=60)

    def ask(self, method, path, body=None, connection=None, **headers):
        """Send and read all of the answer. A dict is sent as a form."""
        with closing(connection or self.connect()) as connection:
            answer, seconds = self.begin(connection, method, path, body, **headers)
            return Answer(answer.status, answer.headers, answer.read().decode(), seconds)

    def begin(self, connection, method, path, body=None, **headers):
        """Send; returns the answer when its head has come, and how many seconds that took."""
        if isinstance(body, dict):
            body = urllib.parse.urlencode(body, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.connect()
        began = time.perf_counter()
        connection.request(method, path, body, self.headers | headers)
        answer = connection.getresponse()
        return answer, time.perf_counter() - began

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, body or {}, **headers)
