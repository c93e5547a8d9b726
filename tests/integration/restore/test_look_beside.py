"""A stranger looks at a restored course beside its archive: each activity opens, and shows what the archive holds."""

import re

import pytest

from tests.archives import pack_tgz
from tests.corpus import corpus_file, each_of
from tests.declared.archive import declared_course
from tests.expected_words import expected_words
from tests.factories import make_teacher
from tests.members import members_of
from tests.pages import text
from tests.running import restore
from webapp.content.lookups import activities_of

#: Pages on which something is changed, not read.
EDITING = re.compile(r"/edit|/texts/")
ARCHIVES = ["tide101-4.5-users", "fixture-3.2-imscp-scorm-folder", "generated-4.5-xs"]


@pytest.mark.parametrize("name", each_of(ARCHIVES))
def test_every_activity_shows_what_the_archive_holds(page, app, sign_in_as, name):
    path, teacher = corpus_file(name), make_teacher()
    _, course = restore(path.read_bytes(), teacher)
    sign_in_as(teacher)

    assert not_shown(page, course, members_of(path)) == {}


def test_an_activity_of_every_type_opens_with_all_that_it_can_hold(page, app, sign_in_as):
    teacher = make_teacher()
    _, course = restore(pack_tgz(declared_course().members()), teacher)
    sign_in_as(teacher)

    for one in activities_of(course.version_id):
        if one.type not in ("label", "subsection"):  # these are part of the course page
            says = " ".join(pages_of(page, f"/courses/{course.id}/activities/{one.id}"))
            assert " ".join(one.called.split()) in says, one.type


def not_shown(page, course, members):
    """What the archive holds and no page of its activity says."""
    on_course_page, missing = text(page(f"/courses/{course.id}").main), {}
    for one in activities_of(course.version_id):
        says = on_course_page
        if one.type != "subsection":  # it opens its section
            says += " ".join(pages_of(page, f"/courses/{course.id}/activities/{one.id}"))
        words = expected_words(members, one.directory, one.type)
        if gone := sorted(word for word in words if word not in says):
            missing[f"{one.type} “{one.name}”"] = gone
    return missing


def pages_of(page, start):
    """The words of an activity's page, and of the pages that it leads on to for its parts."""
    waiting, seen = [start], set()
    while waiting and len(seen) < 60:
        address = waiting.pop()
        seen.add(address)
        main = page(address).main
        yield text(main)
        links = {one["href"].partition("#")[0] for one in main.select("a[href]")}
        waiting += sorted(
            link
            for link in links - seen - set(waiting)
            if link.startswith(start) and not EDITING.search(link)
        )
