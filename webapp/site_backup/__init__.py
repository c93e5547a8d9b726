"""Copies of a whole school: written into a folder, checked, and put back elsewhere (docs/operating.md).

Knows an installation by its folder alone, so that one whose tables are of another version can be copied too.
"""


class SiteBackupProblem(Exception):
    """The copy can't be made or put back. Its text says why and what to do, as it stands."""
