"""The table of settings in docs/operating.md, made of what is declared about them.

`python -m tests.settings_table` writes it anew.
"""

import re
from pathlib import Path

from webapp.site_settings import SETTINGS

PAGE = Path(__file__).parents[1] / "docs/operating.md"
HEAD = "| name | what it is | at first | values | what it does |\n| --- | --- | --- | --- | --- |\n"
TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\n)*")


def table():
    rows = [
        f"| `{one.name}` | {one.label} | {one.kind.in_words(one.default)} | {one.kind.limits} | {one.says} |\n"
        for one in SETTINGS.values()
    ]
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(TABLE.sub(lambda _: table(), PAGE.read_text("utf-8")), "utf-8")
