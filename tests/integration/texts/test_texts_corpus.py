"""Everything that can be edited in real courses, changed through its form, and nothing else."""

import re

import pytest

from tests.corpus import COURSES, corpus_file, each_of
from tests.factories import make_admin
from tests.members import members_of
from tests.pages import form_data
from tests.running import back_up, restore
from tests.written import differing_leaves, edit_links, kept, send, the_form
from webapp.content.kinds import OWN_KINDS
from webapp.content.lookups import activities_of

#: What says that a leaf beside it has been changed.
MARKS = ("/timemodified", "/stamp", "/version", "format", "/revision")
RICHEST = "tide101-4.5-users"
#: What has to be among that which can be edited, so that not everything is missing at once.
EDITED = (
    "/assign/activity", "/assign/duedate", "/chapter/content", "/option/text", "/entry/definition", "/page/contents",
    "/answer/answer_text", "/question/questiontext", "/answer/answertext", "/answer/feedback", "/match/answertext",
    "/item/name", "/feedback/feedbacktext", "/field/description", "/quiz/timeclose",
)  # fmt: skip


@pytest.fixture
def office(app, sign_in_as):
    return sign_in_as(make_admin("office"))


@pytest.fixture(params=each_of(COURSES, quick=[RICHEST]))
def course(office, request):
    _, course = restore(corpus_file(request.param).read_bytes(), office)
    course.archive = request.param
    return course


def forms_of(page, course):
    """The address of every form that changes something in an activity or a question."""
    activities = [f"/courses/{course.id}/activities/{one.id}" for one in activities_of(course.version_id)]
    bank = page(f"/courses/{course.id}/questions")
    pages = [*activities, *(one["href"].partition("#")[0] for one in bank.select(".categories a"))]
    links = {re.sub(r"\?.*", "", link) for one in pages for link in edit_links(page(one))}
    return sorted(links) + [f"{one}/edit" for one in activities]


def forms_of_restored_types(page, course):
    """Of those types that are not our own; a wiki's pages grow by a version, which other tests look at."""
    rows = activities_of(course.version_id)
    own = {f"/{one.id}/edit" for one in rows if one.type in OWN_KINDS}
    own |= {f"/activities/{one.id}/texts/" for one in rows if one.type == "wiki"}
    return [one for one in forms_of(page, course) if not any(part in one for part in own)]


def rewritten(form):
    """Something else in every field that a person types into."""
    typed = {}
    for field in form.select("input[type=text], input[type=datetime-local], textarea"):
        name, said = field["name"], form_data(form)[field["name"]]
        if re.fullmatch(r"[-+]?[\d.]+|\*", said):
            typed[name] = str(17.25 + len(typed))
        elif field.name == "textarea":
            typed[name] = f"{said}<p>Rewritten {len(typed)}.</p>"
        else:
            typed[name] = "2031-05-06T07:08" if field["type"] == "datetime-local" else f"{said} {len(typed)}"
    return typed


def test_forms_that_come_back_as_they_were_change_nothing(page, client, course):
    before, addresses = kept(course), forms_of(page, course)

    statuses = {send(client, page(address)).status_code for address in addresses}

    assert statuses <= {303}
    assert course.archive != RICHEST or len(addresses) > 40
    assert kept(course) == before


def test_what_is_typed_is_in_the_next_backup_and_nothing_else_differs(page, client, course, office):
    _, path = back_up(course, office)
    before = members_of(path)

    fields = 0
    for address in forms_of_restored_types(page, course):
        soup = page(address)
        typed = rewritten(the_form(soup))
        assert send(client, soup, **typed).status_code == 303, address
        fields += len(typed)

    _, path = back_up(course, office)
    differing = differing_leaves(before, members_of(path))
    changed = {
        place: text
        for place, text in differing.items()
        if not re.sub(r"\[\d+\]$", "", place[1]).endswith(MARKS)
        and not place[0].endswith("/calendar.xml")  # events follow the dates that were typed
    }
    assert len(changed) == fields
    bare = {re.sub(r"\[\d+\]", "", path) for _, path in changed}
    wanted = EDITED if course.archive == RICHEST else ()
    assert [one for one in wanted if not any(path.endswith(one) for path in bare)] == []
