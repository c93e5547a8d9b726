"""When a date of an activity is changed, what stands for it in the calendar follows."""

from datetime import datetime

import pytest

from tests.course_documents import leaves, node
from tests.factories import make_teacher
from tests.restored import backed_up, root
from tests.viewing import MODULE, address_in, own, restored_with
from tests.written import kept, send

OPENS, CLOSES = (int(datetime(2031, 3, day, 8, 0).timestamp()) for day in (4, 9))
HOUR = 3600


def event(number, kind, start, **more):
    values = {"timeduration": 0, "timesort": start, "timemodified": 5, "groupid": 0, "userid": 0} | more
    return node("event", leaves(name=kind, courseid=7, eventtype=kind, timestart=start, **values), id=number)


@pytest.fixture
def restored(app, sign_in_as):
    """A quiz with these events; and its teacher."""

    def make(*events):
        course = restored_with(
            "quiz",
            own(timeopen=OPENS, timeclose=CLOSES, timemodified=5),
            calendar=node("events", list(events)),
        )
        return course, sign_in_as(make_teacher(course=course))

    return make


def events(course, by):
    """Name -> when it is, how long it lasts, by what it is put in order."""
    found = root(backed_up(course, by), f"activities/quiz_{MODULE}/calendar.xml").iterfind("event")
    names = ("timestart", "timeduration", "timesort")
    return {int(one.get("id")): tuple(int(one.findtext(name)) for name in names) for one in found}


def change(page, client, course, **dates):
    assert send(client, page(f"{address_in(course)}/edit"), **dates).status_code == 303


def test_the_event_of_a_date_moves_with_it_and_no_other(page, client, restored):
    course, teacher = restored(
        event(1, "open", OPENS), event(2, "close", CLOSES),
        event(3, "close", CLOSES + HOUR, groupid=61), event(4, "reminder", CLOSES),
    )  # fmt: skip

    change(page, client, course, timeclose="2031-03-20T12:00")

    at = int(datetime(2031, 3, 20, 12, 0).timestamp())
    assert events(course, teacher) == {
        1: (OPENS, 0, OPENS), 2: (at, 0, at), 3: (CLOSES + HOUR, 0, CLOSES + HOUR), 4: (CLOSES, 0, CLOSES),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "start", "end"),
    [
        ({"timeclose": "2031-03-20T12:00"}, OPENS, datetime(2031, 3, 20, 12, 0)),
        ({"timeopen": "2031-03-05T08:00"}, datetime(2031, 3, 5, 8, 0), CLOSES),
    ],
)
def test_one_event_from_opening_to_closing_reaches_as_far_as_they_do(
    page, client, restored, dates, start, end
):
    course, teacher = restored(event(1, "open", OPENS, timeduration=CLOSES - OPENS))

    change(page, client, course, **dates)

    first, last = (int(one.timestamp()) if isinstance(one, datetime) else one for one in (start, end))
    assert events(course, teacher) == {1: (first, last - first, first)}


def test_the_event_of_a_date_that_is_taken_away_goes(page, client, restored):
    course, teacher = restored(event(1, "open", OPENS), event(2, "close", CLOSES))

    change(page, client, course, timeclose="")

    assert events(course, teacher) == {1: (OPENS, 0, OPENS)}


def test_a_name_that_changes_moves_nothing(page, client, restored):
    course, _ = restored(event(1, "open", OPENS))
    before = {key: held for key, held in kept(course).items() if key[0] == "Record"}

    change(page, client, course, name="Other name")

    assert {key: held for key, held in kept(course).items() if key[0] == "Record"} == before
