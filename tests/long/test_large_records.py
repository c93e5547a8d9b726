"""Records of many thousands of elements, as a discussion of ten thousand posts is: one in memory at a time."""

import subprocess
import sys

import pytest

from tests.system.courses import MB

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

POSTS = 10_000
READING = """
import io, sys
from collections import deque
from jobs.archive.limits import DEFAULT_LIMITS
from jobs.archive.xml import pack, split

leaves = (b"<leaf%d>12345678901234567</leaf%d>" % (one, one) for one in range(15))
post = b"<post>" + b"".join(sys.argv[3].encode() + leaf for leaf in leaves) + b"</post>"
record = b"<discussion>" + post * int(sys.argv[2]) + b"</discussion>"
document = b"<forum>" + record * int(sys.argv[1]) + b"</forum>"
parts = split(io.BytesIO(document), lambda path: path == "forum/discussion", DEFAULT_LIMITS)
deque(map(lambda part: len(pack(part.element)), parts), maxlen=0)
(highest,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(highest.split()[1]) * 1024 - len(document))
"""


def peak(records, blanks="\n    "):
    """The most memory that reading a document of so many large records takes, besides the document."""
    child = [sys.executable, "-c", READING, str(records), str(POSTS), blanks]
    return int(subprocess.run(child, check=True, capture_output=True, text=True).stdout)


def test_the_blanks_between_elements_take_no_memory():
    assert peak(1) - peak(1, blanks="") < 10 * MB


def test_a_large_record_goes_before_the_next_is_read():
    assert peak(4) - peak(1) < 25 * MB
