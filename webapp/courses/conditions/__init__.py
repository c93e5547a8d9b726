"""Who may see an activity or a section, when it counts as done, and how groups work in it: in words, to be read."""

from webapp.courses.conditions.completion import Completion
from webapp.courses.conditions.lookup import Conditions, OfActivity, conditions_of
from webapp.courses.conditions.restrictions import Restriction, Rule

__all__ = ["Completion", "Conditions", "OfActivity", "Restriction", "Rule", "conditions_of"]
