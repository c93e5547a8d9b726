"""Made anonymous, nothing tells who somebody is, and whoever is meant twice is the same one twice."""

import base64

import pytest
from lxml import etree

from jobs.archive.persons.anonymise import Anonymiser, Someone
from jobs.archive.persons.names_in_text import NamesInText
from jobs.archive.trees import tree_for
from jobs.archive.xml import NULL
from tests.unit.archive.documents import parts, written
from tests.unit.archive.filled import PERSON, filled_document
from tests.unit.archive.test_trees import DECLARED

ADA = Someone(int(PERSON), "ada.lund", "ada@school.example", "Ada", "Lund-Okoro")
BEN = Someone(52, "benno", "ben@school.example", "Ben", "Holt")
#: An inforef.xml is made anew.
PLACES = [place for place in DECLARED if place[1] not in ("inforef.xml", "moodle_backup.xml")]


@pytest.fixture
def anonymiser():
    return Anonymiser([ADA, BEN], free_id=9000)


def applied(anonymiser, xml, path="activity/game/plays/play", place=("activities/game_2", "game.xml")):
    element = etree.fromstring(xml)
    anonymiser.apply(element, path, tree_for(*place))
    return element


@pytest.mark.parametrize(("directory", "filename"), PLACES)
def test_whatever_is_declared_no_person_is_left_in_it(directory, filename):
    tree = tree_for(directory, filename)
    # Numbers of their own, so that the new one is found nowhere by chance.
    everybody = [Someone(70_000 + one) for one in range(3)] + [Someone(int(PERSON), firstname="Ada")]
    anonymiser = Anonymiser(everybody, free_id=9000)
    rows, skeleton = parts(filled_document(tree), tree.is_record)

    for record, element in rows:
        anonymiser.apply(element, record.path, tree)
    anonymiser.apply(skeleton, tree.root.name, tree)

    assert PERSON.encode() not in written(skeleton, rows)


def test_the_same_person_has_the_same_number_everywhere_and_nobody_none(anonymiser):
    number = anonymiser.number(ADA.id)

    play = applied(anonymiser, f"<play takenby='{ADA.id}'><userid>{ADA.id}</userid><grader>0</grader></play>")

    assert number in (1, 2)
    assert (play.get("takenby"), play.findtext("userid"), play.findtext("grader")) == (
        str(number),
        str(number),
        "0",
    )


def test_a_teacher_beside_a_pupil_is_a_person_and_a_switch_is_none(anonymiser):
    number = anonymiser.number(ADA.id)

    entry = applied(anonymiser, f"<entry><userid>{ADA.id}</userid><teacher>{ADA.id}</teacher></entry>")
    shown = applied(anonymiser, f"<shown><teacher>{ADA.id}</teacher></shown>")

    assert (entry.findtext("teacher"), shown.findtext("teacher")) == (str(number), str(ADA.id))


def test_where_nobody_is_named_nobody_is_named_afterwards(anonymiser):
    element = applied(anonymiser, '<play id="1" userid=""><graderid>0</graderid><taken_by></taken_by></play>')

    assert element.get("userid") == ""
    assert [leaf.text or "" for leaf in element] == ["0", ""]


def test_who_is_only_referred_to_has_a_number_of_their_own(anonymiser):
    play = applied(anonymiser, "<play><userid>777</userid><grader>777</grader><rater>-1</rater></play>")

    assert [leaf.text for leaf in play] == ["3", "3", "-1"]


def test_the_numbers_are_drawn_anew_each_time():
    people = [Someone(number) for number in range(100, 150)]

    orders = {tuple(Anonymiser(people, 9000).order) for _ in range(3)}

    assert len(orders) == 3
    assert all(set(order) == set(range(100, 150)) for order in orders)


def test_a_person_keeps_nothing_that_was_theirs(anonymiser):
    user = etree.fromstring(
        f"""<user id="{ADA.id}" contextid="88"><username>ada.lund</username><firstname>Ada</firstname>
        <email>ada@school.example</email><picture>77</picture><lang>nl</lang><firstaccess>5</firstaccess>
        <secretplugin>me</secretplugin><password>x</password><pluginpart><a>Ada</a></pluginpart>
        <custom_fields><custom_field id="1"/></custom_fields><preferences><preference/></preferences>
        <roles><role_overrides/><role_assignments><assignment/></role_assignments></roles></user>"""
    )

    anonymiser.apply(user, "users/user", tree_for("", "users.xml"))

    number = anonymiser.number(ADA.id)
    assert (user.get("id"), user.get("contextid")) == (str(number), str(9000 + number))
    assert user.findtext("username") == f"anon{number}"
    assert (user.findtext("picture"), user.findtext("firstaccess"), user.findtext("lang")) == ("0", "0", "nl")
    assert user.findtext("secretplugin") == ""
    assert [user.find(gone) for gone in ("password", "pluginpart")] == [None, None]
    assert [len(user.find(part)) for part in ("custom_fields", "preferences", "roles/role_assignments")] == [
        0,
        0,
        0,
    ]


def test_what_happened_to_somebody_or_on_their_page_is_told_of_the_new_person():
    anonymiser = Anonymiser([Someone(102, context=202)], free_id=9000)
    place = ("course", "logstores.xml")
    path = "logstores/logstore/subplugin_logstore_standard_logstore/logstore_standard_log"
    log = "<log><objecttable>{}</objecttable><objectid>102</objectid><contextid>{}</contextid></log>"

    theirs = applied(anonymiser, log.format("user", 202), path, place)
    course = applied(anonymiser, log.format("page", 203), path, place)

    assert (theirs.findtext("objectid"), theirs.findtext("contextid")) == ("1", "9001")
    assert (course.findtext("objectid"), course.findtext("contextid")) == ("102", "203")


def test_a_file_names_the_anonymous_author(anonymiser):
    number = anonymiser.number(ADA.id)
    file = "<file><userid>{}</userid><author>{}</author></file>"

    by_id = applied(anonymiser, file.format(ADA.id, "Somebody Else"), "files/file", ("", "files.xml"))
    by_name = applied(anonymiser, file.format(NULL, "Ada Lund-Okoro"), "files/file", ("", "files.xml"))
    by_nobody = applied(anonymiser, file.format(NULL, "Somebody Else"), "files/file", ("", "files.xml"))

    name = f"anonfirstname{number} anonlastname{number}"
    assert [one.findtext("author") for one in (by_id, by_name, by_nobody)] == [name, name, NULL]


def test_a_file_that_was_handed_in_is_renamed_where_it_names_somebody(anonymiser):
    number = anonymiser.number(ADA.id)
    file = etree.fromstring(
        "<file><filename>Essay_Ada_Lund-Okoro.pdf</filename><source>map.png</source></file>"
    )

    anonymiser.rename(file)

    assert file.findtext("filename") == f"Essay_anonfirstname{number}_anonlastname{number}.pdf"
    assert file.findtext("source") == "map.png"


def test_what_somebody_wrote_names_nobody_and_what_a_teacher_wrote_stays(anonymiser):
    number = anonymiser.number(ADA.id)
    text = "Ada Lund-Okoro says so"

    theirs = applied(anonymiser, f"<play><userid>52</userid><note>{text}</note></play>")
    course = applied(anonymiser, f"<board><note>{text}</note></board>", "activity/game/boards/board")

    assert theirs.findtext("note") == f"anonfirstname{number} anonlastname{number} says so"
    assert course.findtext("note") == text


def test_a_first_name_counts_where_its_owner_takes_part(anonymiser):
    number = anonymiser.number(BEN.id)

    own = applied(anonymiser, "<play><userid>52</userid><note>Yours, Ben. The ben is a hill.</note></play>")
    other = applied(anonymiser, f"<play><userid>{ADA.id}</userid><note>Ben is a hill.</note></play>")

    assert own.findtext("note") == f"Yours, anonfirstname{number}. The ben is a hill."
    assert other.findtext("note") == "Ben is a hill."


@pytest.fixture
def names():
    found = NamesInText()
    found.add(7, username="ada.lund", email="ada@school.example", firstname="Ada Mae", lastname="O'Sedge")
    found.add(8, username="admin", email="", firstname="翔", lastname="高橋")
    found.add(9, username="", email="", firstname="Zoë", lastname="Mu\N{COMBINING DIAERESIS}ller")
    return found


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("Ada Mae O'Sedge", "anonfirstname7 anonlastname7"),
        ("ADA MAE O’SEDGE!", "anonfirstname7 anonlastname7!"),
        ("O'Sedge, Ada Mae", "anonlastname7, anonfirstname7"),
        ("essay_ada_mae_o'sedge.odt", "essay_anonfirstname7_anonlastname7.odt"),
        ("@@PLUGINFILE@@/Ada%20Mae%20O'Sedge.pdf", "@@PLUGINFILE@@/anonfirstname7%20anonlastname7.pdf"),
        ("mailto:Ada@School.example.", "mailto:anon7@doesntexist.invalid."),
        ("by ada.lund", "by anon7"),
        ("高橋翔", "anon8"),
        ("高橋 翔", "anonlastname8 anonfirstname8"),
        ("Zoë Müller", "anonfirstname9 anonlastname9"),
        ("Zoe\N{COMBINING DIAERESIS} Mu\N{COMBINING DIAERESIS}ller", "anonfirstname9 anonlastname9"),
        ("<b>Zo&euml; M&#252;ller</b> &amp; caf&eacute;", "<b>anonfirstname9 anonlastname9</b> &amp; café"),
        (
            '{"by":"Zo\\u00eb M\\u00fcller","x":"\\ud83c"}',
            '{"by":"anonfirstname9 anonlastname9","x":"\\ud83c"}',
        ),
        ("?of=Zo%C3%AB+M%C3%BCller&n=1%2B1", "?of=anonfirstname9+anonlastname9&n=1%2B1"),
        ("&#90;o&euml;&nbsp;M&uuml;ller", "anonfirstname9&nbsp;anonlastname9"),
    ],
)
def test_a_person_is_found_however_they_are_written(names, text, replaced):
    assert names.replace(text) == replaced


@pytest.mark.parametrize(
    "text",
    ["Ada is here", "Adam Mae O'Sedge", "ask an admin", "x@school.example", "Mae O'Sedge", "",
     "caf&eacute; %C3%A9 \\u00e9 e\N{COMBINING ACUTE ACCENT}"],
)  # fmt: skip
def test_what_may_be_somebody_else_stays(names, text):
    assert names.replace(text) == text


def test_a_name_is_found_in_what_is_serialised_or_in_base64(anonymiser):
    serialised = f'a:1:{{s:2:"by";s:{len(ADA.name)}:"{ADA.name}";}}'
    in_base64 = base64.b64encode(f"{ADA.name} was here".encode()).decode()
    played = f"""<play><userid>{ADA.id}</userid><a>{serialised}</a>
        <b>{base64.b64encode(serialised.encode()).decode()}</b><c>{in_base64}</c></play>"""

    play = applied(anonymiser, played)

    number = play.findtext("userid")
    name = f"anonfirstname{number} anonlastname{number}"
    after = f'a:1:{{s:2:"by";s:{len(name)}:"{name}";}}'
    assert play.findtext("a") == after
    assert base64.b64decode(play.findtext("b")).decode() == after
    assert base64.b64decode(play.findtext("c")).decode() == f"{name} was here"


def test_attributes_that_say_who_somebody_is_do_so_no_more(anonymiser):
    play = applied(
        anonymiser, f"<play userid='{ADA.id}' email='{ADA.email}' points='3'><note>x</note></play>"
    )

    number = play.get("userid")
    assert number in ("1", "2")
    assert (play.get("email"), play.get("points")) == (f"anon{number}@doesntexist.invalid", "3")
