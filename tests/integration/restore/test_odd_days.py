"""Days and numbers that no clock and no database can reckon with: a sentence, and no failure."""

import pytest

from tests.factories import make_admin, make_course
from tests.pages import form_data, parse
from tests.restored import activity, restored


@pytest.fixture
def admin(app, sign_in_as):
    return sign_in_as(make_admin())


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_course_begins_on_a_day_that_can_be(client, admin, day):
    address = f"/courses/{make_course().id}/settings"
    form = parse(client.get(address).text).main.find("form", method="post")

    answer = client.post(address, data=form_data(form, start=day))

    assert answer.status_code == 422
    assert "Take a day between 1970 and 2999." in answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("address", ["/jobs?day={}", "/people/log?since={}", "/people/log?until={}"])
def test_lists_are_narrowed_by_days_that_can_be(client, admin, address, day):
    assert client.get(address.format(day)).status_code < 500


def test_a_number_beyond_all_bounds_can_not_be_read(client, admin):
    course = restored(admin)
    page = activity(course, "Read a tide table")

    answer = client.post(
        f"/courses/{course.id}/activities/{page.id}/move", data={"section_id": "9" * 30, "before": ""}
    )

    assert answer.status_code == 400
    assert "That could not be read" in answer.text
