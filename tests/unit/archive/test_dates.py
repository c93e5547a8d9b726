"""The dates of a course on another day: all that are declared, each at its own time of day, and nothing else."""

import time
from datetime import date, datetime

import pytest
from lxml import etree

from jobs.archive.dates import DateShift, dates_in, shift_dates
from jobs.archive.trees import CORE_ACTIVITY_TYPES, tree_for
from jobs.archive.xml import NULL, make_slot

DAY = 86400
#: Wed 1 Feb 2023, 09:00 UTC.
START = 1675242000


@pytest.fixture
def clock(monkeypatch):
    """Set the clock of this machine to that of a place."""

    def set_to(place):
        monkeypatch.setenv("TZ", place)
        time.tzset()

    yield set_to
    monkeypatch.undo()
    time.tzset()


def moved(directory, filename, path, text, days=100):
    element = etree.fromstring(text)
    shift_dates(element, path, tree_for(directory, filename), DateShift(days))
    return element


def test_a_course_moves_by_whole_days(clock):
    clock("UTC")

    shift = DateShift.between(START, date(2026, 9, 7))

    assert shift.days == 1314
    assert datetime.fromtimestamp(shift.move(START)) == datetime(2026, 9, 7, 9)


@pytest.mark.parametrize(
    "place", ["Europe/Berlin", "America/New_York", "Australia/Perth", "Pacific/Auckland"]
)
def test_each_date_keeps_its_time_of_day_when_the_clocks_change(clock, place):
    clock(place)
    nine_in_winter = int(datetime(2023, 1, 18, 9).timestamp())

    for days in range(0, 366, 7):
        after = datetime.fromtimestamp(DateShift(days).move(nine_in_winter))
        assert (after.hour, after.minute) == (9, 0)


def test_no_date_stays_none_and_a_date_never_becomes_none(clock):
    clock("UTC")

    assert DateShift(100).move(0) == 0
    assert DateShift(-36500).move(START) == 1


def test_an_assignment_moves_but_not_what_people_did():
    root = moved(
        "activities/assign_1",
        "assign.xml",
        "activity",
        f"""<activity id="1"><assign id="1"><duedate>{START}</duedate><cutoffdate>0</cutoffdate>
              <gradingduedate>{NULL}</gradingduedate><timemodified>{START}</timemodified><timelimit>3600</timelimit>
              <userflags><userflag id="1"><extensionduedate>{START}</extensionduedate></userflag></userflags>
              <submissions><submission id="1"><timecreated>{START}</timecreated></submission></submissions>
              <overrides><override id="1"><duedate>{START}</duedate></override></overrides>
            </assign></activity>""",
    )

    later = str(START + 100 * DAY)
    assert [root.findtext(f"assign/{name}") for name in ("duedate", "cutoffdate", "gradingduedate")] == [
        later, "0", NULL,
    ]  # fmt: skip
    assert [one.text for name in ("extensionduedate", "duedate") for one in root.iter(name)] == [later] * 3
    assert [root.findtext(f"assign/{name}") for name in ("timemodified", "timelimit")] == [str(START), "3600"]
    assert root.findtext("assign/submissions/submission/timecreated") == str(START)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"op":"&","c":[{"type":"date","d":">=","t":1675242000}],"showc":[true]}',
         '{"op":"&","c":[{"type":"date","d":">=","t":1683882000}],"showc":[true]}'),
        ('{"op":"|","c":[{"op":"&","c":[{"d":"<","t": "1675242000","type":"date"}]},{"type":"group","id":5}]}',
         '{"op":"|","c":[{"op":"&","c":[{"d":"<","t": "1683882000","type":"date"}]},{"type":"group","id":5}]}'),
        ('{"op":"&","c":[{"type":"completion","cm":1675242000,"e":1,"t":1675242000}]}', None),
        ('{"op":"&","c":[{"type":"profile","sf":"city","op":"contains","v":"\\"type\\":\\"date\\",\\"t\\":1675242000"}]}',
         None),
        ("1675242000", None),
        ("", None),
    ],
)  # fmt: skip
def test_only_dates_move_within_restrictions(clock, before, after):
    clock("UTC")
    root = etree.Element("module")
    etree.SubElement(root, "availability").text = before

    shift_dates(root, "module", tree_for("activities/page_1", "module.xml"), DateShift(100))

    assert root.findtext("availability") == (before if after is None else after)


def test_restrictions_of_before_moodle_2_7_move(clock):
    clock("UTC")
    text = f"<{{0}}><availablefrom>{START}</availablefrom><availableuntil>0</availableuntil></{{0}}>"

    module = moved("activities/page_1", "module.xml", "module", text.format("module"))
    section = moved("sections/section_1", "section.xml", "section", text.format("section"))

    assert [one.findtext("availablefrom") for one in (module, section)] == [str(START + 100 * DAY)] * 2
    assert [one.findtext("availableuntil") for one in (module, section)] == ["0", "0"]


@pytest.mark.parametrize(
    "text", ["", "0", "-1", NULL, "next week", "01675242000", " 1675242000", "99999999999"]
)
def test_what_is_no_date_stays_to_the_letter(text):
    root = moved("", "completion.xml", "course_completion",
                 f"<course_completion><course_completion_criteria><timeend>{text}</timeend>"
                 "</course_completion_criteria></course_completion>")  # fmt: skip

    assert (root[0].findtext("timeend") or "") == text


def test_a_value_that_lives_in_a_column_is_left_alone():
    root = etree.fromstring(f"<course><startdate>{START}</startdate></course>")
    make_slot(root, "startdate")
    before = etree.tostring(root)

    shift_dates(root, "course", tree_for("course", "course.xml"), DateShift(100))

    assert etree.tostring(root) == before


def test_what_a_plugin_holds_stays():
    text = f'<activity id="1"><hologram id="1"><duedate>{START}</duedate></hologram></activity>'

    root = moved("activities/hologram_1", "hologram.xml", "activity", text)

    assert root.findtext("hologram/duedate") == str(START)


#: As Moodle's own reset of a course moves them (mod/*/lib.php), and with what was added to it since.
OF_ACTIVITIES = {
    "assign": {"allowsubmissionsfromdate", "duedate", "cutoffdate", "gradingduedate"},
    "assignment": {"timedue", "timeavailable"},
    "bigbluebuttonbn": {"openingtime", "closingtime"},
    "chat": {"chattime"},
    "choice": {"timeopen", "timeclose"},
    "data": {"timeavailablefrom", "timeavailableto", "timeviewfrom", "timeviewto", "assesstimestart",
             "assesstimefinish"},
    "feedback": {"timeopen", "timeclose"},
    "forum": {"duedate", "cutoffdate", "assesstimestart", "assesstimefinish"},
    "glossary": {"assesstimestart", "assesstimefinish"},
    "lesson": {"available", "deadline"},
    "quiz": {"timeopen", "timeclose", "duedate"},
    "scorm": {"timeopen", "timeclose"},
    "wiki": {"editbegin", "editend"},
    "workshop": {"submissionstart", "submissionend", "assessmentstart", "assessmentend"},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CORE_ACTIVITY_TYPES))
def test_the_settings_of_every_activity_of_moodle_have_their_dates_declared(name):
    settings = tree_for(f"activities/{name}_1", f"{name}.xml").node(f"activity/{name}")

    assert {leaf.name for leaf in settings.leaves.values() if leaf.date is not None} == OF_ACTIVITIES.get(
        name, set()
    )


def test_dates_are_found_with_their_words_as_they_would_move():
    root = etree.fromstring(
        f'<activity><quiz id="1"><timeopen>{START}</timeopen><timeclose>0</timeclose>'
        f"<timecreated>{START}</timecreated></quiz></activity>"
    )

    assert dates_in(root, "activity", tree_for("activities/quiz_1", "quiz.xml")) == [(START, "opens")]
