"""Packs everything that is declared into one course: the documents, their files, and a manifest that names them."""

import hashlib
from dataclasses import dataclass, field

from lxml import etree

from jobs.archive.trees import CORE_ACTIVITY_TYPES, tree_for
from tests.course_documents import MADE_AT, document, inforef, leaves, node
from tests.declared.filling import ODD, Filling, Place
from tests.declared.leaving_out import lies_in_user_data, without_people

ROOT = ["users", "roles", "groups", "scales", "outcomes", "questions", "gradebook", "grade_history",
        "completion", "badges"]  # fmt: skip
COURSE = ["course", "enrolments", "competencies", "completiondefaults", "contentbank", "loglastaccess"]
SHARED = ["calendar", "comments", "filters", "logs", "logstores", "roles"]
OF_ACTIVITY = ["module", "grades", "grading", "completion", "competencies", "xapistate", "grade_history"]
#: A type that nobody has declared, from a plugin.
PLUGIN = "tidegame"
BANKS = {
    # Moodle 4.0 and newer has entries with versions; before, a category held its questions.
    "4.5": frozenset(["question_categories/question_category/questions"]),
    "3.8": frozenset(["question_categories/question_category/question_bank_entries"]),
}
RELEASES = {
    "4.5": ("2024100700", "4.5.5 (Build: 20250609)"),
    "3.8": ("2019111800", "3.8.4 (Build: 20200713)"),
}
#: The kinds that an inforef.xml lists.
LISTED = ("user", "grouping", "group", "role", "scale", "outcome", "grade_item", "question_category",
          "question_bank_entry")  # fmt: skip


@dataclass
class DeclaredCourse:
    """The documents by their names in the archive, and the contents of its files."""

    dialect: str
    filling: Filling
    file_word: str
    documents: dict[str, etree._Element] = field(default_factory=dict)
    #: Rows of files.xml, with whether each is somebody's.
    files: list[tuple[etree._Element, bool]] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    sections: list[Place] = field(default_factory=list)
    #: Each with the section that it is in.
    activities: list[tuple[Place, Place]] = field(default_factory=list)
    course: Place = field(default_factory=Place)

    def members(self, *, people=True) -> dict[str, bytes]:
        """The archive's files; without people as a backup without them should have them."""
        found = {"moodle_backup.xml": document(self._manifest(people))}
        for name, root in self.documents.items():
            tree = tree_for(*name.rpartition("/")[::2])
            kept = root if people or not tree.is_declared else without_people(root, tree)
            if kept is not None:
                found[name] = etree.tostring(kept, encoding="UTF-8", xml_declaration=True)
        found["files.xml"] = etree.tostring(self._files(people), encoding="UTF-8", xml_declaration=True)
        for place in self._places():
            found[f"{place.directory}/inforef.xml"] = document(self._inforef(place, people))
        hashes = {row.findtext("contenthash") for row in self._files(people)}
        return found | {
            f"files/{sha1[:2]}/{sha1}": content for sha1, content in self.contents.items() if sha1 in hashes
        }

    def _files(self, people):
        root = etree.Element("files")
        root.extend(etree.fromstring(etree.tostring(row)) for row, own in self.files if people or not own)
        return root if people else without_people(root, tree_for("", "files.xml"))

    def _places(self):
        return [self.course, *self.sections, *(place for place, _ in self.activities)]

    def _inforef(self, place, people):
        kinds = {kind: self.filling.ids[kind] for kind in LISTED if people or kind != "user"}
        rows = [row for row, own in self.files if people or not own]
        here = [int(row.get("id")) for row in rows if row.findtext("contextid") == str(place.context)]
        return inforef(**kinds, file=here)

    def _manifest(self, people):
        version, release = RELEASES[self.dialect]
        information = leaves(
            name="backup-declared.mbz", moodle_version=version, moodle_release=release, backup_version=version,
            backup_release=self.dialect, backup_date=MADE_AT, mnet_remoteusers=0, include_files=1,
            include_file_references_to_external_content=1, original_wwwroot="https://moodle.school.example",
            original_site_identifier_hash="0f" * 16, original_course_id=self.course.instance,
            original_course_format="topics", original_course_fullname="Everything", original_course_shortname="ALL",
            original_course_startdate=MADE_AT, original_course_enddate=0,
            original_course_contextid=self.course.context, original_system_contextid=1,
        )  # fmt: skip
        detail = leaves(type="course", format="moodle2", interactive=1, mode=10, execution=1, executiontime=0)
        parts = [node("details", [node("detail", detail, backup_id="ab" * 16)])]
        parts += [node("contents", self._contents()), node("settings", list(self._settings(people)))]
        return node("moodle_backup", [node("information", information + parts)])

    def _contents(self):
        activities = [
            node("activity", leaves(moduleid=one.module, sectionid=section.instance, modulename=one.kind,
                                    title=f"The {one.kind}", directory=one.directory))
            for one, section in self.activities
        ]  # fmt: skip
        sections = [node("section", self._section(one)) for one in self.sections]
        course = leaves(courseid=self.course.instance, title="Everything", directory="course")
        return [node("activities", activities), node("sections", sections), node("course", course)]

    def _section(self, section):
        own = leaves(
            sectionid=section.instance, title=f"Section {section.instance}", directory=section.directory
        )
        if self.dialect == "4.5":
            own += leaves(parentcmid=section.module or "", modname="subsection" if section.module else "")
        return own

    def _settings(self, people):
        names = ["users", "role_assignments", "comments", "userscompletion", "logs", "grade_histories"]
        root = dict.fromkeys(names, int(people)) | {"anonymize": 0, "activities": 1, "blocks": 1, "files": 1}
        for name, value in root.items():
            yield node("setting", leaves(level="root", name=name, value=value))
        for place in self._places()[1:]:
            level, key = (
                place.directory.split("/")[0].replace("ies", "y").rstrip("s"),
                place.directory.split("/")[1],
            )
            for what, value in (("included", 1), ("userinfo", int(people))):
                yield node(
                    "setting", leaves(**{"level": level, level: key, "name": f"{key}_{what}", "value": value})
                )


def declared_course(
    dialect="4.5", kinds=CORE_ACTIVITY_TYPES, *, odd=(ODD,), file_word="潮"
) -> DeclaredCourse:
    """Make the course, in a dialect of `BANKS`, with an activity of each of these types.

    Every text ends with one of `odd`, and every name of a file with `file_word`.
    """
    course = DeclaredCourse(dialect, Filling(odd), file_word)
    filling = course.filling
    course.course = Place("course", "course", 0, filling.new_id("course"), filling.new_id("context"))
    for name in ROOT:
        _add(course, "", name, Place(context=course.course.context), BANKS[dialect])
    for name in (*COURSE, *SHARED):
        _add(course, "course", name, course.course)
    _add_blocks(course, "course", "html", "rss_client")
    _add_section(course)
    _add_section(course)
    for position, kind in enumerate(sorted(kinds)):
        _add_activity(course, kind, course.sections[position % 2])
    if "subsection" in kinds:
        _add_subsection(course)
    _add_plugin(course)
    filling.resolve()
    _put_one_on_top(course)
    _settle(course)
    return course


def _put_one_on_top(course):
    """Since Moodle 3.5 one category of questions stands above the others, and is called top."""
    top, *others = course.documents["questions.xml"].iterfind("question_category")
    top.find("name").text, top.find("parent").text = "top", "0"
    for other in others:
        other.find("parent").text = top.get("id")


def _add(course, directory, name, place, without=frozenset()):
    filename = f"{name}.xml"
    root = course.filling.document(tree_for(directory, filename), place, without)
    course.documents[f"{directory}/{filename}".lstrip("/")] = root


def _add_section(course, module=0):
    number = course.filling.new_id("course_section")
    place = Place(f"sections/section_{number}", "section", module, number, course.course.context)
    course.sections.append(place)
    _add(course, place.directory, "section", place)
    return course.documents[f"{place.directory}/section.xml"]


def _add_subsection(course):
    """The section that opens from the activity of this type."""
    opener = next(place for place, _ in course.activities if place.kind == "subsection")
    section = _add_section(course, opener.module)
    section.find("component").text, section.find("itemid").text = "mod_subsection", str(opener.instance)


def _activity_place(course, kind):
    module = course.filling.new_id("course_module")
    instance, context = course.filling.new_id(kind), course.filling.new_id("context")
    return Place(f"activities/{kind}_{module}", kind, module, instance, context)


def _add_activity(course, kind, section):
    place = _activity_place(course, kind)
    course.activities.append((place, section))
    for name in (kind, *OF_ACTIVITY, *SHARED):
        _add(course, place.directory, name, place)
    if kind == "forum":
        _add_blocks(course, place.directory, "html")


def _add_blocks(course, parent, *kinds):
    for kind in kinds:
        number, context = course.filling.new_id("block"), course.filling.new_id("context")
        place = Place(f"{parent}/blocks/{kind}_{number}", kind, 0, number, context)
        for name in ("block", "roles", "comments", *(["rss_client"] if kind == "rss_client" else [])):
            _add(course, place.directory, name, place)
        course.documents[f"{place.directory}/inforef.xml"] = etree.Element("inforef")


def _add_plugin(course):
    """An activity of a type that nobody knows, with records in a container of its own."""
    place = _activity_place(course, PLUGIN)
    course.activities.append((place, course.sections[-1]))
    for name in (*OF_ACTIVITY, *SHARED):
        _add(course, place.directory, name, place)
    root = etree.Element("activity", id=str(place.instance), moduleid=str(place.module), modulename=PLUGIN)
    root.set("contextid", str(place.context))
    own = etree.SubElement(root, PLUGIN, id=str(place.instance))
    etree.SubElement(own, "name").text = "A game of tides"
    rounds = etree.SubElement(own, "rounds")
    for number in range(1, 4):
        one = etree.SubElement(rounds, "round", id=str(number))
        etree.SubElement(one, "level").text = f"{number} שלום"
    course.documents[f"{place.directory}/{PLUGIN}.xml"] = root


def _settle(course):
    """Set what the engine goes by, and make the files that the documents speak of."""
    own = course.documents["course/course.xml"]
    own.find("startdate").text, own.find("enddate").text = str(MADE_AT), "0"
    for leaf, text in {
        "fullname": "Everything",
        "shortname": "ALL",
        "visible": "1",
        "format": "topics",
    }.items():
        own.find(leaf).text = text
    for position, section in enumerate(course.sections):
        course.documents[f"{section.directory}/section.xml"].find("number").text = str(position)
    for place, section in course.activities:
        module = course.documents[f"{place.directory}/module.xml"]
        module.find("modulename").text, module.find("sectionid").text = place.kind, str(section.instance)
    for spot in _few_of_each(course.filling.spots):
        _add_file(course, spot, f"{spot.area.area} {course.file_word}.png")
    alias = _add_file(course, course.filling.spots[0], "alias.png")
    alias.find("reference").text = "czoxMjoiYWxpYXMucG5nIjs="
    folder = _add_file(course, course.filling.spots[0], ".")
    del course.contents[folder.findtext("contenthash")]


def _few_of_each(spots):
    """Two places of each area, and two more of those that are somebody's; no place twice."""
    chosen = {}
    for spot in spots:
        kind = (spot.area.component, spot.area.area, lies_in_user_data(spot.element, spot.path, spot.tree))
        chosen.setdefault(kind, {})[spot.context, spot.itemid] = spot
    return [spot for places in chosen.values() for spot in list(places.values())[:2]]


def _add_file(course, spot, name):
    area, number = spot.area, course.filling.new_id("file")
    content = b"" if name == "." else f"{area.component} {area.area} {number}".encode()
    sha1 = hashlib.sha1(content).hexdigest()
    row = node("file", leaves(
        contenthash=sha1, contextid=spot.context, component=area.component, filearea=area.area, itemid=spot.itemid,
        filepath="/", filename=name, userid=course.filling.ids["user"][number % 2], filesize=len(content),
        mimetype="image/png", status=0, timecreated=MADE_AT, timemodified=MADE_AT, source=name, author="Amira Holt",
        license="cc-4.0", sortorder=0, repositorytype=None, repositoryid=None, reference=None,
    ), id=number)  # fmt: skip
    element = etree.fromstring(document(row))
    own = lies_in_user_data(spot.element, spot.path, spot.tree)
    course.files.append((element, own))
    course.contents[sha1] = content
    return element
