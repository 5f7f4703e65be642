"""llama.cpp's code in a process of its own: watched by what it writes, ended when that is asked for."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import psutil

from ..domain.findings import Code, UserError
from ..runtime.asked_process import answer_of
from ..runtime.process_end import end_group
from ..runtime.subprocess_module import start
from .sources import converter
from .types import GgufType

_POLL_SECONDS = 0.1
_LOG_BYTES = 20_000
_TOO_BIG = getattr(signal, "SIGXFSZ", 0)  # 0 is no signal: Windows has none for this
_PACKAGE = __package__
_NOT_KNOWN = re.compile(r"BPE pre-tokenizer was not recognized")
_ERRNO = re.compile(r"\[Errno (\d+)\]")
_SHORT = re.compile(r"\d+ requested and \d+ written")  # numpy's own words, which do not say why
_NEXT_TO_NOTHING = 1 << 24
_SAID = re.compile(r"^(?:\w+(?:Error|Exception)|ERROR:[\w.-]+): ?(.*)$", re.MULTILINE)

Written = Callable[[int], None]


def threads() -> int:
    """For as many as there are whole cores: llama.cpp's threads wait for one another without resting."""
    return psutil.cpu_count(logical=False) or 1


def convert(
    script: str,
    model: Path,
    arguments: list[str],
    target: Path,
    written: Written,
    stated: Mapping[str, bool] = MappingProxyType({}),
) -> None:
    """Have one of the converter's scripts write ``target``; ``model`` is the folder whose code must not run.

    ``stated``: settings of the vocabulary that the file shall have where the converter would leave them out.

    ``written`` gets the bytes that are there, several times a second, and may raise. Raises UserError.
    """
    folder = converter()
    if folder is None:
        raise UserError(Code.GGUF_NO_CONVERTER)
    log = _run(
        "convert_process", [str(folder), script, str(model), json.dumps(dict(stated)), *arguments], target, written
    )
    if log is None:
        return
    if _NOT_KNOWN.search(log):
        raise UserError(Code.GGUF_TOKENIZER_UNKNOWN)
    _refuse_full_disk(log, target)
    raise UserError(Code.GGUF_CONVERTER_FAILED, reason=_reason(log))


def quantize(source: Path, target: Path, kind: GgufType, written: Written) -> None:
    """Have llama.cpp write ``target`` in a type, from a file that has not been quantised. Raises UserError."""
    log = _run("quantize_process", [str(source), str(target), str(kind.number), str(threads())], target, written)
    if log is not None:
        _refuse_full_disk(log, target)
        raise UserError(Code.GGUF_QUANTIZER_FAILED, type=kind.name, reason=_reason(log))


def _refuse_full_disk(log: str, target: Path) -> None:
    """Raises UserError(disk_filled_up, file_too_big) where the system took no more of the file."""
    numbers = {int(number) for number in _ERRNO.findall(log)}
    if numbers & {errno.ENOSPC, errno.EDQUOT} or os.strerror(errno.ENOSPC) in log:
        raise UserError(Code.DISK_FILLED_UP, file=target.name)
    short = _SHORT.search(log) is not None
    if short and shutil.disk_usage(target.parent).free < _NEXT_TO_NOTHING:
        raise UserError(Code.DISK_FILLED_UP, file=target.name)
    if short or errno.EFBIG in numbers or os.strerror(errno.EFBIG) in log:
        raise UserError(Code.GGUF_FILE_TOO_BIG, file=target.name)


def answer(question: Mapping[str, Any], check: Callable[[], None]) -> dict[str, Any] | None:
    """What llama.cpp answers, see ``answer_process``; None where it does not load the file, or says nothing."""
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    try:
        child = start(f"{_PACKAGE}.answer_process", **streams)
    except OSError:
        return None
    with child:
        try:
            said = answer_of(child, json.dumps(question).encode(), check, _POLL_SECONDS)
            return json.loads(said) if said and child.returncode == 0 else None
        except ValueError:
            return None
        finally:
            end_group(child)


def _run(module: str, arguments: list[str], target: Path, written: Written) -> str | None:
    """None where it went well, else the end of what it said."""
    with tempfile.TemporaryFile() as log:
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": log}
        try:
            child = start(f"{_PACKAGE}.{module}", *arguments, **streams)
        except OSError as trouble:
            return trouble.strerror or str(trouble)
        with child:
            try:
                _watch(child, target, written)
            finally:
                end_group(child)
        if _TOO_BIG and child.returncode == -_TOO_BIG:
            return os.strerror(errno.EFBIG)
        return None if child.returncode == 0 and target.is_file() else _end_of(log)


def _watch(child: subprocess.Popen[bytes], target: Path, written: Written) -> None:
    while child.poll() is None:
        nbytes = 0
        with suppress(OSError):
            nbytes = target.stat().st_size
        written(nbytes)
        time.sleep(_POLL_SECONDS)


def _end_of(log: IO[bytes]) -> str:
    log.seek(max(0, log.seek(0, 2) - _LOG_BYTES))
    return log.read().decode("utf-8", errors="replace")


def _reason(log: str) -> str:
    """What it named as an error, else the last thing that it said."""
    said = [line.strip() for line in _SAID.findall(log) if line.strip()]
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return (said or lines or [""])[-1][:400]
