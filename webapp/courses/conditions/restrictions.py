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

from jobs.archive.availability import LEAVES
from webapp.courses.conditions.named import Named
from webapp.courses.viewers.leaves import decimal, leaf, number, whole
from webapp.formatters import moment

#: Conditions in conditions deeper than this are not opened any further.
DEEPEST = 8
_LEADS = {"&": "All of this", "|": "One of these", "!&": "Not all of this", "!|": "None of this"}
_FIELDS = {
    "firstname": "First name", "lastname": "Last name", "email": "Mail address", "idnumber": "Id number",
    "phone1": "Phone", "phone2": "Mobile phone", "city": "City", "country": "Country", "address": "Address",
    "institution": "Institution", "department": "Department",
}  # fmt: skip
_OPERATORS = {
    "isequalto": "is “{}”",
    "contains": "has “{}” in it",
    "doesnotcontain": "does not have “{}” in it",
    "startswith": "begins with “{}”",
    "endswith": "ends with “{}”",
    "isempty": "is empty",
    "isnotempty": "is not empty",
}
# Moodle 4.5 lib/completionlib.php COMPLETION_*
_DONE = {
    0: "{} is not done",
    1: "{} is done",
    2: "{} is done with a pass",
    3: "{} is done without a pass",
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
        return "Not" if operator.startswith("!") else ""
    return _LEADS.get(operator, _LEADS["&"])


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
    return say(condition, named) if say else f"A condition of a plugin: {kind}"


def _date(condition: Mapping[str, Any], _named: Named) -> str:
    at = _number(condition.get("t"))
    return f"{'Until' if condition.get('d') == '<' else 'From'} {moment(at) if at < 10**11 else at}"


def _completion(condition: Mapping[str, Any], named: Named) -> str:
    module = _number(condition.get("cm"))
    what = "The activity before" if module == -1 else named.activity(module)
    said = _DONE.get(_number(condition.get("e")), _DONE[1]).format(what)
    return said[:1].upper() + said[1:]


def _grade(condition: Mapping[str, Any], named: Named) -> str:
    return _between(
        named.grade_item(_number(condition.get("id"))), condition.get("min"), condition.get("max")
    )


def _between(item: str, least: object, most: object) -> str:
    bounds = [f"at least {_percent(least)}"] if _is_bound(least) else []
    bounds += [f"less than {_percent(most)}"] if _is_bound(most) else []
    return f"A grade of {' and '.join(bounds)} for {item}" if bounds else f"A grade for {item}"


def _group(condition: Mapping[str, Any], named: Named) -> str:
    moodle_id = _number(condition.get("id"))
    return f"In the group {named.group(moodle_id)}" if moodle_id else "In any group"


def _grouping(condition: Mapping[str, Any], named: Named) -> str:
    moodle_id = _number(condition.get("id"))
    if not moodle_id:
        return "In a group of this activity’s grouping"
    return f"In a group of the grouping {named.grouping(moodle_id)}"


def _profile(condition: Mapping[str, Any], _named: Named) -> str:
    own, theirs = condition.get("sf"), condition.get("cf")
    return _field(str(own or ""), str(theirs or ""), str(condition.get("op")), str(condition.get("v", "")))


def _field(own: str, custom: str, operator: str, value: str) -> str:
    name = _FIELDS.get(own.lower(), own) if own else f"The profile field “{custom}”"
    return f"{name} {_OPERATORS.get(operator, operator + ' “{}”').format(value)}"


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
    for name, word in (("availablefrom", "From"), ("availableuntil", "Until")):
        if 0 < number(root, name) < 10**11:
            yield Rule(f"{word} {moment(number(root, name))}")
    grouping = number(root, "groupingid")
    # Of a section a grouping restricts by itself; of an activity it says whose groups work in it.
    if leaf(root, "groupmembersonly") == "1" or (grouping and root.tag == "section"):
        yield Rule(_grouping({"id": grouping}, named) if grouping else "In any group")
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
    return f"{decimal(str(value))} %"
