"""Packages and external tools in their own words: what is in them, and nothing secret."""

from html import escape

import pytest

from tests.corpus import corpus_file
from tests.course_documents import StoredFile
from tests.factories import make_person, make_teacher
from tests.pages import text
from tests.viewing import BEN, CONTEXT, address_in, own, parsed, restored_from, restored_with
from webapp.models import CourseRole


@pytest.fixture
def as_teacher(sign_in_as):
    return lambda course: sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))


@pytest.fixture
def as_pupil(sign_in_as):
    return lambda course: sign_in_as(make_person(course=course))


def part(number, title, identifier, above, tracks=""):
    return (
        f"<sco id='{number}'><manifest>M</manifest><parent>{above}</parent><identifier>{identifier}</identifier>"
        f"<launch>{identifier}.html</launch><title>{title}</title><sortorder>{number}</sortorder>"
        f"<sco_tracks>{tracks}</sco_tracks></sco>"
    )


def track(number, element, value):
    return (
        f"<sco_track id='{number}'><userid>{BEN}</userid><attempt>1</attempt><element>{element}</element>"
        f"<value>{value}</value><timemodified>1757000000</timemodified></sco_track>"
    )


TRACKS = track(1, "cmi.core.lesson_status", "passed") + track(2, "cmi.core.score.raw", "85")
SCOES = (
    part(1, "The sea", "ORG", "/")
    + part(2, "&lt;b&gt;Waves", "WAVES", "ORG", TRACKS)
    + part(3, "Foam", "FOAM", "WAVES")
    + part(4, "Lost", "LOST", "NOWHERE")
)
PACKAGE = StoredFile(700, "sea.zip", b"PK and so on", CONTEXT, "mod_scorm", "package")


def scorm_course(scoes=SCOES):
    settings = "<scormtype>local</scormtype><maxattempt>2</maxattempt><grademethod>1</grademethod>"
    return restored_with("scorm", [*own(), *parsed(f"{settings}<scoes>{scoes}</scoes>")], (PACKAGE,))


def test_a_scorm_package_shows_its_parts_and_its_file(page, app, as_pupil):
    course = scorm_course()
    as_pupil(course)

    soup = page(address_in(course))

    outer = soup.select_one("[aria-labelledby=parts] > ul > li")
    assert text(outer) == "The sea Opens ORG.html <b>Waves Opens WAVES.html Foam Opens FOAM.html"
    assert "Lost" in soup.text
    assert soup.find("a", string="sea.zip")
    assert "2 attempts" in soup.text
    assert "Ben Okoro" not in soup.text


def test_teachers_see_how_far_people_got_in_it(page, app, as_teacher):
    course = scorm_course()
    as_teacher(course)

    row = page(address_in(course)).select_one("tbody tr")

    assert text(row).startswith("Ben Okoro 1 <b>Waves Passed 85")


def test_parts_that_name_each_other_in_a_circle_are_each_shown_once(page, app, as_teacher):
    course = scorm_course(part(1, "A", "A", "B") + part(2, "B", "B", "A"))
    as_teacher(course)

    assert (
        text(page(address_in(course)).select_one("[aria-labelledby=parts] > ul"))
        == "A Opens A.html B Opens B.html"
    )


def test_an_h5p_activity_shows_attempts_to_teachers_alone(page, app, as_teacher, as_pupil):
    attempt = (
        f"<attempt id='1'><userid>{BEN}</userid><attempt>1</attempt><rawscore>3</rawscore><maxscore>5</maxscore>"
        "<duration>40</duration><completion>1</completion><success>1</success><timecreated>1757000000</timecreated></attempt>"
    )  # fmt: skip
    settings = "<grade>10</grade><enabletracking>1</enabletracking><grademethod>2</grademethod>"
    xml = f"{settings}<attempts>{attempt}</attempts>"
    package = StoredFile(700, "waves.h5p", b"PK and so on", CONTEXT, "mod_h5pactivity", "package")
    course = restored_with("h5pactivity", [*own(), *parsed(xml)], (package,))
    as_teacher(course)

    soup = page(address_in(course))

    assert text(soup.select_one("tbody tr")).startswith("Ben Okoro 1 3 of 5 Passed 40 seconds")
    assert "the average" in soup.text
    as_pupil(course)
    soup = page(address_in(course))
    assert "waves.h5p" in soup.text
    assert "Ben Okoro" not in soup.text


def php(value):
    """What PHP's serialize() makes of it."""
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    if isinstance(value, int):
        return f"i:{value};"
    return f"a:{len(value)}:{{{''.join(php(key) + php(one) for key, one in value.items())}}}"


def item(title, href, **inside):
    return {"href": href, "title": title, "level": 0, "subitems": dict(enumerate(inside.values()))}


def imscp_course(structure):
    page_file = StoredFile(700, "ebb.html", b"<p>Ebb</p>", CONTEXT, "mod_imscp", "content", 1)
    content = [*own(), *parsed(f"<revision>1</revision><structure>{escape(structure)}</structure>")]
    return restored_with("imscp", content, (page_file,))


def test_an_ims_package_shows_its_contents_with_their_files(page, app, as_pupil):
    inner = item('Marée "basse" é', "ebb.html?x=1")
    course = imscp_course(php({0: item("<b>Tides", "", a=inner), 1: item("Gone", "gone.html")}))
    as_pupil(course)

    parts = page(address_in(course)).select_one("[aria-labelledby=parts] > ul")

    assert text(parts) == '<b>Tides Marée "basse" é Gone'
    assert [link["href"].rpartition("/")[2] for link in parts.select("a")] == ["ebb.html"]


@pytest.mark.parametrize(
    "structure",
    [
        "",
        "null",
        'O:8:"stdClass":0:{}',
        "a:1:{i:0;r:1;}",
        "a:999999999:{}",
        's:99:"short";',
        "a:1:{i:0;" * 90,
        "a:0:{}x",
    ],
)
def test_contents_that_cannot_be_read_leave_the_files(page, app, as_pupil, structure):
    course = imscp_course(structure)
    as_pupil(course)

    soup = page(address_in(course))

    assert not soup.select("[aria-labelledby=parts]")
    assert soup.find("a", string="ebb.html")


def test_a_real_ims_package_lists_its_contents(page, app, as_pupil):
    course = restored_from(corpus_file("fixture-3.2-imscp-scorm-folder").read_bytes())
    as_pupil(course)

    links = page(address_in(course, "IMS CC")).select("[aria-labelledby=parts] a")

    assert [text(one) for one in links][:2] == ["Loch Katrine", "Ben Ledi"]


SECRETS = ("k3y", "s3cret", "t0ken", "pa55", "sa1t")
TOOL = (
    "<toolurl>https://me:pa55@tool.example:8443/launch?key=t0ken</toolurl><launchcontainer>4</launchcontainer>"
    "<instructorchoicesendname>1</instructorchoicesendname><instructorchoicesendemailaddr>0</instructorchoicesendemailaddr>"
    "<instructorcustomparameters>token=t0ken</instructorcustomparameters><grade>20</grade>"
    "<resourcekey>k3y</resourcekey><password>s3cret</password>"
    "<ltitype id='1'><name>Tide tool</name><baseurl>https://tool.example</baseurl><ltiversion>LTI-1p0</ltiversion><ltitypesconfigs>"
    "<ltitypesconfig id='1'><name>password</name><value>s3cret</value></ltitypesconfig>"
    "<ltitypesconfig id='2'><name>servicesalt</name><value>sa1t</value></ltitypesconfig>"
    "<ltitypesconfigencrypted id='3'><name>resourcekey</name><value>k3y</value></ltitypesconfigencrypted>"
    "</ltitypesconfigs></ltitype>"
    f"<ltisubmissions><ltisubmission id='1'><userid>{BEN}</userid><gradepercent>15.00000</gradepercent>"
    "</ltisubmission></ltisubmissions>"
)


def test_an_external_tool_shows_its_address_and_settings_without_secrets(page, app, as_teacher):
    course = restored_with("lti", [*own(), *parsed(TOOL)])
    as_teacher(course)

    soup = page(address_in(course))

    assert "https://tool.example:8443/launch" in soup.text
    assert "Is told people’s names always" in text(soup.main)
    assert "Ben Okoro 15 of 20" in text(soup.select_one("tbody tr"))
    assert [word for word in SECRETS if word in str(soup)] == []


def test_what_is_kept_of_an_external_tool_shows_no_secrets_either(page, app, as_teacher):
    course = restored_with("lti", [*own(), *parsed(TOOL)])
    as_teacher(course)

    soup = page(f"{address_in(course)}?all=1")

    assert "set; not shown here" in soup.text
    assert [word for word in SECRETS if word in str(soup)] == []


def test_pupils_see_of_a_tool_how_it_opens(page, app, as_pupil):
    course = restored_with("lti", [*own(), *parsed(TOOL)])
    as_pupil(course)

    soup = page(address_in(course))

    assert "in a window of its own" in soup.text
    assert "tool.example" not in str(soup)
    assert "Ben Okoro" not in soup.text


@pytest.mark.parametrize("kind", ["scorm", "imscp", "h5pactivity", "lti"])
def test_one_that_holds_nothing_opens(page, app, as_teacher, kind):
    course = restored_with(kind, own())
    as_teacher(course)

    assert page(address_in(course)).find("a", string="Everything that is kept of it")


@pytest.mark.parametrize(
    ("name", "activity"), [("fixture-3.2-imscp-scorm-folder", "SCORM"), ("real-3.3-scorm-148-files", None)]
)
def test_real_packages_open(page, app, as_pupil, name, activity):
    course = restored_from(corpus_file(name).read_bytes())
    as_pupil(course)

    soup = page(address_in(course, activity or "Unit 5 Assessment"))

    assert soup.select(".tree a")
    assert "What is in it" in soup.text
