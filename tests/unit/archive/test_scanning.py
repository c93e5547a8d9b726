import io

import psutil
import pytest

from jobs.archive.limits import MIB, Limits
from jobs.archive.scanning import Rows, Scan, scan
from jobs.problems import ArchiveProblem


def scanned(content, **limits):
    target = Scan(Limits(**limits))
    scan(io.BytesIO(content).read, target)
    return target


def rows_of(content, path, **limits):
    found = []
    target = Rows(
        Limits(**limits), {path: lambda attributes, leaves: found.append((dict(attributes), leaves))}
    )
    scan(io.BytesIO(content).read, target)
    return found


def test_elements_are_counted_and_the_root_remembered():
    target = scanned(b'<activity id="1" contextid="72"><post/><post><userid>3</userid></post></activity>')

    assert target.root == {"id": "1", "contextid": "72"}
    assert target.counts == {"activity": 1, "post": 2, "userid": 1}


def test_a_document_is_read_the_same_in_whatever_pieces_it_comes():
    stream, target = io.BytesIO(b'<?xml version="1.0" encoding="UTF-8"?><a><b/></a>'), Scan(Limits())

    scan(lambda _length: stream.read(1), target)

    assert target.counts == {"a": 1, "b": 1}


def test_rows_come_with_their_direct_leaves_in_order():
    content = b"""<files>
      <file id="1"><b>1 &lt; 2</b><a></a><deep><a>no</a></deep><c>caf\xc3\xa9</c></file>
      <file id="2"/>
      <other><file id="3"/></other>
    </files>"""

    assert rows_of(content, "files/file") == [
        ({"id": "1"}, {"b": "1 < 2", "a": "", "c": "café"}),
        ({"id": "2"}, {}),
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "broken at line"),
        (b"<a><b></a>", "broken at line 1"),
        (b"<a>\n<b>", "broken at line 2"),
        (b"<a/>junk", "broken at line 1"),
        (b"<a>&nothing;</a>", "broken at line 1"),
        (b'<a b="1" b="2"/>', "broken at line 1"),
        (b'<!DOCTYPE a SYSTEM "x"><a/>', "declares a DOCTYPE"),
        (b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>', "declares a DOCTYPE"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "not in UTF-8"),
        (b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "not in UTF-8"),
        ('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16-le"), "not in UTF-8"),
        (b'<a xmlns:x="u"><x:b/></a>', "XML namespaces"),
        (b'<a><xi:include href="/etc/passwd"/></a>', "XML namespaces"),
        (b'<a xmlns:x="u" x:b="1"/>', "XML namespaces"),
    ],
)
def test_a_document_that_is_not_whole_says_where(content, fault):
    with pytest.raises(ArchiveProblem, match=fault) as refusal:
        scanned(content)

    assert refusal.value.limit is None


@pytest.mark.parametrize(
    ("content", "limits", "limit"),
    [
        (b"<a>" * 21 + b"</a>" * 21, {"xml_depth": 20}, "xml_depth"),
        (b'<a b="1" c="2" d="3"/>', {"xml_attributes": 2}, "xml_attributes"),
        (b"<a>" + b"<b/>" * 100_000 + b"</a>", {"xml_elements": 50_000}, "xml_elements"),
        (b"<a>" + b"<b/>" * 100_000 + b"</a>", {"xml_bytes": 200_000}, "xml_bytes"),
        (b"<a>" + b"x" * MIB + b"</a>", {"xml_text_bytes": 300_000}, "xml_text_bytes"),
        (b"<a><!--" + b"x" * MIB + b"--></a>", {"xml_text_bytes": 300_000}, "xml_text_bytes"),
        (b'<a b="' + b"x" * MIB + b'"/>', {"xml_text_bytes": 300_000}, "xml_text_bytes"),
        (b"<a><b/><c/><d/></a>", {"xml_names": 3}, "xml_names"),
        (b'<a b="" c=""><d/></a>', {"xml_names": 3}, "xml_names"),
        (b"<a><bbbbbb/></a>", {"name_length": 5}, "name_length"),
    ],
)
def test_a_document_out_of_bounds_names_the_limit(content, limits, limit):
    with pytest.raises(ArchiveProblem) as refusal:
        scanned(content, **limits)

    assert refusal.value.limit == limit


def test_a_single_row_out_of_bounds_names_the_limit():
    content = b"<r><row><a>" + b"x" * 2000 + b"</a><b>" + b"x" * 2000 + b"</b></row></r>"

    with pytest.raises(ArchiveProblem) as refusal:
        rows_of(content, "r/row", xml_part_bytes=3000)

    assert refusal.value.limit == "xml_part_bytes"


def test_what_is_just_within_bounds_is_read():
    content = b"<a>" * 20 + b'<b c="1" d="2"/>' + b"x" * 250_000 + b"</a>" * 20

    target = scanned(content, xml_depth=21, xml_attributes=2, xml_text_bytes=300_000, xml_names=4)

    assert target.counts == {"a": 20, "b": 1}


def test_no_tree_is_kept_whatever_the_length():
    content = b"<a>" + b"<b><c>some text</c></b>\n" * 300_000 + b"</a>"
    stream = io.BytesIO(content)
    process = psutil.Process()
    before = process.memory_info().rss
    seen = []

    def read(length):
        seen.append(process.memory_info().rss)
        return stream.read(length)

    scan(read, Scan(Limits()))

    # The tree would take ten times as much.
    assert max(seen) - before < 16 * MIB
