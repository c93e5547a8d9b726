"""The dates of activities and what is said in them to people, beside their names and descriptions."""

from datetime import datetime
from xml.sax.saxutils import escape

import pytest

from tests.factories import make_teacher
from tests.pages import form_data, text
from tests.restored import backed_up, root
from tests.viewing import MODULE, address_in, own, parsed, restored_with
from tests.written import kept, send, the_form

#: With seconds, which no field for dates shows.
OPENS = int(datetime(2031, 3, 4, 8, 0).timestamp()) + 17
DATES = {
    "assign": ("allowsubmissionsfromdate", "duedate", "cutoffdate", "gradingduedate"),
    "bigbluebuttonbn": ("openingtime", "closingtime"),
    "chat": ("chattime",),
    "choice": ("timeopen", "timeclose"),
    "data": (
        "timeavailablefrom", "timeavailableto", "timeviewfrom", "timeviewto", "assesstimestart", "assesstimefinish",
    ),
    "feedback": ("timeopen", "timeclose"),
    "forum": ("duedate", "cutoffdate", "assesstimestart", "assesstimefinish"),
    "glossary": ("assesstimestart", "assesstimefinish"),
    "lesson": ("available", "deadline"),
    "quiz": ("timeopen", "timeclose"),
    "scorm": ("timeopen", "timeclose"),
    "wiki": ("editbegin", "editend"),
    "workshop": ("submissionstart", "submissionend", "assessmentstart", "assessmentend"),
}  # fmt: skip


def restored(kind, sign_in_as, **values):
    course = restored_with(kind, own(**values, timemodified=5))
    return course, sign_in_as(make_teacher(course=course))


def settings_of(course, by, kind):
    found = root(backed_up(course, by), f"activities/{kind}_{MODULE}/{kind}.xml").find(kind)
    return {leaf.tag: leaf.text or "" for leaf in found}


def form_of(page, course):
    return page(f"{address_in(course)}/edit")


@pytest.mark.parametrize("kind", DATES)
def test_every_date_of_a_type_is_set_and_taken_away(page, client, app, sign_in_as, kind):
    first, *others = DATES[kind]
    course, teacher = restored(
        kind, sign_in_as, **dict.fromkeys(DATES[kind], 0) | {first: OPENS, "later": "kept"}
    )
    form = form_of(page, course)
    assert form.find("input", id=first)["value"] == "2031-03-04T08:00"

    send(client, form, **{first: ""} | {name: f"2032-01-0{day}T09:30" for day, name in enumerate(others, 1)})

    after = settings_of(course, teacher, kind)
    assert [after[name] for name in DATES[kind]] == [
        "0",
        *(str(int(datetime(2032, 1, day, 9, 30).timestamp())) for day in range(1, len(others) + 1)),
    ]
    assert (after["later"], after["name"]) == ("kept", "Looked at")
    assert after["timemodified"] != "5"


def test_a_date_that_nobody_touched_keeps_its_seconds(page, client, app, sign_in_as):
    course, teacher = restored("quiz", sign_in_as, timeopen=OPENS, timeclose="")

    send(client, form_of(page, course), name="Other name")

    after = settings_of(course, teacher, "quiz")
    assert (after["name"], after["timeopen"], after["timeclose"]) == ("Other name", str(OPENS), "")


def test_what_ends_before_it_begins_is_refused(page, client, app, sign_in_as):
    course, _ = restored("quiz", sign_in_as, timeopen=OPENS, timeclose=0)
    before = kept(course)

    answer = send(client, form_of(page, course), timeclose="2031-03-04T07:59")

    assert answer.status_code == 422
    assert "This is before “Opens”." in answer.text
    assert 'value="2031-03-04T07:59"' in answer.text
    assert kept(course) == before


def test_what_an_archive_holds_the_wrong_way_round_may_stay(page, client, app, sign_in_as):
    course, teacher = restored("quiz", sign_in_as, timeopen=OPENS, timeclose=OPENS - 9000)

    assert send(client, form_of(page, course), name="Other name").status_code == 303
    assert settings_of(course, teacher, "quiz")["timeclose"] == str(OPENS - 9000)


@pytest.mark.parametrize("typed", ["tomorrow", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_what_is_no_date_of_a_course_is_refused(page, client, app, sign_in_as, typed):
    course, _ = restored("quiz", sign_in_as, timeopen=OPENS, timeclose=0)
    before = kept(course)

    assert send(client, form_of(page, course), timeopen=typed).status_code == 422
    assert kept(course) == before


@pytest.mark.parametrize("odd", ["$@NULL@$", "soon", "9" * 30, "-5"])
def test_a_date_that_is_none_stays_as_it_is(page, client, app, sign_in_as, odd):
    course, teacher = restored("quiz", sign_in_as, timeopen=odd)

    send(client, form_of(page, course), name="Other name")

    assert settings_of(course, teacher, "quiz")["timeopen"] == odd


TEXTS = {
    "assign": ("activity",),
    "feedback": ("page_after_submit",),
    "workshop": ("instructauthors", "instructreviewers", "conclusion"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_what_is_said_to_people_is_changed_each_by_itself(page, client, app, sign_in_as, kind):
    said = dict.fromkeys(TEXTS[kind], "<P>As it came") | {f"{name}format": 1 for name in TEXTS[kind]}
    course, teacher = restored(kind, sign_in_as, **said)

    for name in TEXTS[kind]:
        send(client, form_of(page, course), **{name: f"<p>About {name}</p>"})

        after = settings_of(course, teacher, kind)
        assert after[name] == f"<p>About {name}</p>"
    assert after["intro"] == "<p>What it is about.</p>"


def test_a_null_that_nobody_touched_stays_one_and_a_text_in_its_place_has_a_format(
    page, client, app, sign_in_as
):
    course, teacher = restored("assign", sign_in_as, activity="$@NULL@$", activityformat=0, duedate=0)

    send(client, form_of(page, course), intro="<p>Other</p>")
    assert settings_of(course, teacher, "assign")["activity"] == "$@NULL@$"
    send(client, form_of(page, course), activity="<p>Write it</p>")

    after = settings_of(course, teacher, "assign")
    assert (after["activity"], after["activityformat"]) == ("<p>Write it</p>", "1")


def test_an_older_archive_without_a_leaf_gets_none(page, client, app, sign_in_as):
    course, teacher = restored("assign", sign_in_as, duedate=OPENS)
    soup = form_of(page, course)
    assert "gradingduedate" not in form_data(the_form(soup))

    send(client, soup, duedate="")

    after = settings_of(course, teacher, "assign")
    assert after["duedate"] == "0"
    assert "gradingduedate" not in after


def test_a_plugins_activity_has_its_name_and_description_alone(page, app, sign_in_as):
    course, _ = restored("crossword", sign_in_as, timeopen=OPENS)

    assert set(form_data(the_form(form_of(page, course)))) == {"csrf_token", "mark", "name", "intro"}


OPTIONS = "".join(
    f"<option id='{number}'><text>{escape(words)}</text><maxanswers>{limit}</maxanswers><timemodified>5</timemodified>"
    "</option>"
    for number, words, limit in ((3, "North & south", 0), (4, "West", 2))
)


def test_the_options_of_a_choice_are_changed_together(page, client, app, sign_in_as):
    course = restored_with("choice", [*own(limitanswers=1), *parsed(f"<options>{OPTIONS}</options>")])
    teacher = sign_in_as(make_teacher(course=course))
    link = next(
        one["href"] for one in page(address_in(course)).select("main a") if "Edit the options" in text(one)
    )
    soup = page(link)
    assert [text(one) for one in soup.select("legend")] == ["Option 1", "Option 2"]

    send(client, soup, options_option_2_text="East <pier>", options_option_1_maxanswers="5")

    path = f"activities/choice_{MODULE}/choice.xml"
    first, second = root(backed_up(course, teacher), path).iterfind("choice/options/option")
    assert (first.findtext("text"), first.findtext("maxanswers")) == ("North & south", "5")
    assert (second.findtext("text"), second.findtext("maxanswers")) == ("East <pier>", "2")


def test_a_limit_is_a_number(page, client, app, sign_in_as):
    course = restored_with("choice", [*own(limitanswers=1), *parsed(f"<options>{OPTIONS}</options>")])
    sign_in_as(make_teacher(course=course))

    answer = send(client, page(f"{address_in(course)}/texts/options"), options_option_1_maxanswers="-1")

    assert answer.status_code == 422
    assert "A number from 0 on." in answer.text
