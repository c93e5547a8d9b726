"""What Moodle's reader demands of an archive: faults in one, by what a Moodle 4.5.5 was seen to do without each part,
and by what stops the readers of 4.5 and 5.1 as their source has it (backup/util/helper, backup/util/dbops).

It shares nothing with what writes archives: it reads them with the standard library.
"""

import gzip
import hashlib
import tarfile
import xml.etree.ElementTree as ET
import zipfile

from tests.members import members_of

PROLOG = b'<?xml version="1.0" encoding="UTF-8"?>'
ROOT = ("files", "roles", "questions", "groups", "outcomes", "scales")
#: Documents that are demanded where the setting of this name is on.
BY_SETTING = {"filters": "filters", "comments": "comments", "calendarevents": "calendar"}
#: The leaf that names something, its kind in inforef.xml, and the list at the root that has all of them.
LISTED = {
    "userid": ("user", "users.xml", "user"),
    "groupid": ("group", "groups.xml", "group"),
    "groupingid": ("grouping", "groups.xml", "grouping"),
    "roleid": ("role", "roles.xml", "role"),
}
#: What Moodle itself lists nobody of.
UNLISTED = ("logs.xml", "logstores.xml", "grade_history.xml", "inforef.xml", "xapistate.xml")

NOTHING = (None, "", "$@NULL@$")


def faults(path):
    """What is wrong with an archive, a sentence each."""
    return [*_container(path), *_Archive(members_of(path)).faults()]


def _container(path):
    """The form that every Moodle reads: the index first, plain ustar, whole seconds."""
    if zipfile.is_zipfile(path):
        return
    with gzip.open(path) as stream:
        first = stream.read(512)
    if first[257:265] != b"ustar\x0000":
        yield "not written as ustar"
    with tarfile.open(path, "r:gz") as archive:
        entries = archive.getmembers()
        if entries[0].name != ".ARCHIVE_INDEX":
            yield "the index is not the first"
            return
        index = archive.extractfile(entries[0]).read().decode().splitlines()
    listed = [line.split("\t") for line in index[1:]]
    if index[0] != f"Moodle archive file index. Count: {len(listed)}":
        yield "the index counts wrongly"
    there = {(one.name, "f" if one.isfile() else "d", str(one.size)) for one in entries[1:]}
    if {(name.rstrip("/"), kind, size) for name, kind, size, _ in listed} != there:
        yield "the index lists something else than there is"
    if odd := [
        one.name for one in entries if one.pax_headers or one.mtime != int(one.mtime) or one.uid or one.gid
    ]:
        yield f"odd headers: {odd[:3]}"


class _Archive:
    def __init__(self, members):
        self.members = members
        self.roots = {
            name: ET.fromstring(content) for name, content in members.items() if name.endswith(".xml")
        }
        self.manifest = self.roots["moodle_backup.xml"].find("information")
        self.settings = {
            one.findtext("name"): one.findtext("value") for one in self.manifest.iterfind("settings/setting")
        }
        self.scope = self.manifest.findtext("details/detail/type")

    def faults(self):
        yield from self._prologs()
        yield from (f"no {name}" for name in self._demanded() if name not in self.members)
        yield from self._contents()
        yield from self._manifest()
        yield from self._settings()
        yield from self._tops()
        for folder in self._folders():
            yield from self._inforef(folder)
        yield from self._files_listed()

    def _prologs(self):
        head = self.members["moodle_backup.xml"][:200]
        if not (head.startswith(PROLOG) and b"<moodle_backup>" in head and b"<information>" in head):
            yield "Moodle would not take moodle_backup.xml for one"
        for name in self.roots:
            if not self.members[name].startswith(PROLOG):
                yield f"{name} does not begin as XML of Moodle does"

    def _on(self, settings):
        return [name for setting, name in settings.items() if self.settings.get(setting) == "1"]

    def _demanded(self):
        """Without one of these a restore stops midway, or loses in silence what it lists."""
        yield from (f"{name}.xml" for name in ROOT)
        if self.settings.get("users") == "1":
            yield "users.xml"
        if self.scope == "course":
            of_course = self._on(BY_SETTING | {"contentbankcontent": "contentbank"})
            yield from (
                f"course/{name}.xml" for name in ("course", "roles", "inforef", "enrolments", *of_course)
            )
        for section in self._entries("section"):
            yield from (f"{section.findtext('directory')}/{name}.xml" for name in ("section", "inforef"))
        of_activity = self._on(BY_SETTING | {"xapistate": "xapistate"})
        for one in self._entries("activity"):
            own = one.findtext("modulename")
            names = (own, "module", "roles", "grades", "inforef", *of_activity)
            yield from (f"{one.findtext('directory')}/{name}.xml" for name in names)
        of_block = ("block", "roles", "inforef", *self._on({"comments": "comments"}))
        for folder in {name.rpartition("/")[0] for name in self.members if "/blocks/" in name}:
            yield from (f"{folder}/{name}.xml" for name in of_block)

    def _entries(self, tag):
        return self.manifest.iterfind(f"contents/{'activities' if tag == 'activity' else 'sections'}/{tag}")

    def _contents(self):
        """Each content is what its name says, and is there for every row that has one."""
        there = {name for name in self.members if name.startswith("files/")}
        for name in there:
            digest = hashlib.sha1(self.members[name]).hexdigest()
            if name != f"files/{digest[:2]}/{digest}":
                yield f"{name} is something else"
        if self.manifest.findtext("include_files") == "0":
            yield from (f"{name} is there, and no file was to be" for name in there)
            return
        rows = [one for one in self.roots["files.xml"].iter("file") if one.findtext("filename") != "."]
        wanted = {
            one.findtext("contenthash"): one for one in rows if one.findtext("repositorytype") in NOTHING
        }
        for digest, row in wanted.items():
            if f"files/{digest[:2]}/{digest}" not in there:
                yield f"no content of {row.findtext('filename')}"

    def _manifest(self):
        sections = {one.findtext("sectionid") for one in self._entries("section")}
        folders = {name.rpartition("/")[0] for name in self.members}
        for tag in ("section", "activity"):
            for one in self._entries(tag):
                directory = one.findtext("directory")
                key = directory.rpartition("/")[2]
                if directory not in folders:
                    yield f"{directory} is listed and not there"
                if self.settings.get(f"{key}_included") != "1" or f"{key}_userinfo" not in self.settings:
                    yield f"{key} has no settings"
        if self.scope != "activity":
            for one in self._entries("activity"):
                if one.findtext("sectionid") not in sections:
                    yield f"{one.findtext('directory')} is in no section"
        if self.settings.get("users") == "0":
            yield from (f"{key} is on without people" for key, value in self.settings.items()
                        if key.endswith("_userinfo") and value == "1")  # fmt: skip

    def _settings(self):
        """A setting of something that is not listed stops the reader before it begins."""
        listed = {
            one.findtext("directory").rpartition("/")[2]
            for tag in ("section", "activity") for one in self._entries(tag)
        }  # fmt: skip
        for one in self.manifest.iterfind("settings/setting"):
            level, name = one.findtext("level"), one.findtext("name")
            if level in ("section", "activity") and one.findtext(level) not in listed:
                yield f"{name} is a setting of nothing"
            if level == "course" and self.manifest.find("contents/course") is None:
                yield f"{name} is a setting of no course"

    def _tops(self):
        """One category of questions stands on top of the others in each context, since Moodle 3.5."""
        if self.manifest.findtext("backup_version") <= "2018020500":
            return
        tops = [
            one
            for one in self.roots["questions.xml"].iterfind("question_category")
            if one.findtext("parent") == "0"
        ]
        contexts = [one.findtext("contextid") for one in tops]
        yield from (
            f"context {one} has several top categories" for one in set(contexts) if contexts.count(one) > 1
        )
        # What lies in it goes into the Moodle's own one, where nobody sees it, or stops the reader (5.1).
        yield from (
            f"the top category {one.findtext('name')} is not called top"
            for one in tops
            if one.findtext("name") != "top"
        )

    def _folders(self):
        return sorted(
            {name.removesuffix("/inforef.xml") for name in self.members if name.endswith("/inforef.xml")}
        )

    def _listed(self, folder, kind):
        return {one.findtext("id") for one in self.roots[f"{folder}/inforef.xml"].iter(kind)}

    def _inforef(self, folder):
        """What the documents of a folder name is in its list, and what is in its list is in the archive."""
        documents = {
            name: root for name, root in self.roots.items()
            if name.rpartition("/")[0] == folder and name.rpartition("/")[2] not in UNLISTED
        }  # fmt: skip
        for leaf, (kind, document, tag) in LISTED.items():
            there = (
                {one.get("id") for one in self.roots[document].iter(tag)} if document in self.roots else set()
            )
            listed = self._listed(folder, kind)
            named = {one.text for root in documents.values() for one in root.iter(leaf)} & there
            if named - listed:
                yield f"{folder} does not list {kind} {sorted(named - listed)}"
            if kind == "user" and listed - there:
                yield f"{folder} lists {kind} {sorted(listed - there)} who is nowhere"
        grades = documents.get(f"{folder}/grades.xml")
        if grades is not None:
            items = {one.get("id") for one in grades.iter("grade_item")}
            if items != self._listed(folder, "grade_item"):
                yield f"{folder} does not list its grade items"

    def _files_listed(self):
        """Each file that lies under a context or in a section of the archive is in its owner's list."""
        owners = {}
        for name, root in self.roots.items():
            folder, _, document = name.rpartition("/")
            is_own = document == "block.xml" or folder == "course" or folder.startswith("activities/")
            if is_own and "contextid" in root.attrib and f"{folder}/inforef.xml" in self.roots:
                owners[root.get("contextid")] = folder
        for row in self.roots["files.xml"].iter("file"):
            folder = owners.get(row.findtext("contextid"))
            if (row.findtext("component"), row.findtext("filearea")) == ("course", "section"):
                folder = f"sections/section_{row.findtext('itemid')}"
            # Moodle finds the files of questions by these, and not in a list.
            is_question = row.findtext("component").startswith(("question", "qtype_"))
            if folder and not is_question and row.get("id") not in self._listed(folder, "file"):
                yield f"{folder} does not list the file {row.findtext('filename')}"
