"""The restrictions of an activity or a section, as Moodle says them: a tree of conditions.

Moodle 4.5 availability/condition/*/classes/condition.php; before 2.7 <availability_info> listed them, and all had to
be met. Read-only: nothing here decides who sees what.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from jobs.archive.ids.availability import LEAVES
from jobs.language import gettext as _, lazy_gettext as _l, percent
from webapp.courses.conditions.named import Named
from webapp.courses.viewers.leaves import figures, leaf, number, whole
from webapp.pages.formatters import moment

#: Conditions in conditions deeper than this are not opened any further.
DEEPEST = 8
_LEADS = {
    "&": _l("All of this"),
    "|": _l("One of these"),
    "!&": _l("Not all of this"),
    "!|": _l("None of this"),
}
_FIELDS = {
    "firstname": _l("First name"), "lastname": _l("Last name"), "email": _l("Mail address"),
    "idnumber": _l("Id number"), "phone1": _l("Phone"), "phone2": _l("Mobile phone"), "city": _l("City"),
    "country": _l("Country"), "address": _l("Address"),
    "institution": _l("Institution"), "department": _l("Department"),
}  # fmt: skip
_OPERATORS: Mapping[str, Callable[[str, str], str]] = {
    "isequalto": lambda name, value: _("%(field)s is “%(value)s”", field=name, value=value),
    "contains": lambda name, value: _("%(field)s has “%(value)s” in it", field=name, value=value),
    "doesnotcontain": lambda name, value: _(
        "%(field)s does not have “%(value)s” in it", field=name, value=value
    ),
    "startswith": lambda name, value: _("%(field)s begins with “%(value)s”", field=name, value=value),
    "endswith": lambda name, value: _("%(field)s ends with “%(value)s”", field=name, value=value),
    "isempty": lambda name, _value: _("%(field)s is empty", field=name),
    "isnotempty": lambda name, _value: _("%(field)s is not empty", field=name),
}
# Moodle 4.5 lib/completionlib.php COMPLETION_*
_DONE: Mapping[int, Callable[[str], str]] = {
    0: lambda name: _("%(activity)s is not done", activity=name),
    1: lambda name: _("%(activity)s is done", activity=name),
    2: lambda name: _("%(activity)s is done with a pass", activity=name),
    3: lambda name: _("%(activity)s is done without a pass", activity=name),
}


@dataclass(frozen=True)
class Rule:
    """One condition, or several that go together in a way."""

    text: str
    inside: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Restriction:
    """All conditions of one thing."""

    #: How they go together, where there are several.
    lead: str
    rules: tuple[Rule, ...]
    #: Whether somebody who does not meet them sees nothing of it at all.
    is_hidden: bool


def restriction_of(root: etree._Element, named: Named) -> Restriction | None:
    """What module.xml or section.xml says; None where there is no condition."""
    for name in LEAVES:
        if found := _of_tree(leaf(root, name), named):
            return found
    rules = tuple(_old_rules(root, named))
    if not rules:
        return None
    return Restriction(_lead("&", rules), rules, leaf(root, "showavailability") == "0")


def _of_tree(text: str, named: Named) -> Restriction | None:
    try:
        tree = json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    if not isinstance(tree, dict):
        return None
    rules = tuple(_rules(tree, named, 0))
    if not rules:
        return None
    shown = tree.get("showc", [tree.get("show", True)])
    is_hidden = isinstance(shown, list) and not all(shown)
    return Restriction(_lead(str(tree.get("op", "&")), rules), rules, is_hidden)


def _lead(operator: str, rules: tuple[Rule, ...]) -> str:
    if len(rules) == 1:
        return _("Not") if operator.startswith("!") else ""
    return str(_LEADS.get(operator, _LEADS["&"]))


def _rules(tree: Mapping[str, Any], named: Named, depth: int) -> Iterator[Rule]:
    children = tree.get("c")
    for child in children if isinstance(children, list) and depth < DEEPEST else ():
        if not isinstance(child, dict):
            continue
        if "type" in child:
            yield Rule(_said(child, named))
        elif inside := tuple(_rules(child, named, depth + 1)):
            lead = _lead(str(child.get("op", "&")), inside)
            yield Rule(lead, inside) if lead else inside[0]


def _said(condition: Mapping[str, Any], named: Named) -> str:
    kind = str(condition["type"])
    say = _SAY.get(kind)
    return say(condition, named) if say else _("A condition of a plugin: %(kind)s", kind=kind)


def _date(condition: Mapping[str, Any], _named: Named) -> str:
    at = _number(condition.get("t"))
    return _from_or_until(moment(at) if at < 10**11 else str(at), is_end=condition.get("d") == "<")


def _from_or_until(at: str, *, is_end: bool) -> str:
    return _("Until %(moment)s", moment=at) if is_end else _("From %(moment)s", moment=at)


def _completion(condition: Mapping[str, Any], named: Named) -> str:
    module = _number(condition.get("cm"))
    what = _("The activity before") if module == -1 else named.activity(module)
    said = _DONE.get(_number(condition.get("e")), _DONE[1])(what)
    return said[:1].upper() + said[1:]


def _grade(condition: Mapping[str, Any], named: Named) -> str:
    return _between(
        named.grade_item(_number(condition.get("id"))), condition.get("min"), condition.get("max")
    )


def _between(item: str, least: object, most: object) -> str:
    if _is_bound(least) and _is_bound(most):
        return _(
            "A grade of at least %(least)s and less than %(most)s for %(item)s",
            least=_percent(least),
            most=_percent(most),
            item=item,
        )
    if _is_bound(least):
        return _("A grade of at least %(least)s for %(item)s", least=_percent(least), item=item)
    if _is_bound(most):
        return _("A grade of less than %(most)s for %(item)s", most=_percent(most), item=item)
    return _("A grade for %(item)s", item=item)


def _group(condition: Mapping[str, Any], named: Named) -> str:
    moodle_id = _number(condition.get("id"))
    return _("In the group %(name)s", name=named.group(moodle_id)) if moodle_id else _("In any group")


def _grouping(condition: Mapping[str, Any], named: Named) -> str:
    moodle_id = _number(condition.get("id"))
    if not moodle_id:
        return _("In a group of this activity’s grouping")
    return _("In a group of the grouping %(name)s", name=named.grouping(moodle_id))


def _profile(condition: Mapping[str, Any], _named: Named) -> str:
    own, theirs = condition.get("sf"), condition.get("cf")
    return _field(str(own or ""), str(theirs or ""), str(condition.get("op")), str(condition.get("v", "")))


def _field(own: str, custom: str, operator: str, value: str) -> str:
    name = str(_FIELDS.get(own.lower(), own)) if own else _("The profile field “%(name)s”", name=custom)
    say = _OPERATORS.get(operator)
    return say(name, value) if say else f"{name} {operator} “{value}”"


_SAY: dict[str, Callable[[Mapping[str, Any], Named], str]] = {
    "date": _date,
    "completion": _completion,
    "grade": _grade,
    "group": _group,
    "grouping": _grouping,
    "profile": _profile,
}


def _old_rules(root: etree._Element, named: Named) -> Iterator[Rule]:
    """Before 2.7: dates in leaves of their own, and what else had to be met."""
    for name, is_end in (("availablefrom", False), ("availableuntil", True)):
        if 0 < number(root, name) < 10**11:
            yield Rule(_from_or_until(moment(number(root, name)), is_end=is_end))
    grouping = number(root, "groupingid")
    # Of a section a grouping restricts by itself; of an activity it says whose groups work in it.
    if leaf(root, "groupmembersonly") == "1" or (grouping and root.tag == "section"):
        yield Rule(_grouping({"id": grouping}, named) if grouping else _("In any group"))
    for one in _each(root, "availability"):
        if module := number(one, "sourcecmid"):
            yield Rule(_completion({"cm": module, "e": number(one, "requiredcompletion")}, named))
        if item := number(one, "gradeitemid"):
            yield Rule(_between(named.grade_item(item), leaf(one, "grademin"), leaf(one, "grademax")))
    for one in _each(root, "availability_field"):
        fields = (leaf(one, "userfield"), leaf(one, "customfield"), leaf(one, "operator"), leaf(one, "value"))
        yield Rule(_field(*fields))


def _each(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """An activity has them in an element of their own, a section has them directly."""
    yield from root.iterfind(f"availability_info/{name}")
    yield from root.iterfind(name)


def _number(value: object) -> int:
    return value if isinstance(value, int) else whole(str(value or "").partition(".")[0])


def _is_bound(value: object) -> bool:
    return value not in (None, "")


def _percent(value: object) -> str:
    return percent(figures(str(value)))
