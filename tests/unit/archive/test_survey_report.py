"""What a survey says of people, of the world outside, of plugins, and of what is new."""

import json

import pytest

from jobs.archive.survey import Survey, survey
from jobs.archive.survey.report import LISTED_NAMES, SHOWN_NAMES, Tally
from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.course_documents import StoredFile, activity_documents, document, leaves, node
from tests.dated_course import at, dated_course
from tests.personal_course import personal_course


def with_page(content):
    """The small course without people, with this on its page."""
    members = small_course(people=False)
    name = "activities/page_42/page.xml"
    members[name] = members[name].replace(b"&lt;p&gt;The sea comes twice a day.&lt;/p&gt;", content)
    assert content in members[name]
    return members


def kinds_at(found, directory):
    return next((place.kinds for place in found.privacy.places if place.directory == directory), {})


def test_each_kind_of_personal_data_is_counted_where_it_is(surveyed):
    found = surveyed(personal_course())

    assert found.privacy.people == 2
    assert kinds_at(found, "") == {
        "badge_awards": 1, "file_authors": 1, "group_members": 2, "ip_addresses": 2, "profile_files": 1,
    }  # fmt: skip
    assert kinds_at(found, "course") == {
        "comments": 1, "enrolments": 2, "ip_addresses": 2, "log_entries": 2, "role_assignments": 2,
    }  # fmt: skip
    assert kinds_at(found, "activities/workshop_44") == {
        "assessments": 1, "dates": 1, "file_authors": 3, "grades": 1, "submissions": 1,
    }  # fmt: skip
    assert kinds_at(found, "activities/game_46") == {"file_authors": 2, "other_records": 1}
    assert found.privacy.kinds["dates"] == 1
    workshop = next(place for place in found.privacy.places if place.type == "workshop")
    assert workshop.title == "workshop"


def test_what_profiles_hold_is_counted_by_field(surveyed):
    found = surveyed(personal_course())

    assert found.privacy.profile["email"] == 2
    assert found.privacy.profile["phone1"] == 2
    assert "idnumber" not in found.privacy.profile
    assert found.privacy.custom == {"parent": 2}


def test_names_are_told_only_when_they_are_asked_for(saved):
    path = saved(pack_tgz(personal_course()))

    assert survey(path).privacy.names is None
    assert survey(path, names=True).privacy.names == ["Amira Holt", "Ben Okoro"]


def test_without_people_the_report_knows_of_none(surveyed):
    found = surveyed(small_course(people=False, files=()))

    assert (found.privacy.people, found.privacy.kinds, found.privacy.places) == (0, {}, [])


def test_links_out_are_counted_by_host_and_those_to_the_origin_apart(surveyed):
    content = b"""&lt;a href="https://moodle.school.example/mod/page/view.php?id=9"&gt;x&lt;/a&gt;
&lt;a href="https://Tides.example/a"&gt;x&lt;/a&gt;&lt;a href="http://tides.example/b"&gt;x&lt;/a&gt;
&lt;iframe width="3" src="https://video.example/embed/1"&gt;&lt;/iframe&gt; $@PAGEVIEWBYID*42@$"""

    found = surveyed(with_page(content))

    assert found.outside.origin_links == 1
    assert found.outside.hosts == {"tides.example": 2, "video.example": 1}
    assert found.outside.frames == {"video.example": 1}
    assert found.outside.more == 0


def test_external_tools_and_aliases_are_named(surveyed):
    tool = node("lti", leaves(name="Tide lab", toolurl="https://lab.example/launch"), id=57)
    members = small_course(people=False) | activity_documents("lti", 47, 57, 77, tool, False)
    alias = (
        b"<repositorytype>dropbox</repositorytype><repositoryid>4</repositoryid><reference>abc</reference>"
    )
    plain = b"<repositorytype>$@NULL@$</repositorytype>\n    <repositoryid>$@NULL@$</repositoryid>\n"
    plain += b"    <reference>$@NULL@$</reference>"
    assert plain in members["files.xml"]
    members["files.xml"] = members["files.xml"].replace(plain, alias, 1)

    found = surveyed(members)

    assert [(one.directory, one.name, one.host) for one in found.outside.tools] == [
        ("activities/lti_47", "Tide lab", "lab.example")
    ]
    assert found.outside.aliases == {"dropbox": 1}


def test_what_is_from_plugins_is_counted(surveyed):
    members = personal_course()
    block = node("block", leaves(blockname="hologram"), id=8, contextid=78, version=1)
    members["course/blocks/hologram_8/block.xml"] = document(block)
    members["course/blocks/html_9/block.xml"] = document(block)
    enrols = node("enrols", [node("enrol", leaves(enrol=name)) for name in ("manual", "barcode")])
    members["course/enrolments.xml"] = document(node("enrolments", [enrols]))
    question = node("question", leaves(qtype="origami"), id=5)
    category = node("question_category", [node("questions", [question])], id=1)
    members["questions.xml"] = document(node("question_categories", [category]))
    members["course/course.xml"] = members["course/course.xml"].replace(
        b"</course>", b"<plugin_local_tides_course><x>1</x></plugin_local_tides_course></course>"
    )

    plugins = surveyed(members).plugins

    assert (plugins.activities, plugins.blocks) == ({"game": 1}, {"hologram": 1})
    assert (plugins.question_types, plugins.enrolments) == ({"origami": 1}, {"barcode": 1})
    assert plugins.others == {"local_tides": 1}


def test_what_is_not_known_is_listed(surveyed):
    members = small_course(people=False)
    members["course/weather.xml"] = b"<?xml version='1.0' encoding='UTF-8'?><weather/>"
    name = "activities/page_42/page.xml"
    members[name] = members[name].replace(b"</page>", b"<mood>calm</mood></page>")

    unfamiliar = surveyed(members).unfamiliar

    assert not unfamiliar.newer_moodle
    assert unfamiliar.documents == {"weather.xml": 1}
    assert unfamiliar.elements == {"page.xml activity/page/mood": 1}


@pytest.mark.parametrize("name", ["fixture-2.6-availability", "fixture-2.8-activity-quiz-zip"])
def test_what_only_older_moodles_wrote_is_not_called_new(name):
    assert survey(corpus_file(name)).unfamiliar.elements == {}


def test_the_report_survives_json_and_older_surveys_have_none(saved):
    found = survey(saved(pack_tgz(personal_course())), names=True)

    kept = json.loads(json.dumps(found.to_json()))

    assert Survey.from_json(kept) == found
    for key in ("privacy", "outside", "plugins", "unfamiliar"):
        del kept[key]
    assert Survey.from_json(kept).privacy.people == 0


def test_only_so_many_names_are_counted_apart():
    tally = Tally()

    for number in range(LISTED_NAMES + 5):
        tally.add(f"host{number}.example", 1 + (number == 7))

    assert len(tally.listed()) == SHOWN_NAMES
    assert next(iter(tally.listed())) == "host7.example"
    assert tally.unlisted == LISTED_NAMES + 5 - SHOWN_NAMES


def test_a_picture_of_somebody_is_counted_as_one(surveyed):
    face = StoredFile(706, "f1.png", b"\x89PNG a face", 202, "user", "icon", author="")

    found = surveyed(small_course(files=[face]))

    assert found.privacy.kinds["profile_files"] == 1


def test_the_dates_of_the_course_are_counted_by_document_and_those_of_people_apart(surveyed):
    found = surveyed(dated_course()).dates

    assert found.content["activities/assign_45/assign.xml"] == 5
    assert found.people == {"activities/assign_45/assign.xml": 2}
    assert "activities/hologram_46/hologram.xml" not in found.content
    assert [(one.what, one.at) for one in found.first if one.document == "activities/quiz_44/quiz.xml"] == [
        ("opens", at(20)), ("closes", at(21)),
    ]  # fmt: skip
    assert [one.name for one in found.first if one.document == "course/calendar.xml"] == ["Walk to the quay"]


def test_the_dates_of_a_damaged_document_do_not_count(surveyed):
    members = dated_course()
    members["activities/quiz_44/quiz.xml"] = members["activities/quiz_44/quiz.xml"][:-20]

    found = surveyed(members)

    assert found.damage == 1
    assert "activities/quiz_44/quiz.xml" not in found.dates.content
    assert not any("quiz_44/quiz.xml" in one.document for one in found.dates.first)
