import pytest
from lxml import etree

from jobs.archive.xml import fill, has_slot
from webapp.content.columns import (
    COURSE,
    FILE,
    MODULE,
    SECTION,
    activity_columns,
    column_texts,
    take_columns,
)
from webapp.models import Activity, Course, Section


def element(xml):
    return etree.fromstring(xml)


def test_a_section_gives_its_columns_and_gets_them_back():
    root = element(
        '<section id="3"><number>2</number><name>Tides &amp; tables</name><summary></summary>'
        "<summaryformat>1</summaryformat><sequence>4,5</sequence><visible>1</visible></section>"
    )
    before = etree.tostring(root, method="c14n")

    values = take_columns(root, SECTION)
    row = Section(**values)
    fill(root, column_texts(row, SECTION))

    assert values == {
        "number": 2, "name": "Tides & tables", "summary": "", "summary_format": 1, "visible": 1
    }  # fmt: skip
    assert root.findtext("sequence") == "4,5"
    assert etree.tostring(root, method="c14n") == before


def test_a_null_is_not_an_empty_text():
    root = element("<section><name>$@NULL@$</name><summary></summary></section>")

    row = Section(**take_columns(root, SECTION))
    fill(root, column_texts(row, SECTION))

    assert row.name is None
    assert row.summary == ""
    assert root.findtext("name") == "$@NULL@$"
    assert not root.findtext("summary")


def test_a_leaf_that_is_missing_stays_missing():
    root = element("<module><modulename>page</modulename></module>")

    values = take_columns(root, MODULE)

    assert values == {}
    assert [child.tag for child in root] == ["modulename"]


@pytest.mark.parametrize("text", ["01", " 1", "1.0", "", "-0", "+1", "9" * 30, "١"])
def test_a_number_that_would_come_back_otherwise_stays_in_its_document(text):
    root = element(f"<module><indent>{text}</indent></module>")

    values = take_columns(root, MODULE)

    assert values == {}
    assert not has_slot(root, "indent")
    assert (root.findtext("indent") or "") == text


@pytest.mark.parametrize("text", ["2", "", "$@NULL@$"])
def test_a_course_is_shown_or_hidden_and_nothing_else(text):
    root = element(f"<course><visible>{text}</visible></course>")

    assert take_columns(root, COURSE) == {}
    assert (root.findtext("visible") or "") == text


def test_a_switch_is_written_as_moodle_writes_it():
    assert column_texts(Course(visible=False, start_date=0), COURSE)["visible"] == "0"


def test_a_null_where_the_row_needs_a_value_stays_in_the_document():
    root = element("<file><filesize>$@NULL@$</filesize><mimetype>$@NULL@$</mimetype></file>")

    values = take_columns(root, FILE)

    assert values == {"mimetype": None}
    assert root.findtext("filesize") == "$@NULL@$"


def test_only_a_page_has_content_and_only_a_url_an_address():
    xml = "<{0}><name>n</name><content>c</content><externalurl>u</externalurl></{0}>"

    page = take_columns(element(xml.format("page")), activity_columns("page"))
    url = take_columns(element(xml.format("url")), activity_columns("url"))
    other = take_columns(element(xml.format("questionnaire")), activity_columns("questionnaire"))

    assert page == {"name": "n", "content": "c"}
    assert url == {"name": "n", "external_url": "u"}
    assert other == {"name": "n"}
    Activity(**page, **{key: value for key, value in url.items() if key != "name"})
