"""Words in braces are filled in, and nothing that is filled in can become more than text."""

import unicodedata

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, strategies as st

from webapp.notices.events import EVENTS
from webapp.notices.placeholders import (
    LONGEST_SUBJECT,
    PLACEHOLDERS,
    fill_html,
    fill_subject,
    fill_text,
    names_in,
    unknown,
)

EXAMPLES = {name: placeholder.example for name, placeholder in PLACEHOLDERS.items()}
#: What somebody might call a course to get more out of a message than its name.
NASTY = st.one_of(
    st.text(),
    st.sampled_from(
        [
            "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</p><h1>Sign in again</h1>",
            "{user_email}", "{{7*7}}", "{% raw %}", "%(user_email)s", "{0.__class__}", "{link", "user_email}",
            "a\r\nBcc: everybody@school.example", "a\nSubject: other", "a\u2028b\u2029c", "a\x00\x1b[31mb",
            "javascript:alert(1)", 'https://x.example/"><b>', "&lt;b&gt;", "\n\n\n",
        ]
    ),
)  # fmt: skip
VALUES = st.fixed_dictionaries(dict.fromkeys(PLACEHOLDERS, NASTY))
EVERY_NAME = " - ".join(f"{{{name}}}" for name in PLACEHOLDERS)


def test_a_message_is_filled_with_its_values():
    body = "Dear {user_firstname},\n\n{course_fullname} is {file_size}."

    text = fill_text(body, EXAMPLES)

    assert text == "Dear Ruth,\n\nTides and Coasts, Year 9 is 664 MB."


def test_blank_lines_part_paragraphs_and_the_link_can_be_followed():
    body = "Look here:\n{link}\n\nUntil then,\r\n{site_name}"

    html = fill_html(body, EXAMPLES)

    soup = BeautifulSoup(html, "html.parser")
    assert [p.get_text() for p in soup.find_all("p")] == [
        f"Look here:\n{EXAMPLES['link']}",
        "Until then,\nLarkmere School",
    ]
    assert soup.a["href"] == EXAMPLES["link"]


def test_a_link_that_is_no_web_address_stays_text():
    html = fill_html("{link}", {"link": "javascript:alert(1)"})

    assert html == "<p>javascript:alert(1)</p>"


def test_several_warnings_stand_on_lines_of_their_own():
    values = {"warnings": "One file is damaged.\nOne file is missing."}

    html, text = fill_html("{warnings}", values), fill_text("{warnings}", values)

    assert html == "<p>One file is damaged.<br>\nOne file is missing.</p>"
    assert text == values["warnings"]


def test_an_unknown_name_is_reported_with_its_line_and_the_nearest_one():
    body = "Dear {user_firstname},\r\n\r\n{course_fullnam} and {Link} are there."

    found = unknown(body)

    assert found == [(3, "course_fullnam", "course_fullname"), (3, "Link", "link")]


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "{ link }", "{{7*7}}", "{% if x %}", "{0.__class__}", "{link.__class__}", "%(link)s", "{1}",
        "{a-b}", "${link", "{" + "a" * 41 + "}", "for(;;){return;}",
    ],
)  # fmt: skip
def test_other_braces_are_text_like_any_other(text):
    filled = fill_text(text, EXAMPLES)

    assert unknown(text) == []
    assert filled == text


def test_double_braces_are_a_name_within_braces():
    filled = fill_text("{{site_name}}", EXAMPLES)

    assert filled == "{Larkmere School}"


def test_a_preview_shows_which_name_would_not_be_filled_in():
    html = fill_html("{course_nam}", EXAMPLES, mark_unknown=True)

    assert html == '<p><mark class="bad">{course_nam}</mark></p>'
    assert fill_html("{course_nam}", EXAMPLES) == "<p>{course_nam}</p>"


def test_what_an_admin_writes_is_text_too():
    html = fill_html("<b>Hello</b> & {site_name}", {"site_name": "Larkmere"})

    assert html == "<p>&lt;b&gt;Hello&lt;/b&gt; &amp; Larkmere</p>"


def test_a_subject_that_is_too_long_is_cut_with_a_mark():
    subject = fill_subject("{course_fullname} is backed up", {"course_fullname": "Tide " * 100})

    assert len(subject) == LONGEST_SUBJECT
    assert subject.endswith("…")


@given(VALUES)
def test_no_value_adds_a_tag(values):
    html = fill_html(EVERY_NAME + "\n\n" + EVERY_NAME, values)

    soup = BeautifulSoup(html, "html.parser")
    links = 2 if values["link"].startswith(("http://", "https://")) else 0
    assert {tag.name for tag in soup.find_all(True)} <= {"p", "br", "a"}
    assert len(soup.find_all("p")) == 2
    assert len(soup.find_all("a")) <= links
    assert all(set(tag.attrs) == ({"href"} if tag.name == "a" else set()) for tag in soup.find_all(True))


@given(VALUES)
def test_the_html_says_what_the_text_says(values):
    html, text = fill_html(EVERY_NAME, values), fill_text(EVERY_NAME, values)

    shown = BeautifulSoup(html, "html.parser").get_text()
    assert shown.split() == text.split()


@given(st.text(max_size=400), VALUES)
def test_no_value_adds_a_line_to_a_subject(words, values):
    subject = fill_subject(words + EVERY_NAME, values)

    assert subject == subject.strip()
    assert len(subject) <= LONGEST_SUBJECT
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in subject)


@given(NASTY, NASTY)
def test_no_value_is_filled_in_again(first, second):
    values = {"course_fullname": first + "{site_name}" + second, "site_name": "A SECRET OF OURS"}

    filled = fill_text("{course_fullname}", values), fill_html("{course_fullname}", values)

    assert not any(values["site_name"] in one for one in filled)
    assert all("{site_name}" in one for one in filled)


@given(st.text(alphabet=st.sampled_from("{}abc_019 <>\n\\%$")))
def test_any_text_can_be_asked_for_its_names_and_filled(text):
    names = names_in(text)

    assert all(f"{{{name}}}" in text for name in names)
    assert {name for _, name, _ in unknown(text)} == set(names) - set(PLACEHOLDERS)
    assert fill_text(text, EXAMPLES) == text.strip()


@pytest.mark.parametrize("event", EVENTS)
def test_our_own_words_are_complete(event):
    words = EVENTS[event]

    subject, text = fill_subject(words.subject, EXAMPLES), fill_text(words.body, EXAMPLES)

    assert unknown(words.subject) == unknown(words.body) == []
    assert subject
    assert EXAMPLES["link"] in text
    assert "{" not in subject + text
