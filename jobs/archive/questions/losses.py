"""What questions and quizzes of Moodle 4 have that the form from before it can’t say."""

from collections import Counter
from enum import Enum

from jobs.language import gettext as _, lazy_gettext as _l, number


class Loss(Enum):
    """The sentence for each, with the number of cases."""

    VERSIONS = _l("Older versions of questions: %(count)s. Each is kept as a hidden question of its own.")
    DRAFTS = _l("Drafts of questions: %(count)s. They are kept as hidden questions.")
    OWNERS = _l(
        "Questions that belong to somebody other than who wrote them: %(count)s. They belong to who wrote them."
    )
    COMMENTS = _l(
        "Comments on questions: %(count)s. They are kept, but the course’s Moodle doesn’t show them."
    )
    FIELDS = _l(
        "Custom fields of questions: %(count)s. They are kept, but the course’s Moodle doesn’t show them."
    )
    NUMBERS = _l(
        "Numbers that a teacher gave to places of a quiz: %(count)s. The course’s Moodle counts by itself."
    )
    GRADES = _l(
        "Parts of quizzes with a grade of their own: %(count)s. The course’s Moodle has one grade for a quiz."
    )
    FILTERS = _l(
        "Random questions that are drawn by more than a category and tags: %(count)s. They are drawn by these alone."
    )
    TAGS = _l("Tags of random questions whose name the file doesn’t say: %(count)s. Any tag will do there.")
    NOWHERE = _l("Places of quizzes whose questions the file doesn’t have: %(count)s. They stay empty.")


def sentences(losses: Counter[Loss]) -> list[str]:
    """What to tell of them."""
    return [_(loss.value, count=number(losses[loss])) for loss in Loss if losses[loss]]
