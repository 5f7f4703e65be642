"""Errors of the command line that nobody foresaw: a sentence for the person, the traceback for the log."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from ..domain.findings import UserError
from ..support.failures import finding_of
from ..support.logs import FILE, LOGGER, log_folder, start_log, stop_log
from ..support.redact import private_of_this_computer
from .words import say, tell

_FAILED = 1


@contextmanager
def unexpected_errors_logged() -> Iterator[None]:
    """Log what the block's job or the block itself fails with, and name the log; nothing is written otherwise.

    Raises SystemExit with the code of failure in the place of an error.
    """
    log = start_log(private_of_this_computer, logging.ERROR)
    try:
        yield
    except UserError as error:
        tell(error.finding())
        sys.exit(_FAILED)
    except Exception as error:
        logging.getLogger(LOGGER).exception("The command stopped unexpectedly.")
        tell(finding_of(error))
        sys.exit(_FAILED)
    finally:
        stop_log(log)
        if log.has_written:
            typer.echo(say("details", file=str(log_folder() / FILE)), err=True)
