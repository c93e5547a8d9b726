"""Addresses that templates fill in are those that Flask builds."""

import pytest
from flask import url_for

from webapp.pages.addressing import address_of, asset, icon


@pytest.mark.parametrize("base", ["http://localhost/", "http://localhost/school/"])
@pytest.mark.parametrize("first", [1, 12, 2_000_000_012])
def test_every_address_with_numbers_is_the_one_that_flask_builds(app, base, first):
    with app.test_request_context("/", base_url=base):
        for rule in app.url_map.iter_rules():
            numbers = {name: first + place for place, name in enumerate(sorted(rule.arguments))}
            if all(type(one).__name__ == "IntegerConverter" for one in rule._converters.values()):
                assert address_of(rule.endpoint, **numbers) == url_for(rule.endpoint, **numbers)


def test_numbers_that_the_path_does_not_hold_and_words_are_filled_in_too(app):
    with app.test_request_context("/"):
        for _ in range(2):
            assert address_of("courses.index", page=3) == "/?page=3"
            assert address_of("courses.index", q="a&b", page=3) == "/?q=a%26b&page=3"
            assert address_of("courses.index", page=None) == "/"
            assert address_of("courses.show_course", course_id=7, _anchor="s1") == "/courses/7#s1"


def test_an_address_that_is_none_is_refused_each_time(app):
    with app.test_request_context("/"):
        for _ in range(2):
            with pytest.raises(Exception, match="course_id"):
                address_of("courses.show_course")


def test_an_icon_stands_for_a_word_or_beside_one(app):
    with app.test_request_context("/"):
        assert f'href="{asset("icons.svg")}#i-bin"' in icon("bin")
        assert 'aria-hidden="true"' in icon("bin")
        assert 'role="img" aria-label="&lt;b&gt;"' in icon("done", "<b>")
