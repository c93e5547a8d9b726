"""The XML documents of the small course that `tests.archives` packs, one function each."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

MADE_AT = 1_757_000_000
PEOPLE = [
    (101, "aholt", "Amira", "Holt", "a.holt@school.example"),
    (102, "bokoro", "Ben", "Okoro", "b.okoro@school.example"),
]
NOBODY = [
    (one, f"anon{one}", f"anonfirstname{one}", f"anonlastname{one}", f"anon{one}@doesntexist.invalid")
    for one in (101, 102)
]

Node = tuple[str, dict[str, object], object]


@dataclass(frozen=True)
class StoredFile:
    """One row of files.xml, and the bytes it stands for."""

    id: int
    name: str
    content: bytes
    contextid: int
    component: str
    filearea: str = "content"
    itemid: int = 0
    userid: object = 101
    author: str = "Amira Holt"

    @property
    def sha1(self) -> str:
        return hashlib.sha1(self.content).hexdigest()

    @property
    def entry(self) -> str:
        return f"files/{self.sha1[:2]}/{self.sha1}"


def node(name: str, content: object = "", **attributes: object) -> Node:
    return (name, attributes, content)


def leaves(**values: object) -> list[Node]:
    return [node(name, value) for name, value in values.items()]


def document(root: Node) -> bytes:
    """Write XML as Moodle does: two spaces, no newline at the end, NULL as a word of its own."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(_lines(root, 0))).encode()


def _lines(one: Node, depth: int) -> Iterable[str]:
    name, attributes, content = one
    pad = "  " * depth
    start = name + "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    if isinstance(content, list):
        yield f"{pad}<{start}>"
        for child in content:
            yield from _lines(child, depth + 1)
        yield f"{pad}</{name}>"
    else:
        text = "$@NULL@$" if content is None else escape(str(content))
        yield f"{pad}<{start}>{text}</{name}>"


SECTIONS = [(31, "General"), (32, "Week one")]
ACTIVITIES = [
    (41, 31, "forum", "Announcements"),
    (42, 32, "page", "Read a tide table"),
    (43, 32, "resource", "How to fold a chart"),
]


TYPES = {"png": "image/png", "pdf": "application/pdf"}


def file_row(one: StoredFile) -> Node:
    content = leaves(
        contenthash=one.sha1,
        contextid=one.contextid,
        component=one.component,
        filearea=one.filearea,
        itemid=one.itemid,
        filepath="/",
        filename=one.name,
        userid=one.userid,
        filesize=len(one.content),
        mimetype=TYPES.get(one.name.rpartition(".")[2], "text/plain"),
        status=0,
        timecreated=MADE_AT,
        timemodified=MADE_AT,
        source=one.name,
        author=one.author,
        license="cc-4.0",
        sortorder=0,
        repositorytype=None,
        repositoryid=None,
        reference=None,
    )
    return node("file", content, id=one.id)


def person(number: int, username: str, firstname: str, lastname: str, email: str) -> Node:
    own = leaves(
        username=username, idnumber="", email=email, city="Saltmere", country="NL", picture=0, description="",
        auth="manual", firstname=firstname, lastname=lastname, confirmed=1, deleted=0, lang="en", timezone=99,
        firstaccess=0, timecreated=MADE_AT, timemodified=MADE_AT,
    )  # fmt: skip
    parts = [node("custom_fields", []), node("tags", []), node("preferences", []), no_roles("roles")]
    return node("user", own + parts, id=number, contextid=number + 100)


def no_roles(name: str) -> Node:
    return node(name, [node("role_overrides", []), node("role_assignments", [])])


def roles_definition() -> Node:
    roles = [
        node(
            "role", leaves(name="", shortname=name, nameincourse=None, sortorder=one, archetype=name), id=one
        )
        for one, name in ((3, "editingteacher"), (5, "student"))
    ]
    return node("roles_definition", roles)


def question_categories() -> Node:
    top = leaves(
        name="top", contextid=70, contextlevel=50, contextinstanceid=7, info="", infoformat=0,
        stamp="school.example+250904+top", parent=0, sortorder=0, idnumber=None,
    )  # fmt: skip
    category = node("question_category", [*top, node("question_bank_entries", [])], id=81)
    return node("question_categories", [category])


def gradebook() -> Node:
    parts = ("attributes", "grade_categories", "grade_items", "grade_letters", "grade_settings")
    return node("gradebook", [node(name, []) for name in parts])


def course_documents(people: bool, fullname: str, shortname: str) -> dict[str, bytes]:
    course = leaves(
        shortname=shortname, fullname=fullname, idnumber="", summary="<p>About tides.</p>", summaryformat=1,
        format="topics", showgrades=1, newsitems=5, startdate=1_756_700_000, enddate=0, marker=0, maxbytes=0,
        visible=1, groupmode=0, groupmodeforce=0, defaultgroupingid=0, lang="", enablecompletion=1,
        timecreated=MADE_AT, timemodified=MADE_AT,
    )  # fmt: skip
    category = node("category", leaves(name="Harbour sciences", description=None), id=3)
    trees = {
        "course": node("course", [*course, category, node("tags", [])], id=7, contextid=70),
        "enrolments": enrolments(people),
        "roles": course_roles(people),
        "filters": no_filters(),
        "calendar": node("events", []),
        "contentbank": node("contents", []),
        "competencies": node("course_competencies", [node("competencies", [])]),
        "completiondefaults": node("course_completion_defaults", []),
        "inforef": inforef(user=[101, 102] if people else [], role=[3, 5], question_category=[81]),
    }
    if people:
        trees["comments"] = node("comments", [])
    return {f"course/{name}.xml": document(tree) for name, tree in trees.items()}


def enrolments(people: bool) -> Node:
    rows = [
        node("enrolment", leaves(status=0, userid=one, timestart=0, timeend=0, modifierid=101), id=one + 200)
        for one, *_ in PEOPLE
        if people
    ]
    manual = leaves(enrol="manual", status=0, name=None, enrolperiod=0, roleid=5, timecreated=MADE_AT)
    enrol = node("enrol", [*manual, node("user_enrolments", rows)], id=91)
    return node("enrolments", [node("enrols", [enrol])])


def course_roles(people: bool) -> Node:
    held = [(101, 3), (102, 5)] if people else []
    rows = [
        node(
            "assignment", leaves(roleid=role, userid=one, timemodified=MADE_AT, modifierid=101), id=one + 300
        )
        for one, role in held
    ]
    return node("roles", [node("role_overrides", []), node("role_assignments", rows)])


def no_filters() -> Node:
    return node("filters", [node("filter_actives", []), node("filter_configs", [])])


def inforef(**ids: Iterable[int]) -> Node:
    groups = [
        node(f"{kind}ref", [node(kind, leaves(id=one)) for one in some]) for kind, some in ids.items() if some
    ]
    return node("inforef", groups)


def section_documents(
    number: int, position: int, name: str, sequence: str, opener: int | None = None
) -> dict[str, bytes]:
    """Return what Moodle writes for a section; `opener` is the subsection that it opens from, by its instance."""
    section = leaves(
        number=position, name=name, summary="", summaryformat=1, sequence=sequence, visible=1, availabilityjson=None,
        component="mod_subsection" if opener else None, itemid=opener, timemodified=MADE_AT,
    )  # fmt: skip
    folder = f"sections/section_{number}"
    return {
        f"{folder}/section.xml": document(node("section", section, id=number)),
        f"{folder}/inforef.xml": document(node("inforef", [])),
    }


def activity_documents(
    kind: str,
    module: int,
    number: int,
    context: int,
    content: Node,
    people: bool,
    refs: Iterable[int] = (),
    named: Iterable[int] = (),
) -> dict[str, bytes]:
    """Return what Moodle writes for one activity; `content` is the element of the activity itself.

    `refs` are the ids of its files, `named` those of the people that it names.
    """
    section = {cm: one for cm, one, *_ in ACTIVITIES}.get(module, 32)
    own = leaves(
        modulename=kind, sectionid=section, sectionnumber=section - 31, idnumber="", added=MADE_AT, score=0,
        indent=0, visible=1, visibleoncoursepage=1, visibleold=1, groupmode=0, groupingid=0, completion=0,
        completiongradeitemnumber=None, completionpassgrade=0, completionview=0, completionexpected=0,
        availability=None, showdescription=0, downloadcontent=1, lang=None,
    )  # fmt: skip
    grades = [node("grade_items", []), node("grade_letters", [])]
    trees = {
        kind: node("activity", [content], id=number, moduleid=module, modulename=kind, contextid=context),
        "module": node("module", [*own, node("tags", [])], id=module, version=2024100700),
        "roles": no_roles("roles"),
        "grades": node("activity_gradebook", grades),
        "grade_history": node("grade_history", [node("grade_grades", [])]),
        "filters": no_filters(),
        "calendar": node("events", []),
        "inforef": inforef(user=named, file=refs),
    }
    if people:
        trees |= {"comments": node("comments", []), "xapistate": node("states", [])}
        trees["completion"] = node("completions", [node("completionviews", [])])
    return {f"activities/{kind}_{module}/{name}.xml": document(tree) for name, tree in trees.items()}


def page() -> Node:
    text = '<p>The sea comes twice a day.</p><p><img src="@@PLUGINFILE@@/harbour%20map.png" alt="Map"></p>'
    own = leaves(
        name="Read a tide table", intro="", introformat=1, content=text, contentformat=1, legacyfiles=0,
        legacyfileslast=None, display=5, displayoptions='a:1:{s:10:"printintro";i:0;}', revision=1,
        timemodified=MADE_AT,
    )  # fmt: skip
    return node("page", own, id=52)


def resource() -> Node:
    own = leaves(
        name="How to fold a chart", intro="", introformat=1, tobemigrated=0, legacyfiles=0,
        legacyfileslast=None, display=0, displayoptions="", filterfiles=0, revision=1, timemodified=MADE_AT,
    )  # fmt: skip
    return node("resource", own, id=53)


def forum(people: bool) -> Node:
    own = leaves(type="news", name="Announcements", intro="", introformat=1, scale=0, timemodified=MADE_AT)
    post = leaves(
        parent=0, userid=101, created=MADE_AT, modified=MADE_AT, mailed=1, subject="Welcome",
        message="<p>Bring a pencil.</p>", messageformat=1, messagetrust=0, attachment="", totalscore=0,
        mailnow=0, privatereplyto=0,
    )  # fmt: skip
    discussion = leaves(
        name="Welcome", firstpost=511, userid=101, groupid=-1, assessed=0, timemodified=MADE_AT,
        usermodified=101, timestart=0, timeend=0, pinned=0, timelocked=0,
    )  # fmt: skip
    posts = node("posts", [node("post", [*post, node("ratings", [])], id=511)])
    rows = [node("discussion", [*discussion, posts, node("discussion_subs", [])], id=510)] if people else []
    others = ("subscriptions", "digests", "readposts", "trackedprefs", "poststags", "grades")
    return node("forum", [*own, node("discussions", rows), *(node(name, []) for name in others)], id=51)
