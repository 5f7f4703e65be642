"""What the frozen program runs: the same ``mergedesk`` as an installed one."""

import os
import sys


def _interrupted(kind, error, trace):
    """Answer Ctrl+C while the module is looked for that does so from then on."""
    if issubclass(kind, KeyboardInterrupt):
        os.write(2, b"Cancelled.\n")
        os._exit(130)
    sys.__excepthook__(kind, error, trace)


sys.excepthook = _interrupted
import mergedesk_start  # noqa: E402

import multiprocessing  # noqa: E402  # isort: skip

_LIBRARIES = "LD_LIBRARY_PATH"


def main() -> None:
    """Make an installed program's surroundings, then be it."""
    if sys.platform == "linux":
        forget_own_libraries()
        name_a_locale()
    mergedesk_start.main()


def forget_own_libraries() -> None:
    """Let what is started from here, as a file manager, find its own libraries; those of this process are found."""
    os.environ.pop(_LIBRARIES, None)
    if (before := os.environ.pop(f"{_LIBRARIES}_ORIG", None)) is not None:
        os.environ[_LIBRARIES] = before
    # This program itself, started from here, is to look for its libraries anew.
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


def name_a_locale() -> None:
    """Where no language is named at all, Qt would complain of a locale without Unicode."""
    if not any(os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        os.environ["LC_CTYPE"] = "C.UTF-8"


if __name__ == "__main__":
    # A library's helper process is this program again, started with arguments that only this call understands.
    multiprocessing.freeze_support()
    main()
