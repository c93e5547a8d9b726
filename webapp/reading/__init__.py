"""What the documents of an archive say, made readable for people."""

from webapp.reading.areas import area_word
from webapp.reading.branch import Branch
from webapp.reading.branches import Reader, area_of, people_in
from webapp.reading.leaves import Fact, label_of

__all__ = ["Branch", "Fact", "Reader", "area_of", "area_word", "label_of", "people_in"]
