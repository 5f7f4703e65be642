"""Errors of the command line that nobody foresaw: a sentence for the person, the traceback for the log."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from .findings import Code, Finding, Severity
from .upkeep.logs import FILE, LOGGER, log_folder, start_log, stop_log
from .upkeep.privacy import private_of_this_computer
from .wording import finding_message

_FAILED = 1


@contextmanager
def unexpected_errors_logged() -> Iterator[None]:
    """Log what the block's job or the block itself fails with, and name the log; nothing is written otherwise.

    Raises SystemExit with the code of failure in the place of an error.
    """
    log = start_log(private_of_this_computer, logging.ERROR)
    try:
        yield
    except Exception as error:
        logging.getLogger(LOGGER).exception("The command stopped unexpectedly.")
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        typer.echo(finding_message(Finding(Code.INTERNAL, Severity.ERROR, {"reason": reason})), err=True)
        sys.exit(_FAILED)
    finally:
        stop_log(log)
        if log.has_written:
            typer.echo(f"The details are in {log_folder() / FILE}", err=True)
