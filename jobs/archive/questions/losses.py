"""What questions and quizzes of Moodle 4 have that the form from before it can’t say."""

from collections import Counter
from enum import Enum


class Loss(Enum):
    """The sentence for each, with the number of cases."""

    VERSIONS = "Older versions of questions: {0}. Each is kept as a hidden question of its own."
    DRAFTS = "Drafts of questions: {0}. They are kept as hidden questions."
    OWNERS = (
        "Questions that belong to somebody other than who wrote them: {0}. They belong to who wrote them."
    )
    COMMENTS = "Comments on questions: {0}. They are kept, but the course’s Moodle doesn’t show them."
    FIELDS = "Custom fields of questions: {0}. They are kept, but the course’s Moodle doesn’t show them."
    NUMBERS = "Numbers that a teacher gave to places of a quiz: {0}. The course’s Moodle counts by itself."
    GRADES = "Parts of quizzes with a grade of their own: {0}. The course’s Moodle has one grade for a quiz."
    FILTERS = "Random questions that are drawn by more than a category and tags: {0}. They are drawn by these alone."
    TAGS = "Tags of random questions whose name the file doesn’t say: {0}. Any tag will do there."
    NOWHERE = "Places of quizzes whose questions the file doesn’t have: {0}. They stay empty."


def sentences(losses: Counter[Loss]) -> list[str]:
    """What to tell of them."""
    return [loss.value.format(losses[loss]) for loss in Loss if losses[loss]]
