"""What the pages of a real course show: each activity that has a viewer, beside its archive."""

import pytest

from tests.corpus import corpus_file
from tests.factories import make_person, make_teacher
from tests.pages import text
from tests.viewing import address_in, restored_from
from webapp.content.lookups import activities_of
from webapp.courses.viewers import VIEWERS

#: What stands on an activity's page for teachers, and for nobody else.
HELD = {
    "Shore talk 💬": ["我看到了三條船。", "Rated 7 of 10", "2 answers"],
    "Observation log": ["La mer était calme", "88.5 of 100", "Good detail, Élodie."],
    "Which pier shall we visit?": ["2 answers: Élodie Quaymont, Bram Tolliver"],
    "How was the walk?": ["agréable", "wietrzny"],
    "Words of the shore": ["The water going out.", "Also: falling tide, reflux"],
    "Shared log wiki": ["Grey sky, calm water.", "潮丸"],
    "Shell catalogue": ["Under the third step of the quay.", "Fri 12 Sep 2025"],
}


@pytest.fixture
def restored(app):
    return restored_from(corpus_file("tide101-4.5-users").read_bytes())


def test_teachers_find_what_the_archive_holds_and_pupils_do_not(page, restored, sign_in_as):
    for make, is_there in ((make_teacher, True), (make_person, False)):
        sign_in_as(make(course=restored))
        for name, held in HELD.items():
            words = text(page(address_in(restored, name)).main)

            assert [one in words for one in held] == [is_there] * len(held), name


def test_every_picture_of_a_viewer_is_given_out(page, client, restored, sign_in_as):
    sign_in_as(make_teacher(course=restored))
    pictures = set()

    for activity in activities_of(restored.version_id):
        if activity.type in VIEWERS:
            soup = page(f"/courses/{restored.id}/activities/{activity.id}")
            pictures |= {one["src"] for one in soup.select("main img")}

    assert len(pictures) > 3
    assert {one: client.get(one).status_code for one in pictures} == dict.fromkeys(pictures, 200)
