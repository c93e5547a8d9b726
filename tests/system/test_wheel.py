"""The package alone, away from this folder, is the whole product."""

import subprocess
import sys
import sysconfig
import zipfile

import pytest

from tests.pages import text
from tests.serving import ROOT, Visitor, served

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """A fresh environment with the wheel in it; what it depends on is borrowed from ours."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    packages = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    # Only a plain path is borrowed, so that the link to this folder that stands there is not followed.
    with open(f"{packages}/borrowed.pth", "w", encoding="utf-8") as out:
        out.write(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install", "-q"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, timeout=120)
    return folder


def test_the_wheel_has_everything_that_is_not_python_too(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {
        "wsgi.py",
        "webapp/templates/layouts/base.html",
        "webapp/static/css/coursekeep.css",
        "webapp/static/icons.svg",
        "webapp/migrations/script.py.mako",
        "webapp/sample/en/course.toml",
        "webapp/sample/fr/texts/plough.html",
    } <= names
    assert any(name.startswith("webapp/migrations/versions/0001") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [
        name for name in names if name.startswith(("tests/", "instance/")) or name.endswith(".sqlite")
    ]


def test_installed_alone_it_serves_its_pages(elsewhere, tmp_path):
    command = (str(elsewhere / "bin/coursekeep"),)
    asked = [str(elsewhere / "bin/python"), "-c", "import webapp; print(webapp.__file__)"]
    found = subprocess.run(asked, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60).stdout
    assert found.startswith(str(elsewhere))

    with served(tmp_path / "school", command=command, cwd=tmp_path) as school:
        visitor = Visitor(school.url)
        front = visitor.sign_in(school.username, school.password)

        assert "Reading the night sky" in text(front.main)
        for sheet in front.find_all("link", rel="stylesheet"):
            assert visitor.status(sheet["href"]) == 200
        for script in front.find_all("script"):
            assert visitor.status(script["src"]) == 200
