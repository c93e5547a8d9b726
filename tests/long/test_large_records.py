"""Records of many thousands of elements, as a discussion of ten thousand posts is: one in memory, or a piece of one."""

import subprocess
import sys

import pytest

from tests.system.courses import MB

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

POSTS = 10_000
READING = """
import sys
from collections import deque
from itertools import chain, repeat
from jobs.archive.limits import DEFAULT_LIMITS
from jobs.archive.containers.pieces import Pieces
from jobs.archive.xml import pack, split

leaves = (b"<leaf%d>12345678901234567</leaf%d>" % (one, one) for one in range(15))
post = b"<post id='1'>" + b"".join(sys.argv[3].encode() + leaf for leaf in leaves) + b"</post>"
record = lambda _: chain([b"<discussion>"], repeat(post, int(sys.argv[2])), [b"</discussion>"])
document = chain([b"<forum>"], chain.from_iterable(map(record, range(int(sys.argv[1])))), [b"</forum>"])
is_piece = (lambda path: path.endswith("/post")) if sys.argv[4:] else None
parts = split(Pieces(document), lambda path: path == "forum/discussion", DEFAULT_LIMITS, is_piece)
deque(map(lambda part: len(pack(part.element)), parts), maxlen=0)
(highest,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(highest.split()[1]) * 1024)
"""


def peak(records, *cut, blanks="\n    ", posts=POSTS):
    """The most memory that reading a document of so many large records takes."""
    child = [sys.executable, "-c", READING, str(records), str(posts), blanks, *cut]
    return int(subprocess.run(child, check=True, capture_output=True, text=True).stdout)


def test_the_blanks_between_elements_take_no_memory():
    assert peak(1) - peak(1, blanks="") < 10 * MB


def test_a_large_record_goes_before_the_next_is_read():
    assert peak(4) - peak(1) < 25 * MB


def test_a_large_record_that_may_be_cut_takes_no_more_than_a_piece():
    assert peak(1, "cut") - peak(1, posts=10) < 12 * MB
    assert peak(1, "cut", posts=4 * POSTS) - peak(1, "cut") < 4 * MB
