"""An external tool: where it is and what it is told, without keys and passwords."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.leaves import leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.reading.leaves import bare_address

# Moodle 4.5 mod/lti/locallib.php LTI_LAUNCH_CONTAINER_DEFAULT and so on.
_WINDOWS = {
    2: _l("in the page"),
    3: _l("in the page, without blocks"),
    4: _l("in a window of its own"),
    5: _l("in place of the page"),
}
# LTI_SETTING_NEVER and so on.
_CHOICES = {"0": _l("never"), "1": _l("always"), "2": _l("as the tool’s settings say")}


@dataclass(frozen=True)
class Result:
    who: Name
    grade: str
    at: int | None


@dataclass(frozen=True)
class Tool:
    settings: list[tuple[str, str]]
    #: What only those see who may see people: where the tool is, and what it is told.
    address: list[tuple[str, str]]
    results: list[Result]
    pages: Pages


def lti(source: Source) -> Tool:
    own, pages = source.own, source.pages("ltisubmissions/ltisubmission")
    settings = [
        (_("Opens"), _WINDOWS.get(number(own, "launchcontainer"), _("as the tool’s settings say"))),
        (_("Highest grade"), source.around.most(number(own, "grade"))),
    ]
    shown = source.page_of("ltisubmissions/ltisubmission", pages)
    address = _address(own) if source.with_people else []
    return Tool(settings, address, [_result(source, one) for one in shown], pages)


def _address(own: etree._Element) -> list[tuple[str, str]]:
    kind = own.find("ltitype")
    return [
        (_("Tool"), leaf(kind, "name")),
        (_("Address"), bare_address(leaf(own, "securetoolurl") or leaf(own, "toolurl"))),
        (_("The tool’s own address"), bare_address(leaf(kind, "baseurl"))),
        (_("Version of LTI"), leaf(kind, "ltiversion").replace("LTI-1p0", _("1.0 or 1.1"))),
        (_("Is told people’s names"), _choice(own, "instructorchoicesendname")),
        (_("Is told people’s addresses"), _choice(own, "instructorchoicesendemailaddr")),
        (_("May give grades"), _choice(own, "instructorchoiceacceptgrades")),
        (_("Own parameters"), _("set; not shown here") if leaf(own, "instructorcustomparameters") else ""),
        (
            _("Key and secret"),
            _("set; not shown here") if leaf(own, "resourcekey") or leaf(own, "password") else "",
        ),
    ]


def _choice(own: etree._Element, name: str) -> str:
    return _CHOICES.get(leaf(own, name), "")


def _result(source: Source, one: etree._Element) -> Result:
    # What the column is called is not what is in it: Moodle 4.5 mod/lti/servicelib.php lti_update_grade.
    grade = leaf(one, "gradepercent")
    at = when(one, "dateupdated") or when(one, "datesubmitted")
    return Result(
        source.person(number(one, "userid")),
        source.around.mark(number(source.own, "grade"), grade) if grade else "",
        at,
    )
