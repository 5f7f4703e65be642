"""The whole ``mergedesk`` command, without waiting for the disk: ``python unsynced_command.py merge …``."""

from __future__ import annotations

import runpy
import sys

from unsynced import stop_waiting_for_the_disk

if __name__ == "__main__":
    stop_waiting_for_the_disk()
    sys.argv[0] = "mergedesk"
    runpy.run_module("mergedesk", run_name="__main__", alter_sys=True)
