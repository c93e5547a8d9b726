"""Settings of blocks in what is added to a course."""

import base64
import xml.etree.ElementTree as ET

import pytest

from jobs.archive.ids.php import unpack_settings
from tests.archives import pack_tgz, small_course
from tests.factories import make_admin
from tests.members import members_of
from tests.running import back_up, merge, restore


def with_block(name, settings):
    """The small course, with a block on the page of its forum."""
    packed = base64.b64encode(settings.encode()).decode()
    block = (
        f'<block id="5" contextid="99" version="1"><blockname>{name}</blockname><parentcontextid>71</parentcontextid>'
        f"<configdata>{packed}</configdata><block_positions></block_positions></block>"
    )
    return small_course() | {f"activities/forum_41/blocks/{name}_5/block.xml": block.encode()}


def settings_of_blocks(path):
    blocks = [content for name, content in members_of(path).items() if name.endswith("/block.xml")]
    return [ET.fromstring(one).findtext("configdata") for one in blocks]


@pytest.fixture
def admin(app):
    return make_admin()


def test_a_block_that_comes_in_is_about_what_came_with_it(admin):
    text = '<a href="$@FORUMVIEWBYID*41@$">x</a>'
    content = pack_tgz(with_block("html", f'a:1:{{s:4:"text";s:{len(text)}:"{text}";}}'))
    _, course = restore(pack_tgz(small_course()), admin)

    job = merge(content, admin, course)

    _, path = back_up(course, admin)
    (settings,) = settings_of_blocks(path)
    forums = {name.split("/")[1] for name in members_of(path) if name.startswith("activities/forum_")}
    (came,) = forums - {"forum_41"}
    assert unpack_settings(settings) == {"text": text.replace("41", came.removeprefix("forum_"))}
    assert not [one for one in job.warnings if "block" in one]


def test_a_block_whose_settings_can_not_be_read_keeps_them_and_is_named(admin):
    _, course = restore(pack_tgz(small_course()), admin)

    job = merge(pack_tgz(with_block("html", "a:1:{damaged")), admin, course)

    _, path = back_up(course, admin)
    assert settings_of_blocks(path) == [base64.b64encode(b"a:1:{damaged").decode()]
    assert [one for one in job.warnings if "block of the type “html”" in one]
