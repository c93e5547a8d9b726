"""Questions that come into a course: what says which of them a quiz draws goes on saying it."""

import json

import pytest

from tests.added import leaf_texts
from tests.archives import pack_tgz
from tests.factories import make_admin
from tests.members import members_of
from tests.quiz_course import drawn, quiz_course
from tests.running import back_up, merge, restore

TAGGED = '<tags><tag id="{0}" contextid="70"><name>tide</name><rawname>{1}</rawname></tag></tags></question>'
FILTERS = ".//question_set_reference/filtercondition"


def tagged(number, name, site):
    """A course of a site with a tag on its questions, and a quiz that draws by it."""
    members = quiz_course([drawn(81)])
    members["questions.xml"] = members["questions.xml"].replace(
        b"</question>", TAGGED.format(number, name).encode()
    )
    members["moodle_backup.xml"] = members["moodle_backup.xml"].replace(b"0f" * 16, site * 32)
    by_tag = b'{"filter": {"qtagids": {"jointype": 1, "values": [%d]}, ' % number
    members["activities/quiz_44/quiz.xml"] = members["activities/quiz_44/quiz.xml"].replace(
        b'{"filter": {', by_tag
    )
    return pack_tgz(members)


@pytest.mark.parametrize(
    ("site", "name", "draws"), [(b"b", "Tide", 12), (b"a", "Tide", 57), (b"b", "Ebb", None)]
)
def test_a_random_place_draws_by_the_tag_that_the_course_knows(app, site, name, draws):
    admin = make_admin()
    _, course = restore(tagged(12, "tide", b"a"), admin)

    merge(tagged(57, name, site), admin, course)

    _, path = back_up(course, admin)
    members = members_of(path)
    quiz = next(one for one in members if one.endswith("/quiz.xml") and "quiz_44/" not in one)
    condition = json.loads(leaf_texts(members, quiz, FILTERS)[0])
    asked = condition["filter"]["qtagids"]["values"][0]
    assert asked == draws if draws else asked > 57
