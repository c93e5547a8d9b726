"""What two archives of one course have in common: whether the second still holds all that the first did.

They need not be equal byte for byte: names, attributes, order, nulls, texts and the contents of files count. Where the
course was added to another one, its ids may be others, as long as each thing has one. What the second was meant to
leave out or to change, people above all, is no difference.
"""

from jobs.archive.comparing.archives import compare
from jobs.archive.comparing.model import Comparison, Difference

__all__ = ["Comparison", "Difference", "compare"]
