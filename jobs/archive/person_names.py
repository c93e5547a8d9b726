"""How leaves that are not declared show, by their name, that they say who somebody is."""

import re
from functools import lru_cache

# What plugins call the leaf or attribute that holds the id of a person.
_PERSON = re.compile(
    r"\w*user_?id\w*|user|user_?(created|modified)|grader|rater|reviewer|marker"
    r"|\w*(added|approved|assigned|awarded|changed|closed|created|deleted|edited|given|graded|locked|made|marked"
    r"|modified|requested|reviewed|sent|signed|submitted|taken|updated|uploaded|written)_?by"
    r"|(author|creator|editor|grader|issuer|learner|marker|member|modifier|owner|participant|rater|receiver"
    r"|recipient|reviewer|sender|student|teacher|tutor)_?id"
)
# And the one that holds a name or an address of theirs.
_PERSONAL = re.compile(
    r"(user|author|student|sender|recipient|teacher)_?(e_?mail|mail|name|ip)|(first|last|middle|alternate)_?name"
    r"|e_?mail(address)?|(last|remote)?_?ip(_?addr(ess)?)?|phone[12]?"
)


@lru_cache(maxsize=4096)
def names_person(name: str) -> bool:
    """Does a leaf or attribute of this name, if nothing is declared about it, hold the id of a person?"""
    return _PERSON.fullmatch(name.lower()) is not None


@lru_cache(maxsize=4096)
def is_personal_name(name: str) -> bool:
    """Does a leaf of this name, if nothing is declared about it, hold a person’s name or address?"""
    return _PERSONAL.fullmatch(name.lower()) is not None
