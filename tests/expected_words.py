"""What a reader of an archive would expect an activity's pages to say: told by its XML alone."""

import re
import xml.etree.ElementTree as ET

from bs4 import BeautifulSoup

#: By type: the leaves of its own document whose texts are read by people, and the file areas whose files they open.
READ = {
    "assign": ["assign/intro", "assign/activity", ".//onlinetext", ".//commenttext", ".//remark"],
    "book": ["book/intro", ".//chapter/title", ".//chapter/content"],
    "chat": ["chat/intro", ".//message_text"],
    "choice": ["choice/intro", ".//option/text"],
    "data": ["data/intro", ".//field/name", ".//field/description", ".//content/content"],
    "feedback": ["feedback/intro", "feedback/page_after_submit", ".//item/name", ".//item/presentation",
                 ".//value/value"],
    "folder": ["folder/intro"],
    "forum": ["forum/intro", ".//discussion/name", ".//post/subject", ".//post/message"],
    "glossary": ["glossary/intro", ".//concept", ".//definition", ".//alias_text", ".//category/name"],
    "label": ["label/intro"],
    "lesson": ["lesson/intro", ".//page/title", ".//page/contents", ".//answer_text", ".//response"],
    "page": ["page/intro", "page/content"],
    "quiz": ["quiz/intro", ".//feedbacktext", ".//section/heading", ".//responsesummary"],
    "resource": ["resource/intro"],
    "url": ["url/intro", "url/externalurl"],
    "wiki": ["wiki/intro", ".//page/title", ".//page/cachedcontent"],
    "workshop": ["workshop/intro", "workshop/instructauthors", "workshop/conclusion", ".//title", ".//content"],
}  # fmt: skip
FILES = {"content", "attachment", "introattachment", "submission_files", "feedback_files", "attachments"}
#: What of a question stands on the page of a quiz.
_QUESTION = ["questiontext", ".//answertext"]
_NOTHING = ("", "$@NULL@$")
_OPTIONS = re.compile(r"[a-z]>>>>>|<<<<<\d|\|[0-9]+$")


def expected_words(members, directory, kind):
    """The sentences, titles, options and names that the pages of an activity have to show."""
    root = ET.fromstring(members[f"{directory}/{kind}.xml"])
    found = {root.findtext(f"{kind}/name")} if kind != "label" else set()
    for place in READ.get(kind, [f"{kind}/intro"]):
        for leaf in root.iterfind(place):
            found |= _words(leaf.text or "", is_options=place.endswith("presentation"))
    if kind == "quiz":
        found |= _questions(members, root)
    if comments := members.get(f"{directory}/comments.xml"):
        for leaf in ET.fromstring(comments).iterfind("comment/content"):
            found |= _words(leaf.text or "")
    found |= {name for number, name in _people(members).items() if _takes_part(root, number)}
    return {one for one in found | _file_names(members, root.get("contextid")) if one}


def _words(text, *, is_options=False):
    if text in _NOTHING or text.replace(".", "").isdigit():
        return set()
    if is_options and "<" not in text.replace("<<<<<", ""):
        return {
            " ".join(one.split()) for one in _OPTIONS.sub("", text).split("|") if not one.strip().isdigit()
        }
    soup = BeautifulSoup(f"<div>{text}</div>", "html5lib")
    return {" ".join(one.split()) for one in soup.stripped_strings}


def _people(members):
    users = ET.fromstring(members["users.xml"]) if "users.xml" in members else ()
    return {one.get("id"): f"{one.findtext('firstname')} {one.findtext('lastname')}" for one in users}


def _takes_part(root, number):
    kinds = ("attempt", "submission", "post", "entry", "record", "completed")
    return any(one.findtext("userid") == number for one in root.iter() if one.tag in kinds)


def _file_names(members, context):
    rows = ET.fromstring(members["files.xml"]).iterfind("file")
    here = [row for row in rows if row.findtext("contextid") == context and row.findtext("filearea") in FILES]
    # What a text shows within itself, as a picture of a page, is not listed by its name.
    embedding = ("mod_page", "mod_wiki", "mod_data", "mod_scorm", "mod_imscp")
    return {row.findtext("filename") for row in here if row.findtext("component") not in embedding} - {"."}


def _questions(members, root):
    """The texts of the questions that the fixed slots take from the bank, in their newest version."""
    wanted = {one.findtext("questionbankentryid") for one in root.iter("question_reference")}
    found = set()
    for entry in ET.fromstring(members["questions.xml"]).iter("question_bank_entry"):
        if entry.get("id") in wanted:
            question = list(entry.iter("question"))[-1]
            for place in _QUESTION:
                for leaf in question.iterfind(place):
                    found |= _words(leaf.text or "")
    return found
