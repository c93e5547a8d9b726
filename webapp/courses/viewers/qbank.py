"""A question bank that is an activity: the categories in it, for those who may read questions."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.courses.bank.categories import Category, places_of
from webapp.courses.bank.lookup import QuestionBank
from webapp.courses.viewers.documents import Source


@dataclass(frozen=True)
class Bank:
    categories: list[Category]
    with_people: bool


def qbank(source: Source) -> Bank:
    if not source.with_people:
        return Bank([], with_people=False)
    places = places_of(source.course, QuestionBank(source.course).categories)
    context = source.activity.context_id
    return Bank(
        [one for place in places for one in place.categories if one.context_id == context], with_people=True
    )
