"""Every setting that admins change, declared once.

The pages, what is refused, the defaults, the command line and the table in docs/operating.md follow from here.
"""

from __future__ import annotations

from typing import Any

from webapp.site_settings.declared import GROUPS, Declared, Group

__all__ = ["DEFAULTS", "GROUPS", "SETTINGS", "Declared", "Group"]

#: Every setting by its name, the locks behind what they lock.
SETTINGS: dict[str, Declared] = {one.name: one for group in GROUPS for one in group.everything}

#: What each is without an admin's word.
DEFAULTS: dict[str, Any] = {name: one.default for name, one in SETTINGS.items()}
