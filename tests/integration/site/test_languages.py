"""In which language pages and mails are."""

from tests.factories import make_person
from tests.pages import form_data, text
from webapp.extensions import db
from webapp.models import User, set_setting


def has_lang(client, **headers):
    answer = client.get("/sign-in", headers=headers)
    return answer.text.split('<html lang="', 1)[1].split('"', 1)[0]


def test_before_somebody_signs_in_their_browser_says_what_they_read(client):
    assert has_lang(client, Accept_Language="fr-CH, fr;q=0.9, en;q=0.8") == "fr"
    assert has_lang(client, Accept_Language="el") == "en"


def test_the_school_says_what_is_spoken_where_nobody_has_chosen(client):
    set_setting("language", "fr", by=None)
    db.session.commit()

    assert has_lang(client) == "fr"
    assert has_lang(client, Accept_Language="en") == "en"


def test_somebody_chooses_their_own_language(client, page, sign_in_as):
    nadia = sign_in_as(make_person("nadia"))

    client.post("/account", data=form_data(page("/account").main.form, language="fr"))
    french = page("/account")
    client.post("/account", data=form_data(french.main.form, language=""))

    assert french.html["lang"] == "fr"
    assert "Langue" in text(french.main)
    assert page("/account").html["lang"] == "en"
    assert db.session.get(User, nadia.id).language is None


def test_there_is_no_choosing_a_language_that_there_is_not(client, page, sign_in_as):
    nadia = sign_in_as(make_person("nadia"))

    answer = client.post("/account", data=form_data(page("/account").main.form, language="xx"))

    assert answer.status_code == 422
    assert db.session.get(User, nadia.id).language is None
