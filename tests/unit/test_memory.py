"""What is freed goes back to the system, also from between what stays."""

import subprocess
import sys

import pytest

#: Frees one large piece, as reading a large text does; then fifty smaller ones that lie between things that stay.
WORK = """
import resource
from jobs import memory

if {settled}:
    memory.keep_little()
held = lambda: int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()
del (large := [bytes(8 << 20)])[:]
before, pieces, small = held(), [], []
for _ in range(50):
    pieces.append(bytes(b"x") * (1 << 20))
    small.append(bytearray(2000))
pieces.clear()
print(held() - before)
"""


def left_held(settled):
    child = subprocess.run(
        [sys.executable, "-c", WORK.format(settled=settled)], check=True, capture_output=True, text=True
    )
    return int(child.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux is what is set")
def test_large_pieces_go_back_as_soon_as_they_are_freed():
    assert left_held(settled=True) < 5_000_000 < left_held(settled=False)
