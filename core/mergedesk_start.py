"""The first of this program that runs: from the first line on, Ctrl+C ends it as cancelled.

Whoever imports this module starts the program. It stands beside the package, whose own import would take time in which
Ctrl+C has no answer, and imports only what Python itself has loaded already, but for the signals.
"""

import os
import sys

CANCELLED = 130
"""The exit code, as shells have it for Ctrl+C."""

# The catalogues are not there yet; a test holds these words against theirs.
SAID = {"de": "Abgebrochen.", "zh": "已取消。"}
SAID_IN_ENGLISH = "Cancelled."


def _end(*_signal: object) -> None:
    """End at once: nothing has been begun that would have to be tidied up."""
    stated = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    text = SAID.get(stated[:2], SAID_IN_ENGLISH)
    try:  # noqa: SIM105 (contextlib is not there yet)
        os.write(2, f"{text}\n".encode(sys.getfilesystemencoding(), "backslashreplace"))
    except OSError:  # nobody listens
        pass
    os._exit(CANCELLED)


def _tell(kind: type[BaseException], error: BaseException, trace: object) -> None:
    if issubclass(kind, KeyboardInterrupt):
        _end()
    sys.__excepthook__(kind, error, trace)  # type: ignore[arg-type]


sys.excepthook = _tell  # it takes no time, in which the signals are imported

import signal  # noqa: E402

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, _end)


def main() -> None:
    """The ``mergedesk`` command."""
    from mergedesk.cli.entry import main as run

    run()
