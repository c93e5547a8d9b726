"""How leaves that are not declared show, by their name, that they say who somebody is."""

import re
from functools import lru_cache

from lxml import etree

# What somebody does to something, so that a leaf says by whom: takenby, lasteditedby, comment_by.
_DEEDS = (
    "accept|add|approv|assess|assign|audit|award|cancel|chang|check|clos|comment|complet|confirm|creat|decid|delet"
    "|edit|evaluat|flag|given|giv|grad|grant|invit|issu|lock|made|mark|moderat|modif|modifi|modify|nominat|observ|open"
    "|overridd|post|propos|publish|releas|report|request|resolv|review|revok|sav|sent|sign|submitt|submit|tak|updat"
    "|upload|verifi|writt"
)
# What somebody is to something: authorid, last_grader_id.
_ROLES = (
    "actor|applicant|approver|assessor|assignee|attendee|author|commenter|contributor|creator|editor|evaluator"
    "|examiner|grader|initiator|instructor|invitee|inviter|issuer|leader|learner|lecturer|manager|marker|member"
    "|mentee|mentor|moderator|modifier|nominator|observee|observer|organi[sz]er|owner|participant|payer|person"
    "|player_?[ab12]|presenter|proposer|pupil|rater|receiver|recipient|reporter|requester|respondent|reviewee"
    "|reviewer|sender|student|submitter|supervisor|teacher|trainee|trainer|tutee|tutor|uploader|voter|winner|writer"
)
# What plugins call the leaf or attribute that holds the id of a person.
_PERSON = re.compile(
    r"\w*user_?id\w*|id_?user|user|user_?(created|modified)|grader|rater|reviewer|marker"
    r"|(from|last\w*|real|related|target|to)_?user|\w*by_?user"
    rf"|\w*({_DEEDS})(e|ed|en)?_?by(_?id)?"
    r"|(assigned|awarded|given|granted|issued)_?to|graded?_?for"
    rf"|\w*({_ROLES})_?id"
    r"|assessor|assignee|evaluator|examiner|observee|observer|recipient|respondent|sender|submitter"
)
# What may as well be a switch, but holds an id where another leaf beside it does: who marked a journal’s entry.
_BESIDE = frozenset(("author", "creator", "editor", "owner", "student", "teacher", "tutor"))
# And the one that holds a name or an address of theirs.
_PERSONAL = re.compile(
    r"(user|author|student|sender|recipient|teacher)_?(e_?mail|mail|name|ip)|(first|last|middle|alternate)_?name"
    r"|e_?mail(address)?|(last|remote)?_?ip(_?addr(ess)?)?|phone[12]?"
)


@lru_cache(maxsize=4096)
def names_person(name: str) -> bool:
    """Does a leaf or attribute of this name, if nothing is declared about it, hold the id of a person?"""
    return _PERSON.fullmatch(name.lower()) is not None


def holds_person(leaf: etree._Element) -> bool:
    """The same of a leaf of which nothing is declared, by those beside it as well."""
    name, parent = str(leaf.tag), leaf.getparent()
    if name not in _BESIDE or parent is None or not (leaf.text or "").isdecimal():
        return names_person(name)
    return any(names_person(str(one.tag)) for one in parent.iterchildren(etree.Element))


@lru_cache(maxsize=4096)
def is_personal_name(name: str) -> bool:
    """Does a leaf of this name, if nothing is declared about it, hold a person’s name or address?"""
    return _PERSONAL.fullmatch(name.lower()) is not None
