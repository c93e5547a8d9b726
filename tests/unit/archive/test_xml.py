"""A document taken apart and put together again says what it said."""

import hashlib
import io
import subprocess
import sys
import tracemalloc
from types import SimpleNamespace

import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree

from jobs.archive.limits import Limits
from jobs.archive.trees import tree_for
from jobs.archive.xml import (
    MISSING,
    NULL,
    Record,
    fill,
    has_slot,
    make_slot,
    pack,
    rows_slot,
    set_text,
    split,
    splitting,
    take,
    text_of,
    unpack,
    write_document,
)
from jobs.archive.xml.mending import Mender
from jobs.problems import ArchiveProblem
from tests.unit.archive.documents import ARCHIVES, parts, places, round_trip, said, said_by, written

POST = "forum/posts/post"
FORUM = b"""<?xml version="1.0" encoding="UTF-8"?>
<forum id="7" note="&quot;a&quot;&#10;&lt;b&gt;">
  <name>Tea &amp; talk</name>
  <intro></intro>
  <scale>$@NULL@$</scale>
  <posts>
    <post id="1">
      <message>&lt;p&gt;One&lt;/p&gt; "two"</message>
      <ratings>
      </ratings>
    </post>
    <post id="2">
      <message>\xe6\xbd\xae\xe6\xb1\x90&#13;</message>
    </post>
    <note>between</note>
    <post id="3">
      <message> </message>
    </post>
  </posts>
  <end>1</end>
</forum>"""


def records_of(content, is_record=POST.__eq__, limits=Limits()):  # noqa: B008 - a frozen value
    return list(split(io.BytesIO(content), is_record, limits))


def refused(content, **limits):
    with pytest.raises(ArchiveProblem) as refusal:
        records_of(content, limits=Limits(**limits))
    return refusal.value


# Taking apart


def test_a_run_of_records_leaves_one_place_behind():
    *records, skeleton = records_of(FORUM)

    assert [(record.slot, record.path, record.element.get("id")) for record in records] == [
        (1, POST, "1"),
        (1, POST, "2"),
        (2, POST, "3"),
    ]
    assert pack(skeleton.element.find("posts")) == b"<posts><?rows 1?><note>between</note><?rows 2?></posts>"


def test_a_document_comes_back_byte_for_byte():
    assert round_trip(FORUM, POST.__eq__) == FORUM


def test_a_record_in_a_record_stays_in_it():
    content = b"<a><b><b><b>1</b></b></b></a>"

    *records, _ = records_of(content, is_record=lambda path: path.endswith("b"))

    assert [pack(record.element) for record in records] == [b"<b><b><b>1</b></b></b>"]


PAGE = "wiki/pages/page"


def wiki_of(*lengths):
    """Pages with so many versions each, of 1,000 bytes."""
    version = (
        b'\n        <version id="%d">\n          <content>' + b"x" * 946 + b"</content>\n        </version>"
    )
    pages = (
        b'\n    <page id="%d">\n      <title>Tides</title>\n      <versions>' % page
        + b"".join(version % number for number in range(count))
        + b"\n      </versions>\n      <readonly>0</readonly>\n    </page>"
        for page, count in enumerate(lengths, 1)
    )
    prolog = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return prolog + b"<wiki>\n  <pages>" + b"".join(pages) + b"\n  </pages>\n</wiki>"


def test_a_large_record_is_cut_and_comes_back_byte_for_byte():
    content = wiki_of(3, 2000, 5)

    *records, _ = split(io.BytesIO(content), PAGE.__eq__, Limits(), lambda path: path.endswith("version"))

    pages = [(number, record) for number, record in enumerate(records) if not record.is_piece]
    assert [record.element.get("id") for _, record in pages] == ["1", "2", "3"]
    assert {record.path for record in records if record.is_piece} == {f"{PAGE}/versions/version"}
    # The pieces come before what they were cut from, which holds their place.
    assert pages[1][0] > 1000
    assert pack(pages[1][1].element).startswith(b'<page id="2"><title>Tides</title><versions><?rows 2?>')
    assert max(len(pack(record.element)) for record in records) < 600_000
    assert round_trip(content, PAGE.__eq__, lambda path: path.endswith("version")) == content


def test_a_large_record_stays_whole_where_nothing_in_it_may_be_a_piece():
    content = wiki_of(2000)

    *records, _ = split(io.BytesIO(content), PAGE.__eq__, Limits(), lambda path: path.endswith("title"))

    assert [record.is_piece for record in records] == [False]


def test_what_is_left_of_a_large_record_is_bounded_too():
    content = b"<a><r>" + b"<leaf>12345678</leaf>" * 200_000 + b"</r></a>"

    with pytest.raises(ArchiveProblem) as refusal:
        list(split(io.BytesIO(content), "a/r".__eq__, Limits(xml_part_bytes=1 << 20), bool))

    assert refusal.value.limit == "xml_part_bytes"


def test_text_between_records_keeps_its_place():
    content = b"<a>one<r>1</r>two<r>2</r><r>3</r>three</a>"

    assert round_trip(content, "a/r".__eq__).endswith(content)


def test_blanks_in_a_leaf_are_its_value():
    rows, skeleton = parts(b"<a> <b>  </b>\n<c>\t</c></a>", "a/b".__eq__)

    assert rows[0][1].text == "  "
    assert skeleton.findtext("c") == "\t"


def test_line_ends_are_read_as_xml_reads_them():
    rows, _ = parts(b"<a><b> \r\nx\ry&#13;</b></a>", "a/b".__eq__)

    assert rows[0][1].text == " \nx\ny\r"


def test_comments_and_foreign_instructions_are_dropped():
    content = (
        b"<?rows 8?><!-- c --><a><?rows 9?><b>x<!-- c -->y<?column?></b><!-- c --><b><![CDATA[<i>]]></b></a>"
    )

    rows, skeleton = parts(content, "a/b".__eq__)

    assert [element.text for _, element in rows] == ["xy", "<i>"]
    assert pack(skeleton) == b"<a><?rows 1?></a>"


# Anything comes back

NAMES = st.sampled_from(["a", "b", "row", "item"])
TEXTS = st.one_of(
    st.just(NULL),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12),
    st.text(" \t\n\r&<>\"'é潮🌊", max_size=12),
)
ATTRIBUTES = st.dictionaries(st.sampled_from(["id", "x", "encrypted"]), TEXTS, max_size=2)


@st.composite
def elements(draw, children):
    element = etree.Element(draw(NAMES), draw(ATTRIBUTES))
    inside = draw(children)
    if isinstance(inside, str):
        element.text = inside
        return element
    mixed = draw(st.booleans()) and draw(st.booleans())
    element.text = draw(TEXTS) if mixed else None
    for child in inside:
        child.tail = draw(TEXTS) if mixed else None
        element.append(child)
    return element


TREES = st.recursive(TEXTS, lambda inner: st.lists(elements(inner), max_size=6), max_leaves=40)


@settings(deadline=None)  # other work may slow the machine
@given(elements(TREES), st.integers(1, 80), st.booleans())
def test_any_document_says_the_same_after_its_way_through_storage(root, piece, indented):
    root.tag = "root"
    before = said(root)
    content = etree.tostring(root, encoding="UTF-8", pretty_print=indented)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "_PIECE", piece + len("<root "))
        after = round_trip(content, lambda path: path.endswith("/row"))

    assert said_by(after) == (said_by(content) if indented else before)


@settings(deadline=None)
@given(elements(TREES), st.integers(1, 80), st.integers(0, 200))
def test_any_record_says_the_same_however_it_is_cut(root, piece, large):
    for number, element in enumerate(root.iter()):
        element.set("id", str(number))
    root.tag = "root"
    before = said(root)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "_PIECE", piece + len("<root "))
        patch.setattr(splitting, "CUT_FROM", large)
        after = round_trip(etree.tostring(root, encoding="UTF-8"), lambda path: path.count("/") == 1, bool)

    assert said_by(after) == before


@pytest.mark.parametrize("archive", ARCHIVES)
def test_every_real_document_says_the_same_after_its_way_through_storage(archive):
    for directory, filename, content in places(archive):
        after = round_trip(content, tree_for(directory, filename).is_record)

        assert said_by(after) == said_by(content), f"{directory}/{filename}"


@pytest.mark.parametrize("archive", [archive for archive in ARCHIVES if "4.5" in str(archive)])
def test_what_a_moodle_wrote_comes_back_byte_for_byte(archive):
    for directory, filename, content in places(archive):
        after = round_trip(content, tree_for(directory, filename).is_record)

        assert after == content.replace(b"\r\n", b"\n"), f"{directory}/{filename}"


# Refusals


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<!DOCTYPE forum><forum/>", "DOCTYPE"),
        (b'<?xml version="1.0"?>\n<!-- > <a> -->\n<!DOCTYPE f [<!ENTITY e "x">]><f a="&e;"/>', "DOCTYPE"),
        (b"<forum>&unknown;</forum>", "not well-formed"),
        (b'<forum name="&unknown;"/>', "not well-formed"),
        (b"<forum><name></forum>", "not well-formed"),
        (b"<forum><name>", "not well-formed"),
        (b"<forum/><forum/>", "not well-formed"),
        (b'<?xml version="1.0" encoding="Shift_JIS"?><forum>\xe9</forum>', "not in UTF-8"),
        ('<?xml version="1.0" encoding="UTF-16"?><forum/>'.encode("utf-16-le"), "not in UTF-8"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE forum><forum/>'.encode("utf-16"), "DOCTYPE"),
        (b"", "does not begin"),
        (b"PK\x03\x04", "does not begin"),
        (b"<!-- never closed", "does not begin"),
        (b'<forum xmlns="urn:x"/>', "namespaces"),
        (b'<forum><name x:lang="fr"/></forum>', "namespaces"),
    ],
)
def test_what_is_no_document_of_a_backup_is_refused(content, reason):
    problem = refused(content)

    assert reason in str(problem)


def test_a_byte_order_mark_is_read_past():
    assert round_trip(b"\xef\xbb\xbf<a>x</a>", POST.__eq__).endswith(b"<a>x</a>")


@pytest.mark.parametrize("encoding", ["utf-16", "ISO-8859-15", "Windows-1252"])
def test_what_an_editor_saved_in_another_encoding_is_read_by_it(encoding):
    content = f"<?xml version='1.0' encoding='{encoding}'?><a>{'é €' * 90_000}</a>".encode(encoding)

    assert round_trip(content, POST.__eq__) == (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<a>{"é €" * 90_000}</a>'.encode()
    )


def test_blanks_ahead_of_the_declaration_are_read_past():
    plain = b'<?xml version="1.0" encoding="UTF-8"?>\n<a>x</a>'

    assert round_trip(b"\r\n \t" + plain, POST.__eq__) == plain


def test_what_xml_itself_calls_by_a_prefix_stays():
    content = b'<?xml version="1.0" encoding="UTF-8"?>\n<a xml:lang="fr" b=" {http://www.w3.org/XML/1998/namespace}">x</a>'

    assert round_trip(content, POST.__eq__) == content


@pytest.mark.parametrize(
    ("content", "limit", "value"),
    [
        (b"<a>" * 11 + b"</a>" * 11, "xml_depth", 10),
        (b"<a>" + b"<forum/>" * 10 + b"</a>", "xml_elements", 10),
        (b'<a b="1" c="2" d="3"/>', "xml_attributes", 2),
        (b"<a>" + b"<b/><c/><d/>" + b"</a>", "xml_names", 3),
        (b"<a>" + b"x" * 200_000 + b"</a>", "xml_text_bytes", 1000),
        (b"<a><!--" + b"x" * 200_000 + b"--></a>", "xml_text_bytes", 1000),
        (b'<a b="' + b"x" * 200_000 + b'"/>', "xml_text_bytes", 1000),
        (b"<a>" + b"<b>text</b>" * 20_000 + b"</a>", "xml_bytes", 100_000),
        (b"<a>" + b"<b>text</b>" * 20_000 + b"</a>", "xml_part_bytes", 100_000),
        (
            b"<forum><posts><post>" + b"<b>text</b>" * 40_000 + b"</post></posts></forum>",
            "xml_part_bytes",
            100_000,
        ),
        (b"<a>" + b"long text<b/>" * 20_000 + b"</a>", "xml_part_bytes", 100_000),
    ],
)
def test_what_passes_a_limit_is_refused_by_the_name_of_the_limit(content, limit, value):
    problem = refused(content, **{limit: value})

    assert problem.limit == limit
    assert "than this site reads" in str(problem)


def test_many_records_pass_the_limit_for_one():
    content = b"<forum><posts>" + b"<post>text</post>" * 20_000 + b"</posts></forum>"

    *records, _ = records_of(content, limits=Limits(xml_part_bytes=100_000))

    assert len(records) == 20_000


# Values and slots


@pytest.mark.parametrize("value", ["", "12", "<b>", NULL])
def test_a_value_taken_out_can_be_put_back(value):
    element = etree.fromstring("<post><message/><n>1</n></post>")
    element[0].text = value
    before = pack(element)

    taken = take(element, "message")
    stored = unpack(pack(element))
    fill(stored, {"message": taken, "n": "never"})

    assert taken == (None if value == NULL else value)
    assert has_slot(element, "message")
    assert said(stored) == said(unpack(before))


def test_taking_what_is_not_there_leaves_the_element_alone():
    element = etree.fromstring("<post><deep><message>1</message></deep></post>")
    before = pack(element)

    assert take(element, "message") is MISSING
    assert take(element, "deep") is MISSING
    assert pack(element) == before


def test_a_leaf_that_kept_its_text_is_not_filled():
    element = etree.fromstring("<post><message>kept</message></post>")

    fill(element, {"message": "other"})

    assert element.findtext("message") == "kept"


def test_a_slot_can_be_made_of_a_leaf_or_of_nothing():
    element = etree.fromstring("<post><a>1</a><b>2</b></post>")

    make_slot(element, "a")
    make_slot(element, "c")
    fill(element, {"a": None, "c": "3"})

    assert pack(element) == b"<post><a>$@NULL@$</a><b>2</b><c>3</c></post>"


def test_a_value_is_taken_only_once():
    element = etree.fromstring("<post><a>1</a></post>")

    assert [take(element, "a"), take(element, "a")] == ["1", MISSING]


def test_a_null_is_not_the_same_as_nothing():
    leaf = etree.Element("a")

    set_text(leaf, None)
    null = text_of(leaf)
    set_text(leaf, "")
    empty = text_of(leaf)

    assert (null, empty) == (None, "")


def test_characters_that_xml_cannot_hold_are_dropped():
    leaf = etree.Element("a")

    set_text(leaf, "a\x00b\x0bc\ud800d\ufffee\U0001f30a\t")

    assert leaf.text == "abcde🌊\t"


def test_an_empty_container_gets_a_place_of_its_own_for_rows():
    skeleton = etree.fromstring("<a><b><?rows 4?></b><c/></a>")

    slots = [rows_slot(skeleton.find("c")), rows_slot(skeleton.find("c")), rows_slot(skeleton.find("b"))]

    assert slots == [5, 5, 4]
    assert pack(skeleton) == b"<a><b><?rows 4?></b><c><?rows 5?></c></a>"


# Writing


def test_a_container_without_rows_stays_a_container():
    skeleton = unpack(b"<posts><?rows 1?></posts>")

    assert written(skeleton, []).splitlines()[1:] == [b"<posts>", b"</posts>"]


def test_text_around_elements_is_written_without_indentation():
    skeleton = unpack(b"<a><b>one <i>two<?rows 1?></i> three</b></a>")
    record = Record(1, "a/b/i/u", unpack(b"<u><v>x</v></u>"))

    content = written(skeleton, [(record, record.element)])

    assert content.splitlines()[2] == b"  <b>one <i>two<u><v>x</v></u></i> three</b>"


def test_a_slot_that_nobody_filled_is_a_mistake():
    skeleton = unpack(b"<a><b><?column?></b></a>")

    with pytest.raises(ValueError, match="<b> was not filled"):
        written(skeleton, [])


PASSING = """
import re, sys
from pathlib import Path
from jobs.archive.limits import Limits
from jobs.archive.xml import Record, pack, split, unpack, write_document

with open(sys.argv[1], "rb") as stream, open(sys.argv[2], "wb") as out:
    parts = split(stream, "forum/posts/post".__eq__, Limits())
    stored = (unpack(pack(part.element)) for part in parts if isinstance(part, Record))
    write_document(out, unpack(b"<forum><posts><?rows 1?></posts></forum>"), lambda slot: stored)
print(int(re.search("VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def test_a_large_text_is_written_whole_without_being_held_often():
    words = "Tide & wind. \N{WATER WAVE}" * 500_000
    page = etree.Element("page")
    etree.SubElement(page, "content").text = words
    written = hashlib.sha256()
    out = SimpleNamespace(write=written.update)

    tracemalloc.start()
    write_document(out, page, lambda _slot: [])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    content = words.replace("&", "&amp;").encode()
    start, end = b'<?xml version="1.0" encoding="UTF-8"?>\n<page>\n  <content>', b"</content>\n</page>"
    assert written.hexdigest() == hashlib.sha256(start + content + end).hexdigest()
    # Four bytes a letter where one lies beyond the usual ones: the text as it is, and with its signs escaped.
    assert peak < 2.5 * 4 * len(words)


@pytest.mark.long
def test_a_large_document_passes_in_flat_memory(tmp_path):
    source, target = tmp_path / "forum.xml", tmp_path / "out.xml"
    post = (
        "<post id='{}'><userid>12</userid><message>" + "&lt;p&gt;Tea?&lt;/p&gt;\n" * 30 + "</message></post>"
    )
    with source.open("w") as out:
        out.write("<forum><posts>")
        out.writelines(post.format(number) for number in range(150_000))
        out.write("</posts></forum>")

    passing = subprocess.run(
        [sys.executable, "-c", PASSING, source, target], check=True, stdout=subprocess.PIPE
    )

    assert source.stat().st_size > 100_000_000
    assert int(passing.stdout) < 40  # MiB
    with target.open("rb") as lines:
        assert sum(line.count(b"</post>") for line in lines) == 150_000


@pytest.mark.parametrize(
    ("written", "read"),
    [(b"caf\xe9!", "caf\N{REPLACEMENT CHARACTER}!"), (b"a\x01\x00b", "ab"), (b"a&#1;b&#x0B;c&#0000;", "abc"),
     ("é漢🌊&#13;&#9;&#233;&#x1F30A;".encode(), "é漢🌊\r\té🌊")],
)  # fmt: skip
@pytest.mark.parametrize("length", [1, 2, 3, 7, 1000])
def test_bytes_that_xml_may_not_hold_are_mended_wherever_a_piece_ends(written, read, length):
    mender, content = Mender(), b"<a>" + written + b"</a>"

    pieces = [mender.mend(content[at : at + length]) for at in range(0, len(content), length)]
    root = etree.fromstring(b"".join([*pieces, mender.mend(b"")]))

    assert root.text == read
    assert mender.has_mended == ("漢" not in read)
