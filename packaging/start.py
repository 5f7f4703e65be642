"""What the frozen program runs: the same ``mergedesk`` as an installed one."""

import multiprocessing
import os
import sys

if sys.platform == "linux" and not any(os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
    # Where no language is named at all, Qt would complain of a locale without Unicode.
    os.environ["LC_CTYPE"] = "C.UTF-8"

from mergedesk.entry import main

if __name__ == "__main__":
    # A library's helper process is this program again, started with arguments that only this call understands.
    multiprocessing.freeze_support()
    main()
