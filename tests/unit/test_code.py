"""What we ask of the code itself."""

import ast
import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from webapp.config import DEFAULTS as INSTALLATION
from webapp.site_settings import DEFAULTS as CHANGED_BY_ADMINS

ROOT = Path(__file__).parents[2]
MOST_LINES, LONGEST_FUNCTION = 300, 40
MODULES = sorted(path for folder in ("webapp", "jobs") for path in (ROOT / folder).rglob("*.py"))
OURS = [path for path in MODULES if "versions" not in path.parts]
TEMPLATES = ROOT / "webapp/templates"
VENDORED = (ROOT / "webapp/static/vendor", ROOT / "tests/browser/vendor")


def functions(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_module_is_too_long_to_read():
    lengths = {path.relative_to(ROOT): len(path.read_text("utf-8").splitlines()) for path in OURS}

    too_long = {str(path): length for path, length in lengths.items() if length > MOST_LINES}

    assert not too_long


def test_no_function_is_too_long_to_grasp():
    too_long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in OURS
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }

    assert not too_long


def test_no_module_is_named_after_nothing():
    vague = {"utils", "helpers", "manager", "common", "misc"}

    found = [str(path.relative_to(ROOT)) for path in OURS if path.stem in vague]

    assert not found


def test_records_are_asked_for_by_their_document():
    # Their own version may be one that their document has left, for the bin (docs/adr/0013).
    knowing = {"jobs/leftovers.py", "jobs/steps/merging/adopting.py"}

    asking = {str(path.relative_to(ROOT)) for path in OURS if "Record.version_id" in path.read_text("utf-8")}

    assert asking <= knowing


@pytest.mark.parametrize("name", [*INSTALLATION, *CHANGED_BY_ADMINS])
def test_every_setting_is_explained(name):
    page = (ROOT / "docs/operating.md").read_text("utf-8")

    rows = [line for line in page.splitlines() if line.startswith("|") and f"`{name}`" in line]

    assert len(rows) == 1


def test_every_template_is_used():
    templates = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}
    sources = [path.read_text("utf-8") for path in (*OURS, *TEMPLATES.rglob("*.html"))]

    patterns = [
        re.compile(re.sub(r"\\\{.+?\\\}", "[^/]+", re.escape(name)))
        for source in sources
        for name in re.findall(r"""["']([\w{}./-]+\.(?:html|txt))["']""", source)
    ]

    unused = sorted(name for name in templates if not any(pattern.fullmatch(name) for pattern in patterns))
    assert not unused


@pytest.mark.parametrize("folder", VENDORED, ids=lambda path: path.parent.name)
def test_every_file_of_others_is_listed_with_its_licence_and_is_as_it_came(folder):
    listed = json.loads((folder / "vendor.json").read_text("utf-8"))["files"]
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"vendor.json"}

    assert set(listed) == there
    for name, details in listed.items():
        digest = base64.b64encode(hashlib.sha384((folder / name).read_bytes()).digest()).decode()
        assert details["sha384"] == digest, name
        assert details["licence"], name
