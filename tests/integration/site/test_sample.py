"""The sample course is a real one: complete, to be read, and to be taken elsewhere."""

import re
import struct

import pytest

from jobs.language import LANGUAGES, speaking
from tests.factories import make_admin
from tests.running import back_up, restore
from webapp import places
from webapp.access.rights import may_in_course
from webapp.content.files import content_of, file_at, files_at
from webapp.content.lookups import activities_of, sections_of
from webapp.models import SiteRole
from webapp.sample import make_sample_course
from webapp.sample.canvas import Canvas
from webapp.sample.pictures import draw, stars

PICTURE = re.compile(r'<img src="@@PLUGINFILE@@/([^"]+)" alt="([^"]+)" width="(\d+)" height="(\d+)">')


@pytest.fixture
def admin(app):
    return make_admin()


@pytest.fixture(params=LANGUAGES)
def course(admin, request):
    with speaking(request.param):
        return make_sample_course(admin)


def described(course):
    """Everything that a person can see of a course."""
    sections = [(one.name, one.summary) for one in sections_of(course.version_id)]
    activities = [
        (one.type, one.name, one.intro, one.content, one.external_url)
        for one in activities_of(course.version_id)
    ]
    files = sorted(
        (row.filearea, row.filename, row.contenthash, row.filesize)
        for one in activities_of(course.version_id)
        for row in files_at(course.version_id, content_of(one))
    )
    return course.fullname, course.version.summary, sections, activities, files


def test_its_owner_may_do_everything_in_it(course, admin):
    admin.role = SiteRole.TEACHER

    assert may_in_course(admin, "delete course", course)


def test_every_picture_in_a_text_is_there_in_its_size_and_says_what_it_shows(course):
    shown = 0
    for activity in activities_of(course.version_id):
        html = activity.content or ""
        found = PICTURE.findall(html)
        assert len(found) == html.count("<img")
        for name, _words, width, height in found:
            row = file_at(course.version_id, content_of(activity), name)
            png = places.storage().path(row.stored_hash).read_bytes()
            assert struct.unpack(">II", png[16:24]) == (int(width), int(height))
            assert row.mimetype == "image/png"
            shown += 1

    assert shown == 5


def test_a_picture_is_the_same_whenever_it_is_drawn():
    assert draw("orion.png") == draw("orion.png")


def test_stars_stand_where_they_stand_in_the_sky():
    orion = stars("orion")

    assert orion["Sirius"].magnitude == min(star.magnitude for star in orion.values())
    assert orion["Bellatrix"].degrees > orion["Mintaka"].degrees > orion["Rigel"].degrees


def test_a_full_moon_is_bright_on_both_sides_and_a_waxing_one_on_the_right():
    light, dark = (255, 255, 255), (40, 40, 40)
    full, waxing = Canvas(40, 40, (0, 0, 0)), Canvas(40, 40, (0, 0, 0))

    full.moon(20, 20, 15, 0.5, light, dark)
    waxing.moon(20, 20, 15, 0.25, light, dark)

    assert [tuple(full._rows[20][x * 3 : x * 3 + 3]) for x in (10, 30)] == [light, light]
    assert [tuple(waxing._rows[20][x * 3 : x * 3 + 3]) for x in (10, 30)] == [dark, light]


def test_it_comes_back_from_a_backup_as_it_was(course, admin):
    before = described(course)

    job, path = back_up(course, admin)
    restored_job, restored = restore(path.read_bytes(), admin)

    assert (job.problem, job.warnings) == ("", [])
    assert (restored_job.problem, restored_job.warnings) == ("", [])
    assert described(restored)[1:] == before[1:]


def test_every_page_of_it_can_be_opened(course, admin, sign_in_as, page):
    sign_in_as(admin)

    page(f"/courses/{course.id}")
    for activity in activities_of(course.version_id):
        if activity.type in ("page", "folder"):
            page(f"/courses/{course.id}/activities/{activity.id}")
