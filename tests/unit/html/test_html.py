import pytest
from bs4 import BeautifulSoup

from webapp.html import Links, render, words

LINKS = Links(
    file=lambda path: {
        "harbour map.png": "/courses/1/embedded/72/harbour%20map.png",
        "talk.mp3": "/courses/1/embedded/72/talk.mp3",
        "Übung/été.pdf": "/courses/1/embedded/72/pdf",
    }.get(path),
    activity=lambda cmid: {12: "/courses/1/activities/3"}.get(cmid),
    course="/courses/1",
)


def soup(text, **more):
    return BeautifulSoup(str(render(text, 1, LINKS, **more)), "html.parser")


def test_what_teachers_write_stays_as_it_is():
    text = (
        '<p>The <strong>sea</strong> comes <em>twice</em> a day<sup>1</sup>.</p><ul><li>ebb</li><li>flood</li></ul>'
        "<table><caption>Times</caption><thead><tr><th scope=\"col\">High</th></tr></thead>"
        '<tbody><tr><td colspan="2">4:10</td></tr></tbody></table><details><summary>More</summary>text</details>'
    )  # fmt: skip

    assert str(render(text, 1, LINKS)) == text


def test_an_embedded_picture_leads_to_our_file():
    picture = soup('<img src="@@PLUGINFILE@@/harbour%20map.png?time=12" alt="Map" width="96">').img

    assert picture["src"] == "/courses/1/embedded/72/harbour%20map.png"
    assert picture["alt"] == "Map"
    assert picture["width"] == "96"


def test_a_name_with_letters_of_any_kind_is_found():
    assert soup('<a href="@@PLUGINFILE@@/%C3%9Cbung/%C3%A9t%C3%A9.pdf">x</a>').a["href"].endswith("/pdf")


def test_a_picture_that_is_not_there_leaves_its_description():
    shown = soup('<p><img src="@@PLUGINFILE@@/gone.png" alt="The old pier"></p>')

    assert shown.img is None
    assert shown.p.text == "The old pier"


def test_a_picture_without_a_description_counts_as_decoration():
    assert soup('<img src="@@PLUGINFILE@@/harbour%20map.png">').img["alt"] == ""


def test_a_link_to_an_activity_of_the_course_leads_there():
    assert soup('<a href="$@PAGEVIEWBYID*12@$">Tables</a>').a["href"] == "/courses/1/activities/3"
    assert soup('<a href="$@BOOKVIEWBYIDCH*12*4@$">Tables</a>').a["href"] == "/courses/1/activities/3"
    assert soup('<a href="$@COURSEVIEWBYID*9@$">Back</a>').a["href"] == "/courses/1"


@pytest.mark.parametrize("token", ["$@PAGEVIEWBYID*13@$", "$@URLINDEX*9@$", "$@FORUMDISCUSSIONVIEW*12@$"])
def test_a_link_that_leads_nowhere_is_only_its_words(token):
    shown = soup(f'<p>See <a href="{token}">the tables</a> and {token}.</p>')

    assert not shown.a.has_attr("href")
    assert "See the tables and (not in this course)." in shown.text


def test_an_address_without_a_site_meant_another_site():
    assert not soup('<a href="/mod/page/view.php?id=3">x</a>').a.has_attr("href")
    assert soup('<a href="//tides.example.org/x">x</a>').a["href"] == "https://tides.example.org/x"


def test_links_outside_say_nothing_of_where_they_were():
    assert set(soup('<a href="https://tides.example.org/" target="_top">x</a>').a["rel"]) == {
        "noopener",
        "noreferrer",
    }


def test_a_film_in_a_frame_becomes_a_link_that_names_its_site():
    shown = soup('<iframe src="https://www.youtube.com/embed/x?a=1&amp;b=2" width="560"></iframe>')

    assert shown.iframe is None
    assert shown.a["href"] == "https://www.youtube.com/embed/x?a=1&b=2"
    assert shown.a.text == "Film at www.youtube.com"


def test_a_page_in_a_frame_becomes_a_link_too():
    assert soup('<iframe src="https://maps.example.org/"></iframe>').a.text == "Page at maps.example.org"
    assert soup('<iframe src="$@H5PEMBED@$"></iframe>').text == ""


def test_a_picture_of_another_site_becomes_a_link():
    shown = soup('<img src="https://tides.example.org/moon.png" alt="The moon">')

    assert shown.img is None
    assert shown.a["href"] == "https://tides.example.org/moon.png"
    assert shown.a.text == "The moon"


def test_a_picture_of_another_site_within_a_link_becomes_its_words():
    shown = soup(
        '<a href="https://licence.example/"><img src="https://pictures.example/by.png" alt="Licence"></a>'
    )

    (link,) = shown.find_all("a")
    assert (link["href"], link.text) == ("https://licence.example/", "Licence")


def test_a_link_without_a_word_goes_and_what_leads_to_it_still_does():
    shown = soup(
        '<a href="https://tides.example/"> </a><a id="ebb" href="#x"></a><a href="#ebb">To the ebb</a>'
    )

    (link,) = shown.find_all("a")
    assert shown.find(id=link["href"][1:]) is not None


def test_a_recording_of_ours_gets_a_player():
    text = '<audio controls><source src="@@PLUGINFILE@@/talk.mp3"><source src="https://x.example/t.mp3">x</audio>'

    player = soup(text).audio

    assert [source["src"] for source in player.find_all("source")] == ["/courses/1/embedded/72/talk.mp3"]
    assert player.has_attr("controls")


def test_a_film_of_another_site_becomes_a_link():
    assert soup('<video><source src="https://youtu.be/x"></video>').a.text == "Film at youtu.be"


@pytest.mark.parametrize(
    ("text", "top", "levels"),
    [
        ("<h1>a</h1><h2>b</h2>", 2, ["h2", "h3"]),
        ("<h3>a</h3><h5>b</h5><h3>c</h3>", 2, ["h2", "h3", "h2"]),
        ("<h6>a</h6><h1>b</h1>", 3, ["h3", "h3"]),
        ("<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h5>e</h5>", 3, ["h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_headings_stand_below_those_of_the_page_and_skip_no_level(text, top, levels):
    assert [one.name for one in soup(text, top=top).find_all(["h1", "h2", "h3", "h4", "h5", "h6"])] == levels


def test_an_empty_heading_goes():
    assert soup("<h3>&nbsp;<br></h3><p>x</p>").find("h2") is None


def test_jumps_within_a_text_work_and_meet_nothing_of_the_page():
    shown = soup('<a href="#main">down</a><p id="main">x</p><p id="main">y</p>', key="a7")

    assert shown.a["href"] == "#a7-main"
    assert [p.get("id") for p in shown.find_all("p")] == ["a7-main", None]


def test_colours_and_alignment_stay_what_leaves_its_place_goes():
    shown = soup('<p style="text-align: center; color: rgb(255, 0, 0); position: fixed; margin: -4px">x</p>')

    assert shown.p["data-css"] == "text-align: center; color: rgb(255, 0, 0)"
    assert not shown.p.has_attr("style")


def test_plain_text_and_markdown_keep_their_lines():
    assert str(render("one <b>\ntwo & three", 2)) == "<p>one &lt;b&gt;<br>two &amp; three</p>"
    assert str(render("# Tides\n* ebb", 4)) == "<p># Tides<br>* ebb</p>"


def test_moodles_own_format_keeps_lines_where_there_are_no_paragraphs():
    assert str(render("one\n<b>two</b>", 0)) == "one<br><b>two</b>"
    assert str(render("<p>one\ntwo</p>", 0)) == "<p>one\ntwo</p>"


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_no_text_shows_nothing(text):
    assert render(text, None) == ""


def test_a_text_with_too_many_parts_still_shows_its_words():
    shown = render("<i>tide</i> " * 16_000, 1)

    assert "too large to show with its layout" in shown
    assert "tide tide" in shown


def test_words_are_the_text_without_its_marks():
    assert words("<p>Ebb &amp; flood</p><p>twice<br>a day</p><style>p{}</style>") == "Ebb & flood twice a day"
    assert words(None) == ""
