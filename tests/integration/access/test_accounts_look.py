"""Each browser may be told to be light or dark."""

import pytest

from tests.factories import make_person
from tests.pages import form_data


@pytest.fixture
def choose(sign_in_as, client, page):
    sign_in_as(make_person())

    def send(look):
        form = page("/account/look").select_one("main form")
        return client.post(form["action"], data=form_data(form, look=look))

    return send


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_choice_counts_on_every_page(choose, page, client, look):
    assert not page("/").html.has_attr("data-theme")

    answer = choose(look)

    assert (answer.status_code, answer.location) == (303, "/account/look")
    assert page("/").html["data-theme"] == look
    assert page("/no-such-page", 404).html["data-theme"] == look
    assert page("/account/look").select_one("input[checked]")["value"] == look


@pytest.mark.parametrize("look", ["", "purple", '"><script>'])
def test_anything_else_is_as_the_device_has_it(choose, page, look):
    choose("dark")

    choose(look)

    assert not page("/").html.has_attr("data-theme")


def test_a_cookie_that_somebody_made_up_says_nothing(client, page, sign_in_as):
    sign_in_as(make_person())
    client.set_cookie("look", '"><script>')

    assert not page("/").html.has_attr("data-theme")
