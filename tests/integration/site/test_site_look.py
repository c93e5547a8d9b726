"""A school has its own name, logo and colour on every page, and on its mails."""

import email
import email.policy
import io
import re

import pytest

from jobs import notify
from jobs.runner import run_claimed
from tests.archives import PICTURE
from tests.factories import keep, make_admin, make_teacher
from tests.pages import parse, text
from webapp import places
from webapp.extensions import db
from webapp.models import AuditEntry, Job, Message, Setting, SiteLogo
from webapp.site_settings.palette import COLOURS

JPEG, GIF = b"\xff\xd8\xff\xe0" + b"j" * 40, b"GIF89a" + b"g" * 40
WEBP = b"RIFF\x28\x00\x00\x00WEBPVP8 " + b"w" * 30
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def ruth(sign_in_as):
    return sign_in_as(make_admin("ruth", first_name="Ruth", last_name="Adeyemi"))


@pytest.fixture
def bring(client):
    def send(content, name="logo.png"):
        return client.post("/settings/school/logo", data={"logo": (io.BytesIO(content), name)})

    return send


def logo_on(shown):
    found = shown.select_one(".brand img")
    return found["src"] if found else None


def test_pages_say_the_name_of_the_school_on_top_once_it_has_one(decide, sign_in_as, page):
    at_the_door = page("/sign-in").select_one(".brand")
    decide(site_name="Larkmere & <Sons>")
    sign_in_as(make_teacher())

    assert text(at_the_door) == "Coursekeep"
    assert text(page("/").select_one(".mast .brand")) == "Larkmere & <Sons>"
    assert text(page("/nowhere", status=404).select_one(".brand")) == "Larkmere & <Sons>"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PICTURE, "image/png"), (JPEG, "image/jpeg"), (GIF, "image/gif"), (WEBP, "image/webp")],
)
def test_a_logo_is_sent_to_everybody_as_what_its_bytes_are(ruth, bring, client, page, content, kind):
    answer = bring(content, "logo.html")
    with client.session_transaction() as session:
        session.clear()
    address = logo_on(page("/sign-in"))
    sent = client.get(address)

    assert (answer.status_code, answer.location) == (303, "/settings/school")
    assert (sent.status_code, sent.data, sent.mimetype) == (200, content, kind)
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "immutable" in sent.headers["Cache-Control"]
    assert "Set-Cookie" not in sent.headers


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (SVG, "Take a PNG, JPEG, GIF or WebP."),
        (b"<html><script>alert(1)</script></html>", "Take a PNG, JPEG, GIF or WebP."),
        (b"%PDF-1.7", "Take a PNG, JPEG, GIF or WebP."),
        (b"", "Choose a picture first."),
        (PICTURE + b"\0" * 500_000, "This picture has more than 500 kB."),
    ],
)
def test_what_can_be_no_logo_is_refused_and_changes_nothing(ruth, bring, page, content, says):
    bring(GIF)
    before = logo_on(page("/settings/school"))

    refused = bring(content, "logo.png")

    shown = parse(refused.text)
    assert refused.status_code == 422
    assert says in text(shown.select_one("#logo-error"))
    assert shown.select_one("#site_name")["value"] == "Our school"
    assert logo_on(shown) == before
    assert db.session.query(SiteLogo).count() == 1


def test_another_logo_takes_the_place_of_the_first_and_can_be_taken_away(ruth, bring, client, page):
    bring(GIF)
    first = logo_on(page("/settings/school"))
    bring(JPEG)
    second = logo_on(page("/settings/school"))

    assert first != second
    assert client.get(first).status_code == 404
    client.post("/settings/school/put-back", data={"name": "logo"})

    shown = page("/settings/school")
    assert logo_on(shown) is None
    assert client.get(second).status_code == 404
    assert db.session.query(SiteLogo).count() == 0
    assert "JPEG, 44 bytes → none" in text(shown.main)
    assert [one.detail for one in db.session.query(AuditEntry).order_by(AuditEntry.id)] == [
        "none → GIF, 46 bytes",
        "GIF, 46 bytes → JPEG, 44 bytes",
        "JPEG, 44 bytes → none",
    ]


def test_only_admins_bring_a_logo(sign_in_as, bring):
    sign_in_as(make_teacher())

    assert bring(GIF).status_code == 403
    assert db.session.query(SiteLogo).count() == 0


@pytest.mark.parametrize("colour", [name for name in COLOURS if name != "green"])
def test_a_colour_comes_with_every_page_as_a_stylesheet_that_browsers_keep(decide, client, page, colour):
    plain = page("/sign-in").select("link[rel=stylesheet]")
    decide(colour=colour)
    linked = page("/sign-in").select("link[rel=stylesheet]")
    sent = client.get(linked[-1]["href"])

    assert len(linked) == len(plain) + 1
    assert (sent.status_code, sent.mimetype) == (200, "text/css")
    assert re.search(rf"--accent: {COLOURS[colour].day.accent};", sent.text)
    assert "immutable" in sent.headers["Cache-Control"]
    assert "v=" in linked[-1]["href"]


def test_a_colour_is_chosen_by_its_sample(ruth, client, page):
    shown = page("/settings/school")
    samples = client.get(shown.select("link[rel=stylesheet]")[-1]["href"])

    assert [one["value"] for one in shown.select("input[name=colour]")] == list(COLOURS)
    for sample in shown.select(".swatch"):
        assert f".{sample['class'][1]} " in samples.text


def test_there_are_no_other_colours(ruth, client, page):
    refused = client.post("/settings/school", data={"site_name": "Larkmere", "colour": "red;}"})

    assert refused.status_code == 422
    assert db.session.query(Setting).count() == 0
    assert client.get("/site/colours/red.css").status_code == 404


def test_a_colour_that_is_no_longer_there_leaves_the_look_as_it_came(decide, page):
    decide(colour="mauve")

    assert "colours" not in str(page("/sign-in").head)


def a_letter_to(user):
    """A mail as it lies in the folder where no mail server is set."""
    message = keep(
        Message(user_id=user.id, event="x", subject="Done", text="Done.", html="<p>Done.</p>", by_mail=True)
    )
    notify.add_mail_job(db.session(), message)
    db.session.commit()
    run_claimed(db.session.query(Job).one().id)
    (path,) = places.mail_folder().glob("*.eml")
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def test_mails_bring_the_logo_along(ruth, bring):
    bring(GIF)

    letter = a_letter_to(ruth)

    (picture,) = [part for part in letter.walk() if part.get_content_type() == "image/gif"]
    assert picture.get_content() == GIF
    assert f'<img src="cid:{picture["Content-ID"].strip("<>")}"' in letter.get_body(("html",)).get_content()


def test_mails_have_no_picture_where_there_is_no_logo(ruth):
    assert "<img" not in a_letter_to(ruth).get_body(("html",)).get_content()
