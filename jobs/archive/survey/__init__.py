"""What is in an archive and what is wrong with it, found by reading all of it once."""

from jobs.archive.survey.model import ActivityFound, Counts, Origin, Problem, SectionFound, Survey
from jobs.archive.survey.reading import survey

__all__ = ["ActivityFound", "Counts", "Origin", "Problem", "SectionFound", "Survey", "survey"]
