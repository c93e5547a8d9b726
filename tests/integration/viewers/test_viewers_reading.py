"""Books and lessons in their own words."""

from xml.sax.saxutils import escape

from tests.corpus import corpus_file
from tests.factories import make_person, make_teacher
from tests.pages import text
from tests.viewing import address_in, own, parsed, restored_from, restored_with
from webapp.models import CourseRole

EVIL = escape("<p>Shown<script>alert(1)</script><img src=x onerror=alert(2)></p>")


def book_with(xml):
    return restored_with("book", [*own(), *parsed(xml)])


def lesson_with(xml):
    return restored_with("lesson", [*own(), *parsed(xml)])


def chapter(number, place, title, *, inner=0, hidden=0, content="Text"):
    return (
        f"<chapter id='{number}'><pagenum>{place}</pagenum><subchapter>{inner}</subchapter><title>{title}</title>"
        f"<content>{content}</content><contentformat>1</contentformat><hidden>{hidden}</hidden></chapter>"
    )


#: The archive's order is not the book's.
CHAPTERS = (
    chapter(3, 3, "Storm", hidden=1)
    + chapter(1, 1, "Calm", content=EVIL)
    + chapter(2, 2, "Breeze", inner=1)
    + chapter(4, 4, "Calm again")
)


def test_a_book_lists_its_chapters_and_opens_one(page, app, sign_in_as):
    course = book_with(f"<numbering>1</numbering><chapters>{CHAPTERS}</chapters>")
    sign_in_as(make_person(course=course))

    soup = page(address_in(course))

    assert [text(one) for one in soup.select("#chapters + ul a")] == [
        "1. Calm",
        "1.1 Breeze",
        "2. Calm again",
    ]
    assert text(soup.select_one("article h3")) == "1. Calm"
    assert "Shown" in soup.article.text
    assert not soup.select("article script, article [onerror]")


def test_a_book_is_read_chapter_by_chapter(page, app, sign_in_as):
    course = book_with(f"<chapters>{CHAPTERS}</chapters>")
    sign_in_as(make_person(course=course))

    second = page(page(address_in(course)).find("a", rel="next")["href"])
    last = page(second.find("a", rel="next")["href"])

    assert [text(one.select_one("article h3")) for one in (second, last)] == ["Breeze", "Calm again"]
    assert last.find("a", rel="next") is None
    assert last.find("a", rel="prev")["href"] == f"{address_in(course)}?item=2#open"


def test_a_hidden_chapter_is_for_teachers(page, app, sign_in_as):
    course = book_with(f"<chapters>{CHAPTERS}</chapters>")
    sign_in_as(make_person(course=course))

    assert text(page(f"{address_in(course)}?item=3").select_one("article h3")) == "Calm"
    sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))
    soup = page(f"{address_in(course)}?item=3")
    assert text(soup.select_one("article h3")) == "Storm"
    assert "Hidden from pupils" in soup.article.text


def test_an_empty_book_says_so(page, app, sign_in_as):
    course = book_with("")
    sign_in_as(make_teacher(course=course))

    assert "There are no chapters" in page(address_in(course)).text


def test_a_real_book_shows_its_pictures_and_tags(page, app, sign_in_as):
    course = restored_from(corpus_file("tide101-4.5-users").read_bytes())
    sign_in_as(make_person(course=course))

    soup = page(address_in(course, "A small book of tides"))

    assert soup.select_one("article img")["src"].endswith("/mod_book/chapter/13/breath.png")
    assert "Tags: breath" in text(soup.article)


def lesson_page(number, kind, title, answers, before=0, after=0, contents="Read"):
    return (
        f"<page id='{number}'><prevpageid>{before}</prevpageid><nextpageid>{after}</nextpageid><qtype>{kind}</qtype>"
        f"<title>{title}</title><contents>{contents}</contents><contentsformat>1</contentsformat>"
        f"<answers>{answers}</answers><branches/></page>"
    )


def way(number, said, jump, *, response="", score=0):
    return (
        f"<answer id='{number}'><jumpto>{jump}</jumpto><score>{score}</score><answer_text>{said}</answer_text>"
        f"<response>{response}</response></answer>"
    )


MATCHING = way(5, "Well matched", -9, score=1) + way(6, "Once more", 0) + way(7, "ebb", 0, response="falls")
SHORT = way(3, "ebb*", 12, score=1, response="Yes.") + way(4, "*", 77)
PAGES = (
    lesson_page(12, 5, "Pairs", MATCHING, before=11)
    + lesson_page(10, 20, "Start", way(1, "To the pairs", 12) + way(2, "On", -1), after=11, contents=EVIL)
    + lesson_page(11, 1, "What falls?", SHORT, before=10, after=12)
)


def test_a_lesson_says_where_each_answer_leads(page, app, sign_in_as):
    course = lesson_with(f"<custom>1</custom><pages>{PAGES}</pages>")
    sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))

    soup = page(address_in(course))

    assert [text(one.h3) for one in soup.select("article")] == ["Start", "What falls?", "Pairs"]
    assert [[text(one) for one in found.select("li")] for found in soup.select(".answers")] == [
        ["To the pairs Leads to “Pairs”", "On Leads to the next page"],
        ["ebb* 1 point Yes. Leads to “Pairs”", "* Leads to a page that is not there"],
        [
            "All right 1 point Well matched Leads to the end of the lesson",
            "Not all right Once more Leads to this page again",
            "ebb falls",
        ],
    ]
    assert "Page with buttons" in text(soup.article)
    assert not soup.select("article script, article [onerror]")
    assert soup.find(id=soup.select_one(".answers a")["href"][1:])


def did(number, person, **leaves):
    inside = "".join(
        f"<{leaf}>{value}</{leaf}>" for leaf, value in ({"userid": person, "retry": 0} | leaves).items()
    )
    return f" id='{number}'>{inside}</"


def with_tries(answer, attempts):
    return answer.replace("</answer>", f"{attempts}</answer>")


def test_teachers_read_what_each_pupil_answered_and_which_way_they_took(page, app, sign_in_as):
    essay = 'O:8:"stdClass":1:{s:6:"answer";s:15:"&lt;p&gt;The tide&lt;/p&gt;";}'
    tries = (
        f"<attempts><attempt{did(1, 101, correct=1, useranswer='ebbing', timeseen=1757000020)}attempt>"
        f"<attempt{did(2, 101, retry=1, correct=0, useranswer='rain', timeseen=1757000040)}attempt></attempts>"
    )
    wrote = f"<attempts><attempt{did(3, 101, correct=0, useranswer=essay, timeseen=1757000030)}attempt></attempts>"
    branches = f"<branches><branch{did(1, 101, timeseen=1757000010, nextpageid=11)}branch></branches>"
    pages = (
        lesson_page(10, 20, "Start", way(1, "On", -1), after=11).replace("<branches/>", branches)
        + lesson_page(11, 1, "What falls?", with_tries(way(3, "ebb*", 12), tries), before=10, after=12)
        + lesson_page(12, 10, "Why?", with_tries(way(4, "", -9), wrote), before=11)
    )
    grade = "<grades><grade id='1'><userid>101</userid><grade>80.00</grade><completed>50</completed></grade></grades>"
    course = lesson_with(f"<pages>{pages}</pages>{grade}")
    sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))
    address = address_in(course)

    line = page(address).select_one("#takers ~ table tbody tr")
    shown = page(line.a["href"])

    assert text(line) == "Amira Holt 2 1 of 2 80%"
    assert [[text(cell) for cell in row.select("th, td")][:3] for row in shown.select("article tbody tr")] == [
        ["Start", "Went on to “What falls?”", "–"], ["What falls?", "ebbing", "Right"], ["Why?", "The tide", "–"],
        ["What falls?", "rain", "Wrong"],
    ]  # fmt: skip
    sign_in_as(make_person(course=course))
    for closed in (page(address), page(f"{address}?item=101")):
        assert "Amira" not in text(closed)
        assert "ebbing" not in text(closed)


def test_pages_that_name_each_other_in_a_circle_are_each_shown_once(page, app, sign_in_as):
    circle = lesson_page(1, 20, "A", "", after=2) + lesson_page(2, 20, "B", "", before=1, after=1)
    course = lesson_with(f"<pages>{circle}{lesson_page(3, 99, 'C', '', before=9)}</pages>")
    sign_in_as(make_teacher(course=course))

    assert [text(one.h3) for one in page(address_in(course)).select("article")] == ["A", "B", "C"]


def test_pupils_see_how_a_lesson_goes_and_nothing_in_it(page, app, sign_in_as):
    settings = "<timelimit>600</timelimit><usepassword>1</usepassword><password>sesame 7</password>"
    grade = "<userid>102</userid><grade>80.00</grade><completed>1757000000</completed>"
    grades = f"<grades><grade id='1'>{grade}</grade></grades>"
    course = lesson_with(f"{settings}<pages>{PAGES}</pages>{grades}")
    sign_in_as(make_person(course=course))

    soup = page(address_in(course))

    assert "10 minutes" in soup.text
    assert "What falls?" not in soup.text
    assert "Ben Okoro" not in soup.text
    sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))
    soup = page(address_in(course))
    assert text(soup.select_one("tbody tr")).startswith("Ben Okoro 80%")
    assert "needed; not shown here" in soup.text
    assert "sesame" not in str(soup)


def tagged(name, number=None, /, **leaves):
    """An element with its leaves; what is in `inside` stands as it is."""
    inside = leaves.pop("inside", "")
    texts = "".join(f"<{leaf}>{value}</{leaf}>" for leaf, value in leaves.items())
    return f"<{name}{f' id={number!r}' if number else ''}>{texts}{inside}</{name}>"


def form(strategy, *dimensions):
    return tagged(f"subplugin_workshopform_{strategy}_workshop", inside="".join(dimensions))


def aspect(number, **leaves):
    return tagged("workshopform_accumulative_dimension", str(number), sort=number, **leaves)


ASSESSMENT = tagged(
    "assessment", "1", reviewerid=101, grade="50.00000", gradinggrade="100.00000", feedbackauthor="Well seen."
)
SUBMISSION = tagged(
    "submission", "1", authorid=102, timecreated=1757000000, title="My tide", content=EVIL, grade="75.00000",
    inside=f"<assessments>{ASSESSMENT}</assessments>",
)  # fmt: skip
FORM = form(
    "accumulative",
    aspect(2, description="Order", grade=10, weight=3),
    aspect(1, description=EVIL, grade=5, weight=1),
)
SUM = tagged("aggregation", "1", userid=102, gradinggrade="90.00000")
WORKSHOP = (
    "<phase>30</phase><strategy>accumulative</strategy><grade>80.00000</grade><gradinggrade>20.00000</gradinggrade>"
    f"<instructauthors>Write a page.</instructauthors><conclusion>That was it.</conclusion>{FORM}"
    f"<submissions>{SUBMISSION}</submissions><aggregations>{SUM}</aggregations>"
)
WORK = (
    "My tide Ben Okoro", "Grade 60 of 80", "For assessing 18 of 20", "Assessed by Amira Holt 40 of 80",
    "for assessing: 20 of 20", "Well seen.",
)  # fmt: skip


def test_a_workshop_shows_its_phase_its_form_and_what_was_handed_in(page, app, sign_in_as):
    course = restored_with("workshop", [*own(), *parsed(WORKSHOP)])
    sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))

    soup = page(address_in(course))

    assert text(soup.select_one("[aria-current=step]")) == "Assessing Now"
    aspects = [text(one) for one in soup.select("[aria-labelledby=form] article")]
    assert aspects == ["Aspect 1 Shown Up to 5 points", "Aspect 2 Order Up to 10 points, counts 3 times"]
    work = text(soup.select_one("[aria-labelledby=submissions] article"))
    assert [words for words in WORK if words not in work] == []
    assert not soup.select("article script, article [onerror]")


def test_pupils_see_of_a_workshop_what_they_are_told(page, app, sign_in_as):
    course = restored_with("workshop", [*own(), *parsed(WORKSHOP)])
    sign_in_as(make_person(course=course))

    soup = page(address_in(course))

    assert "Write a page." in soup.text
    assert "That was it." not in soup.text
    assert "My tide" not in soup.text
    assert "Ben Okoro" not in soup.text


def test_a_workshops_rubric_shows_its_levels(page, app, sign_in_as):
    levels = "".join(
        tagged("workshopform_rubric_level", str(points), grade=f"{points}.00000", definition=words)
        for points, words in ((4, "Fine"), (1, "Rough"))
    )
    style = tagged("workshopform_rubric_dimension", "1", sort=1, description="Style", inside=levels)
    said = "<phase>50</phase><strategy>rubric</strategy><conclusion>That was it.</conclusion>"
    xml = said + form("rubric", style)
    course = restored_with("workshop", [*own(), *parsed(xml)])
    sign_in_as(make_person(course=course))

    soup = page(address_in(course))

    assert [text(one) for one in soup.select("[aria-labelledby=form] li")] == [
        "Rough 1 point",
        "Fine 4 points",
    ]
    assert "That was it." in soup.text


def test_an_empty_workshop_opens(page, app, sign_in_as):
    course = restored_with("workshop", own())
    sign_in_as(make_teacher(course=course))

    assert "Nobody has handed anything in." in page(address_in(course)).text
