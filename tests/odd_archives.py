"""Legal but odd ways of writing the same course: each variation takes an archive's members, and gives others."""

import codecs
import itertools
import re
from collections.abc import Callable

from lxml import etree

Members = dict[str, bytes]
#: Made anew with every backup, from what is there.
_ANEW = re.compile(r"moodle_backup\.xml|\.ARCHIVE_INDEX|.*inforef\.xml")
#: Types of plugins that may add to documents.
_PLUGINS = (
    "local",
    "theme",
    "report",
    "plagiarism",
    "tool",
    "format",
    "qtype",
    "enrol",
    "gradingform",
    "block",
)
_DECLARATION = re.compile(rb"^<\?xml[^>]*\?>\s*")


def _documents(members: Members) -> list[str]:
    return [name for name in members if name.endswith(".xml") and not _ANEW.fullmatch(name)]


def _each(change: Callable[[etree._Element], None]) -> Callable[[Members], Members]:
    """A variation that changes the tree of every document."""

    def vary(members: Members) -> Members:
        found = dict(members)
        for name in _documents(members):
            root = etree.fromstring(members[name])
            change(root)
            found[name] = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        return found

    return vary


def _as_bytes(
    change: Callable[[bytes], bytes], *, also_manifest: bool = False
) -> Callable[[Members], Members]:
    def vary(members: Members) -> Members:
        names = _documents(members) + (["moodle_backup.xml"] if also_manifest else [])
        return members | {name: change(members[name]) for name in names}

    return vary


def _branches(root: etree._Element) -> list[etree._Element]:
    return [one for one in root.iter(etree.Element) if len(one)]


def _leaves(root: etree._Element) -> list[etree._Element]:
    return [one for one in root.iter(etree.Element) if not len(one)]


def _add_elements(root: etree._Element) -> None:
    for branch in _branches(root):
        branch.insert(0, etree.fromstring("<tide_first mark='a'>one &lt;two&gt;</tide_first>"))
        branch.append(
            etree.fromstring("<tide_last id='-5'><deep><deeper/></deep><deep>$@NULL@$</deep></tide_last>")
        )


def _add_attributes(root: etree._Element) -> None:
    if root.tag == "users":
        return  # nobody knows what they would say of a person: they go when people are disguised
    for place, element in enumerate(root.iter(etree.Element)):
        element.set("tide", f"a<b & {place}\n\t\N{EURO SIGN}")
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _add_plugins(root: etree._Element) -> None:
    tides = "<tides><tide id='9007199254740993'><height>2</height></tide></tides>"
    for branch in _branches(root):
        for kind in _PLUGINS:
            part = f"plugin_{kind}_tide_{branch.tag}"
            branch.append(etree.fromstring(f"<{part}>{tides}</{part}>"))


def _comment(root: etree._Element) -> None:
    for branch in _branches(root):
        branch.insert(0, etree.Comment(" a remark "))
        branch.append(etree.ProcessingInstruction("tide", "high"))


def _pad(root: etree._Element) -> None:
    for leaf in _leaves(root):
        if leaf.text and re.search(r"[^\W\d]", leaf.text) and leaf.tag in _TEXTS:
            leaf.text = f"  \n\t{leaf.text}\N{NO-BREAK SPACE} \n"


_TEXTS = ("intro", "content", "summary", "description", "message", "questiontext")


def _grow(root: etree._Element) -> None:
    for leaf in _leaves(root):
        if leaf.tag in _TEXTS:
            leaf.text = "tide \N{EURO SIGN} & <b>\U0001f30a</b> " * 10_000
            return


def _to(text: str | None) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        for leaf in _leaves(root):
            if leaf.tag in _TEXTS:
                leaf.text = text

    return change


def _drop(root: etree._Element) -> None:
    for leaf in _leaves(root):
        parent = leaf.getparent()
        if leaf.tag in _TEXTS and parent is not None:
            parent.remove(leaf)


def _in_cdata(content: bytes) -> bytes:
    return re.sub(rb"<(intro|content|summary|description)>([^<]+)</", _cdata, content)


def _cdata(found: re.Match[bytes]) -> bytes:
    text = etree.fromstring(b"<a>" + found[2] + b"</a>").text or ""
    return b"<%s><![CDATA[%s]]></" % (found[1], text.replace("]]>", "]]]]><![CDATA[>").encode())


def _by_number(content: bytes) -> bytes:
    return re.sub(rb"(?<=<name>)[A-Za-z]", lambda one: b"&#x%x;" % ord(one[0]), content)


def _recoded(encoding: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        return etree.tostring(etree.fromstring(content), encoding=encoding, xml_declaration=True)

    return change


def _add_files(members: Members) -> Members:
    folders = {name.rpartition("/")[0] for name in members if not name.startswith("files/")}
    added = {}
    for folder in folders:
        before = f"{folder}/" if folder else ""
        added[f"{before}tide.xml"] = b"<?xml version='1.0'?>\n<tide level='2'><high>7</high></tide>"
        added[f"{before}tide/deep.xml"] = b"<tides><tide id='3'>x</tide></tides>"
    return members | added


def _drop_files(members: Members) -> Members:
    optional = re.compile(
        r"(grade_history|completion|badges)\.xml|course/(?!course\.xml|enrolments|roles).*"
        r"|.*/(calendar|comments|filters|logs|logstores|competencies|completion|grading|grade_history|xapistate|inforef)\.xml"
    )
    return {name: content for name, content in members.items() if not optional.fullmatch(name)}


def _backwards(members: Members) -> Members:
    return dict(reversed(members.items()))


def _other_ids(first: int) -> Callable[[Members], Members]:
    """Every id of an activity's module, section and context by another number, in names as in documents."""

    def vary(members: Members) -> Members:
        numbers = {
            found for name in members if (found := re.search(r"(?:section|activities/\w+?)_(\d+)/", name))
        }
        new = dict(zip(sorted({one[1] for one in numbers}), map(str, itertools.count(first)), strict=False))
        names = {
            name: re.sub(r"(?<=_)(\d+)(?=/)", lambda one: new.get(one[1], one[1]), name) for name in members
        }
        return {names[name]: _renumbered(content, new) if name.endswith(".xml") else content
                for name, content in members.items()}  # fmt: skip

    return vary


def _renumbered(content: bytes, new: dict[str, str]) -> bytes:
    pattern = re.compile(
        rb'(?P<before><(?:moduleid|sectionid)>|<(?:module|section) id="|moduleid="|[a-z]_)(?P<id>\d+)'
    )
    found = pattern.sub(
        lambda one: one["before"] + new.get(one["id"].decode(), one["id"].decode()).encode(), content
    )

    def listed(one: re.Match[bytes]) -> bytes:
        return one[1] + b",".join(
            new.get(each.decode(), each.decode()).encode() for each in one[2].split(b",")
        )

    return re.sub(rb"(<sequence>)([\d,]+)", listed, found)


def _changed(pattern: bytes, by: bytes, only: str = "") -> Callable[[Members], Members]:
    def vary(members: Members) -> Members:
        return {name: re.sub(pattern, by, content) if name.endswith(".xml") and re.search(only, name) else content
                for name, content in members.items()}  # fmt: skip

    return vary


def _listed_in_all(members: Members) -> Members:
    numbers = ",".join(
        found[1] for name in members if (found := re.fullmatch(r"activities/\w+_(\d+)/module\.xml", name))
    )
    return _changed(rb"<sequence>[^<]*", f"<sequence>{numbers}".encode(), r"section\.xml")(members)


def _with_blocks(members: Members) -> Members:
    found = dict(members)
    for number, directory in enumerate(
        sorted({name.rpartition("/")[0] for name in members if name.endswith(("module.xml", "course.xml"))})
    ):
        block = (
            f"<block id='{900 + number}' contextid='{90_000 + number}' version=''><blockname>tide_table</blockname>"
            "<parentcontextid>1</parentcontextid><showinsubcontexts>0</showinsubcontexts><pagetypepattern>x-*"
            "</pagetypepattern><subpagepattern>$@NULL@$</subpagepattern><defaultregion>side-nowhere</defaultregion>"
            "<defaultweight>-7</defaultweight><configdata>not base64!</configdata><block_positions/></block>"
        )
        found[f"{directory}/blocks/tide_table_{900 + number}/block.xml"] = (
            f"<?xml version='1.0'?>\n{block}".encode()
        )
        found[f"{directory}/blocks/tide_table_{900 + number}/tides.xml"] = b"<tides><tide id='1'/></tides>"
    return found


VARIATIONS: dict[str, Callable[[Members], Members]] = {
    "as it is": dict,
    "unknown elements": _each(_add_elements),
    "unknown attributes": _each(_add_attributes),
    "parts of plugins": _each(_add_plugins),
    "comments and instructions": _each(_comment),
    "space around texts": _each(_pad),
    "very long texts": _each(_grow),
    "texts that are null": _each(_to("$@NULL@$")),
    "texts that are empty": _each(_to("")),
    "texts that are tags alone": _each(_to(None)),
    "texts that are not there": _each(_drop),
    "character data": _as_bytes(_in_cdata),
    "letters by their number": _as_bytes(_by_number),
    "a byte order mark": _as_bytes(lambda content: codecs.BOM_UTF8 + content),
    "UTF-16": _as_bytes(_recoded("UTF-16")),
    "Latin-1": _as_bytes(_recoded("ISO-8859-1")),
    "ASCII": _as_bytes(_recoded("US-ASCII")),
    "no declaration": _as_bytes(lambda content: _DECLARATION.sub(b"", content)),
    "carriage returns": _as_bytes(lambda content: content.replace(b"\n", b"\r\n")),
    "unknown files": _add_files,
    "without what may be missing": _drop_files,
    "backwards": _backwards,
    "ids over 2^31": _other_ids(2**31 + 5),
    "ids over 2^53": _other_ids(2**53 + 5),
    "sections without a number": _changed(rb"<number>\d+</number>", b"", r"section\.xml"),
    "sections of one number": _changed(rb"<number>\d+</number>", b"<number>1</number>", r"section\.xml"),
    "activities in all sections": _listed_in_all,
    "activities in no section": _changed(rb"<sequence>[^<]*", b"<sequence>", r"section\.xml"),
    "another course format": _changed(rb"format>topics</", b"format>flexsections</"),
    "odd blocks": _with_blocks,
}  # fmt: skip
