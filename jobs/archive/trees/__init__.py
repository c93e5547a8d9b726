"""What is known about the documents of an archive, declared once, as data.

Reading, writing, leaving people out, rebuilding references, merging, the privacy report and the pages all
follow these declarations. They add meaning and drop nothing: what is not declared is kept as it is.
"""

from jobs.archive.trees.catalogue import CORE_ACTIVITY_TYPES, Tree, tree_for
from jobs.archive.trees.notation import FileArea, Leaf, Node, NotationError

__all__ = ["CORE_ACTIVITY_TYPES", "FileArea", "Leaf", "Node", "NotationError", "Tree", "tree_for"]
