"""What a process frees goes back to the system, once it is told to let it go."""

from __future__ import annotations

import sys

import pytest
from fresh_python import run_python

_FREED = """
import ctypes, psutil
from mergedesk.runtime.allocator import give_back_at_once
if {told}:
    give_back_at_once()
resident = psutil.Process().memory_info
ctypes.create_string_buffer(30_000_000)  # glibc learns from the first one that such blocks come and go
before = resident().rss
blocks = [b"x" * 1_000_000 for _ in range(20)]
kept = b"x" * 900_000
del blocks
print(resident().rss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own habit")
def test_large_blocks_go_back_when_they_are_freed() -> None:
    kept, returned = (int(run_python(_FREED.format(told=told))) for told in (False, True))
    assert returned < 10_000_000 < kept
