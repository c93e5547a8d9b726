"""Archives whose documents are hostile: floods, encodings, entities, ids that can't be, circles, made-up places.

`DOCUMENTS` says by its name what makes it, and how the sentence begins that refuses it; None for what is
restored, with what is damaged left out and named.
"""

import base64
import re
from collections.abc import Callable

from tests.archives import pack_tgz, small_course
from tests.hostile.containers import MB
from tests.quiz_course import fixed, quiz_course

Make = Callable[[], bytes]
Ends = str | tuple[str, ...] | None
MANIFEST = "moodle_backup.xml"
PAGE = "activities/page_42/page.xml"
BROKEN = "The moodle_backup.xml in this archive is damaged"
NOT_MOODLES = "The moodle_backup.xml in this archive is not one that Moodle writes"
TOO_MUCH = f"“{PAGE}” in the archive can’t be read: it "
NO_DOCTYPE = f"{BROKEN}: it declares a DOCTYPE, which no backup does."

#: Numbers that no id can be.
NO_NUMBERS = [
    "0", "-1", "9223372036854775808", "18446744073709551616", "9" * 25, "9" * 5000, "1e3", "0x10", "1.5", "nan",
    "\N{ARABIC-INDIC DIGIT THREE}", "\N{SUPERSCRIPT TWO}", "", "   ", "$@NULL@$", "1 OR 1=1", "1;DROP TABLE user",
    "../42",
]  # fmt: skip
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "a DOCTYPE": "<!DOCTYPE x>",
    "a billion laughs": f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>',
    "one large entity many times": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>',
    "an entity from a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "an entity from the net": '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/x">]>',
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd">%a;]>',
    "a DTD from elsewhere": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "a DOCTYPE behind a comment": "<!-- x --><?x y?><!DOCTYPE x>",
}  # fmt: skip


def with_prolog(name: str, prolog: str) -> bytes:
    members = small_course()
    head, _, rest = members[name].partition(b"?>")
    return pack_tgz(members | {name: head + b"?>" + prolog.encode() + rest})


def with_inside(name: str, content: bytes | str, *, root: str = "") -> bytes:
    """The course with more at the end of a document."""
    members = small_course()
    more = content.encode() if isinstance(content, str) else content
    end = members[name].rindex(b"</")
    return pack_tgz(members | {name: members[name][:end] + more + members[name][end:]})


def replaced(name: str, pattern: bytes, new: bytes, members: dict[str, bytes] | None = None) -> bytes:
    """The course with every place in a document that fits the pattern written otherwise."""
    members = members or small_course()
    changed, count = re.subn(pattern, lambda found: found.expand(new), members[name])
    assert count, f"{pattern!r} is nowhere in {name}"
    return pack_tgz(members | {name: changed})


def everywhere(pattern: bytes, new: bytes) -> bytes:
    members = small_course()
    return pack_tgz(
        {
            name: re.sub(pattern, new.replace(b"\\", rb"\\"), content) if name.endswith(".xml") else content
            for name, content in members.items()
        }
    )


def in_encoding(name: str, encoding: str, *, said: bool) -> bytes:
    members = small_course()
    text = members[name].decode()
    if said:
        text = text.replace('encoding="UTF-8"', f'encoding="{encoding}"')
    return pack_tgz(members | {name: text.encode(encoding)})


def text_of(name: str, content: str) -> bytes:
    """The course, whose page holds this text."""
    escaped = content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return replaced(name, rb"(?s)<content>.*?</content>", b"<content>%s</content>" % escaped.encode())


def packed(settings: bytes) -> str:
    """As Moodle packs what PHP has serialised."""
    return base64.b64encode(settings).decode()


def nested_php(depth: int) -> str:
    return packed(b"a:1:{i:0;" * depth + b"N;" + b"}" * depth)


def in_block(configdata: str) -> bytes:
    """The course with a block that holds these settings."""
    block = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<block id="9" contextid="90" version="2024100700">'
        "<blockname>html</blockname><parentcontextid>70</parentcontextid><showinsubcontexts>0</showinsubcontexts>"
        "<pagetypepattern>course-view-*</pagetypepattern><subpagepattern>$@NULL@$</subpagepattern>"
        "<defaultregion>side-pre</defaultregion><defaultweight>0</defaultweight>"
        f"<configdata>{configdata}</configdata></block>"
    )
    return pack_tgz(small_course() | {"course/blocks/html_9/block.xml": block.encode()})


def bank(parents: dict[int, int]) -> bytes:
    """A quiz course in whose question bank categories have these parents."""
    members = quiz_course([fixed(201)])
    for number, parent in parents.items():
        pattern = rb'(?s)(<question_category id="%d">.*?<parent>)\d+' % number
        members["questions.xml"] = re.sub(pattern, rb"\g<1>%d" % parent, members["questions.xml"], count=1)
    return pack_tgz(members)


def subsections() -> bytes:
    """Two sections, each of which opens from an activity in the other."""
    members = small_course()
    manifest = members[MANIFEST]
    for section, opener in ((31, 42), (32, 41)):
        name = f"sections/section_{section}/section.xml"
        members[name] = members[name].replace(
            b"</section>",
            b"<component>mod_subsection</component><itemid>%d</itemid></section>" % (opener + 10),
        )
        manifest = re.sub(
            rb"(?s)(<sectionid>%d</sectionid>.*?)(<parentcmid>[^<]*</parentcmid>)?(\s*</section>)" % section,
            rb"\g<1><parentcmid>%d</parentcmid>\g<3>" % opener, manifest, count=1,
        )  # fmt: skip
    return pack_tgz(members | {MANIFEST: manifest})


def many_people(count: int) -> bytes:
    members = small_course()
    one = re.search(rb'(?s)<user id="102".*?</user>', members["users.xml"])
    assert one is not None
    more = b"".join(
        one[0].replace(b'id="102"', b'id="%d"' % number).replace(b"bokoro", b"ben%d" % number)
        for number in range(1_000, 1_000 + count)
    )
    return pack_tgz(members | {"users.xml": members["users.xml"].replace(b"</users>", more + b"</users>")})


def many_rows(count: int) -> bytes:
    members = small_course()
    one = re.search(rb'(?s)<file id="603".*?</file>', members["files.xml"])
    assert one is not None
    more = b"".join(
        one[0].replace(b'id="603"', b'id="%d"' % number).replace(b"handout.txt", b"%d.txt" % number)
        for number in range(10_000, 10_000 + count)
    )
    return pack_tgz(members | {"files.xml": members["files.xml"].replace(b"</files>", more + b"</files>")})


#: What a text holds without end.
FLOODS = [
    "$@",
    "$@PAGEVIEWBYID*1@$",
    "@@PLUGINFILE@@/",
    "<",
    "<p>",
    "&amp;",
    "<p style='color:red'>",
    "<a href=x>",
]


def floods(kilobytes: int) -> dict[str, tuple[Make, Ends]]:
    """The floods, each of so many kilobytes."""
    return {
        f"a text of {one} without end": (
            lambda one=one: text_of(PAGE, one * (kilobytes * 1000 // len(one))), None,
        )
        for one in FLOODS
    }  # fmt: skip


DOCUMENTS: dict[str, tuple[Make, Ends]] = {
    **{
        f"{what} in the manifest": (
            lambda prolog=prolog: with_prolog(MANIFEST, prolog),
            (NO_DOCTYPE, BROKEN, NOT_MOODLES),
        )
        for what, prolog in DOCTYPES.items()
    },
    **{
        f"{what} in a page": (lambda prolog=prolog: with_prolog(PAGE, prolog), None)
        for what, prolog in DOCTYPES.items()
    },
    # That is no XML: the document is damaged, and the rest tells what there is.
    "a DOCTYPE in small letters in the manifest": (lambda: with_prolog(MANIFEST, "<!doctype x>"), None),
    "a DOCTYPE in small letters in a page": (lambda: with_prolog(PAGE, "<!doctype x>"), None),
    "an entity that nobody declared": (lambda: with_inside(PAGE, "<x>&harbour;</x>"), None),
    "an XInclude": (
        lambda: with_inside(PAGE, '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'), None,
    ),
    "an instruction for a style sheet": (
        lambda: with_prolog(PAGE, '<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>'), None,
    ),
    "deep elements": (lambda: with_inside(PAGE, "<a>" * 100_000 + "</a>" * 100_000), TOO_MUCH),
    "deep elements in the manifest": (lambda: with_inside(MANIFEST, "<a>" * 5_000 + "</a>" * 5_000), BROKEN),
    "elements of many names": (lambda: with_inside(PAGE, "".join(f"<a{n}/>" for n in range(30_000))), TOO_MUCH),
    "attributes of many names": (
        lambda: with_inside(PAGE, "<a " + "".join(f"a{n}='' " for n in range(10_000)) + "/>"), TOO_MUCH,
    ),
    "an attribute of ten megabytes": (lambda: with_inside(PAGE, f'<a b="{"c" * (10 * MB)}"/>'), None),
    "a comment of ten megabytes": (lambda: with_inside(PAGE, f"<!--{'c' * (10 * MB)}-->"), None),
    "a name of a megabyte": (lambda: with_inside(PAGE, f"<{'c' * MB}/>"), TOO_MUCH),
    "an element that never ends": (lambda: with_inside(PAGE, "<"), None),
    "a document of nothing but blanks": (lambda: pack_tgz(small_course() | {PAGE: b" " * MB}), None),
    "people without end": (lambda: many_people(2_000), None),
    **{
        f"{encoding}, {'said' if said else 'silent'}": (
            lambda encoding=encoding, said=said: in_encoding(PAGE, encoding, said=said), None,
        )
        for encoding in ("UTF-16", "UTF-32", "UTF-7")
        for said in (True, False)
    },
    "the manifest in UTF-16": (lambda: in_encoding(MANIFEST, "UTF-16", said=True), None),
    "broken UTF-8": (lambda: with_inside(PAGE, b"<x>\xc0\xaf\xff\xfe\xed\xa0\x80</x>"), None),
    "characters that no XML holds": (lambda: with_inside(PAGE, b"<x>\x00\x01\x1b[2J&#0;&#x1f;</x>"), None),
    **{
        f"ids that are {number[:20]!r} in a document": (
            lambda number=number: replaced(PAGE, rb'id="\d+"', b'id="%s"' % number.encode()), None,
        )
        for number in NO_NUMBERS
    },
    **{
        f"ids that are {number[:20]!r} everywhere": (
            lambda number=number: everywhere(rb'(?<= id=")\d+(?=")', number.encode()), "",
        )
        for number in NO_NUMBERS
    },
    **{
        f"{leaf} that is {number[:20]!r}": (
            lambda leaf=leaf, number=number: everywhere(
                rb"<%s>[^<]*</%s>" % (leaf.encode(), leaf.encode()),
                b"<%s>%s</%s>" % (leaf.encode(), number.encode(), leaf.encode()),
            ),
            "",
        )
        for leaf in ("contextid", "filesize", "timemodified", "moduleid", "sectionid", "userid", "parent")
        for number in ("-1", "9223372036854775808", "9" * 5000, "\N{ARABIC-INDIC DIGIT THREE}", "../42")
    },
    "a folder outside of the archive": (
        lambda: replaced(MANIFEST, rb"<directory>activities/page_42<", b"<directory>../../etc<"), "",
    ),
    "a type with a way in it": (lambda: everywhere(rb"<modulename>page<", b"<modulename>../page<"), ""),
    "a type with markup in it": (
        lambda: everywhere(rb"<modulename>page<", b"<modulename>page&lt;script&gt;alert(1)&lt;/script&gt;<"), "",
    ),
    "a content with a way in it": (
        lambda: everywhere(rb"<contenthash>[0-9a-f]+<", b"<contenthash>../../../../etc/passwd<"), "",
    ),
    "a content called by a quote": (lambda: everywhere(rb"<contenthash>[0-9a-f]+<", b"<contenthash>' OR '1'='1<"), ""),
    "files with ways in their names": (
        lambda: everywhere(rb"<filename>[^<]+<", b"<filename>../../../../tmp/coursekeep-was-here<"), "",
    ),
    "files in folders outside": (lambda: everywhere(rb"<filepath>[^<]+<", b"<filepath>/../../../tmp/<"), ""),
    "one content time and again": (lambda: many_rows(2_000), None),
    "categories in a circle": (lambda: bank({81: 82, 82: 81}), None),
    "a category in itself": (lambda: bank({81: 81}), None),
    "a quiz’s own category in a circle": (lambda: bank({90: 91, 91: 90}), None),
    "questions that are parts of one another": (
        lambda: replaced("questions.xml", rb"<parent>0<", b"<parent>1201<", quiz_course([], parts_of=1204)), "",
    ),
    "sections that open from one another": (subsections, ""),
    "a condition deep in conditions": (
        lambda: everywhere(
            rb"<availability>[^<]*<", b'<availability>' + b'{"op":"&amp;","c":[' * 50_000 + b"]}" * 50_000 + b"<"
        ),
        None,
    ),
    "settings that are an object": (lambda: in_block(packed(b'O:7:"Exploit":1:{s:1:"a";i:1;}')), None),
    "settings deep in settings": (lambda: in_block(nested_php(50_000)), None),
    "settings that count wrong": (lambda: in_block(packed(b"a:999999999:{i:0;i:1;}")), None),
    "settings that point to themselves": (lambda: in_block(packed(b'a:1:{s:4:"text";R:1;}')), None),
    "settings of Python": (lambda: in_block(packed(b"cos\nsystem\n(S'id'\ntR.")), None),
    **floods(200),
    "a link with numbers without end": (lambda: text_of(PAGE, "$@PAGEVIEWBYID" + "*1" * MB + "@$"), None),
    "a link to 5,000 digits": (lambda: text_of(PAGE, f"<a href='$@PAGEVIEWBYID*{'9' * 5000}@$'>x</a>"), None),
}  # fmt: skip
