"""Logs, traces of crashes and diagnostics: what they hold, what they leave out, and that they never get in the way."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pytest

from mergedesk.runtime import versions
from mergedesk.support import logs
from mergedesk.support.crash_file import KEPT, open_crash_file, take_earlier_crash, was_ended_from_outside
from mergedesk.support.diagnostics import diagnostics
from mergedesk.support.failures import is_out_of_memory, said_by
from mergedesk.support.logs import FILE, ErrorMemory, LastError, LogFile, log_folder, start_log, stop_log
from mergedesk.support.redact import Private, private_of_this_computer

LOGGER = logging.getLogger("mergedesk")
NOBODY = 2**22 + 1  # above Linux's largest process number


def run_python(program: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter whose logs go below ``folder``."""
    environment = {**os.environ, "XDG_STATE_HOME": str(folder), "HOME": str(folder), "LOCALAPPDATA": str(folder)}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log folder, in a place of the test's own."""
    monkeypatch.setattr(logs, "log_folder", lambda: tmp_path / "log")
    return tmp_path / "log"


@pytest.fixture
def log(folder: Path) -> Iterator[LogFile]:
    handler = start_log(lambda: Private(names=(("anna", "<user>"),)))
    yield handler
    stop_log(handler)


def test_the_log_folder_is_the_systems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert log_folder().is_absolute()
    assert "mergedesk" in log_folder().parts[-2:]


def test_nothing_is_made_before_there_is_something_to_say(log: LogFile, folder: Path) -> None:
    assert not folder.exists()
    assert not log.has_written
    LOGGER.info("A job starts.")
    assert "A job starts." in (folder / FILE).read_text(encoding="utf-8")
    assert log.has_written


def test_the_log_holds_nothing_personal(log: LogFile, folder: Path) -> None:
    try:
        raise FileNotFoundError(2, "No such file", "/data/Anna's models/config.json")
    except FileNotFoundError:
        LOGGER.exception("anna cannot open %s", "/data/Anna's models")
    text = (folder / FILE).read_text(encoding="utf-8")
    assert "anna" not in text.lower().replace("test_", "")
    assert "FileNotFoundError" in text
    assert "config.json" in text


def test_the_log_stays_small(log: LogFile, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.maxBytes = 2000
    for number in range(200):
        LOGGER.info("line %d of a long story that goes on and on", number)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [FILE, f"{FILE}.1", f"{FILE}.2", f"{FILE}.3"]
    assert all(file.stat().st_size <= 2000 for file in files)
    assert "line 199 " in (folder / FILE).read_text(encoding="utf-8")


def test_its_real_limits_are_set() -> None:
    assert logs.MOST_BYTES * (logs.OLDER_FILES + 1) <= 4_000_000


def test_a_file_that_cannot_be_turned_over_is_written_on(
    log: LogFile, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_names: object) -> None:
        raise PermissionError(13, "used by another process")

    log.maxBytes = 100
    LOGGER.info("first")
    monkeypatch.setattr(os, "rename", refuse)
    LOGGER.info("second %s", "x" * 200)
    monkeypatch.undo()
    assert "second" in (folder / FILE).read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_stops_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write_text("a file where the folder should be")
    handler = start_log(Private)
    LOGGER.error("lost")
    stop_log(handler)
    assert not handler.has_written
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_stops_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.mkdir()
    (folder / FILE).symlink_to("/dev/full")
    handler = start_log(Private)
    LOGGER.error("lost")
    stop_log(handler)
    assert capsys.readouterr() == ("", "")


def test_one_log_at_a_time(log: LogFile, folder: Path) -> None:
    other = start_log(Private)
    LOGGER.info("once")
    stop_log(other)
    assert (folder / FILE).read_text(encoding="utf-8").count("once") == 1


# --- The trace of a crash ---


def test_a_crash_in_native_code_is_told_once_at_the_next_start(tmp_path: Path) -> None:
    program = (
        "import faulthandler, sys\nfrom pathlib import Path\n"
        "from mergedesk.support.crash_file import open_crash_file\n"
        "assert open_crash_file(Path(sys.argv[1]))\n"
        "def deep_down():\n    faulthandler._sigsegv()\n"
        "deep_down()\n"
    )
    died = run_python(program, tmp_path, str(tmp_path / "log"))
    assert died.returncode < 0 or sys.platform == "win32"
    told = take_earlier_crash(tmp_path / "log", Private())
    assert "Segmentation fault" in told or "access violation" in told
    assert "in deep_down" in told
    assert (tmp_path / "log" / KEPT).read_text(encoding="utf-8").strip() == told
    assert take_earlier_crash(tmp_path / "log", Private()) == ""


def test_a_proper_end_leaves_no_trace(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from mergedesk.support.crash_file import open_crash_file\n"
        "open_crash_file(Path(sys.argv[1])).close()\n"
    )
    assert run_python(program, tmp_path, str(tmp_path / "log")).returncode == 0
    assert list((tmp_path / "log").iterdir()) == []


def test_the_trace_tells_no_paths(tmp_path: Path) -> None:
    trace = (
        f'Fatal Python error: Aborted\n\nThread 0x1 (most recent call first):\n  File "{tmp_path}/x.py", line 3 in f\n'
    )
    (tmp_path / f"crash-{NOBODY}.txt").write_text(trace)
    told = take_earlier_crash(tmp_path, Private())
    assert '"<path>", line 3 in f' in told
    assert str(tmp_path) not in (tmp_path / KEPT).read_text(encoding="utf-8")


def test_a_program_that_still_runs_keeps_its_trace(tmp_path: Path) -> None:
    file = tmp_path / f"crash-{os.getpid()}.txt"
    file.write_text("Fatal Python error: not yet over")
    assert take_earlier_crash(tmp_path, Private()) == ""
    assert file.exists()


def test_an_empty_trace_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / f"crash-{NOBODY}.txt").write_text("")
    assert take_earlier_crash(tmp_path, Private()) == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_program_that_was_killed_at_work_is_told_of(tmp_path: Path) -> None:
    program = (
        "import os, sys\nfrom pathlib import Path\n"
        "from mergedesk.support.crash_file import open_crash_file\n"
        "file = open_crash_file(Path(sys.argv[1]))\n"
        "file.job_begins()\n"
        "if sys.argv[2] == 'over':\n    file.job_is_over()\n"
        "if sys.argv[2] == 'crash':\n    import faulthandler; faulthandler._sigsegv()\n"
        "os._exit(9)\n"
    )
    folder = tmp_path / "log"
    run_python(program, tmp_path, str(folder), "killed")
    trace = take_earlier_crash(folder, Private())
    assert trace.startswith("A job was running, since 20")
    assert was_ended_from_outside(trace)
    run_python(program, tmp_path, str(folder), "over")
    assert take_earlier_crash(folder, Private()) == ""
    run_python(program, tmp_path, str(folder), "crash")
    crash = take_earlier_crash(folder, Private())
    assert "A job was running" in crash
    assert len(crash.splitlines()) > 2
    assert not was_ended_from_outside(crash)
    assert not was_ended_from_outside("")


def test_words_of_jobs_after_the_end_are_no_trouble(tmp_path: Path) -> None:
    file = open_crash_file(tmp_path)
    assert file is not None
    file.close()
    file.job_begins()
    file.job_is_over()
    assert not list(tmp_path.iterdir())


def test_without_a_folder_there_is_no_trace_and_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file")
    assert open_crash_file(tmp_path / "log") is None
    assert take_earlier_crash(tmp_path / "log", Private()) == ""


# --- Diagnostics ---


def test_diagnostics_hold_what_helps(tmp_path: Path) -> None:
    error = LastError(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "ValueError: no /m/secret/config.json", 3)
    text = diagnostics(Private(), drive=tmp_path / "not" / "yet", window={"Qt": "6.12"}, error=error)
    for wanted in ("MergeDesk ", "torch ", "transformers ", "peft ", "safetensors ", "Python ", "Memory ", "Qt     "):
        assert wanted in text, wanted
    assert " free of " in text
    assert "2026-01-02 03:04:05 UTC, 3 times" in text
    assert "ValueError: no <path>/config.json" in text


def test_diagnostics_without_anything_are_complete() -> None:
    text = diagnostics(Private())
    assert "none since the program was started" in text
    assert "no output chosen" in text
    assert "<path>" not in text


def test_folders_named_after_the_program_and_its_libraries_hide_neither() -> None:
    private = private_of_this_computer(
        [Path("/home/Zq7x/.cache/mergedesk/demo"), Path("/data/Transformers/torch/peft")]
    )
    assert diagnostics(private).splitlines()[0].startswith("MergeDesk diagnostics, ")
    for kept in ("MergeDesk ", "torch ", "transformers ", "peft ", "Python ", "System ", "Memory "):
        assert f"\n  {kept}" in diagnostics(private), kept


def test_a_fact_that_cannot_be_read_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> object:
        raise PermissionError(13, "refused", "/home/anna/secret")

    monkeypatch.setattr("psutil.virtual_memory", broken)
    text = diagnostics(Private())
    assert "Memory          cannot be read (PermissionError)" in text
    assert "anna" not in text
    assert "MergeDesk uses" in text


def test_diagnostics_import_nothing_heavy() -> None:
    program = (
        "import sys\nfrom mergedesk.support.diagnostics import diagnostics\n"
        "from mergedesk.support.redact import private_of_this_computer\n"
        "text = diagnostics(private_of_this_computer())\n"
        "assert 'torch' in text, text\n"
        "print([name for name in ('torch', 'transformers', 'peft', 'safetensors', 'numpy') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_library_that_is_not_there_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "peft":
            raise metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(metadata, "version", version)
    assert list(versions.library_versions()) == ["MergeDesk", "torch", "transformers", "safetensors", "Python"]


def test_the_last_error_is_remembered_and_counted() -> None:
    memory = ErrorMemory()
    LOGGER.addHandler(memory)
    try:
        for number in (1, 1, 2):
            LOGGER.error("It failed.", exc_info=ValueError(f"number {number}"))
            LOGGER.warning("This does not count.")
            if number == 1:
                first = memory.last
    finally:
        LOGGER.removeHandler(memory)
    assert first is not None
    assert (first.details, first.times) == ("ValueError: number 1\n", 2)
    assert memory.last is not None
    assert (memory.last.details, memory.last.times) == ("ValueError: number 2\n", 1)


class Mute(Exception):
    """An error that fails at telling what it is."""

    def __str__(self) -> str:
        raise ValueError("no words")


def test_a_record_without_words_harms_nobody(log: LogFile, capsys: pytest.CaptureFixture[str]) -> None:
    memory = ErrorMemory()
    without = logging.makeLogRecord({"msg": "two %s %s", "args": ("words",), "levelno": logging.ERROR})
    for handler in (memory, log):
        handler.handle(without)
    assert memory.last is None
    memory.handle(logging.makeLogRecord({"msg": "It failed.", "exc_info": (Mute, Mute(), None)}))
    assert memory.last is not None
    assert "Mute" in memory.last.details
    assert capsys.readouterr() == ("", "")


def test_an_error_is_told_in_one_line_if_it_can_tell() -> None:
    assert said_by(ValueError("one\ntwo")) == "ValueError: one"
    assert said_by(ValueError()) == "ValueError"
    assert said_by(Mute()) == "Mute"
    assert not is_out_of_memory(Mute())
    assert is_out_of_memory(RuntimeError("[enforce fail]\nDefaultCPUAllocator: can't allocate memory"))


# --- The command line ---

BROKEN = (
    "import sys\nfrom mergedesk.cli import commands as cli\n"
    "def broken(_folder):\n    raise ZeroDivisionError('deep down in ' + sys.argv[2])\n"
    "cli.inspect.inspect_folder = broken\n"
    "cli.main()\n"
)


@pytest.mark.slow
def test_an_unexpected_error_of_a_command_is_a_sentence_and_its_traceback_is_logged(tmp_path: Path) -> None:
    done = run_python(BROKEN, tmp_path, "inspect", "/data/secret client")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "ZeroDivisionError: deep down" in done.stderr
    (file,) = tmp_path.rglob(FILE)
    assert str(file) in done.stderr
    logged = file.read_text(encoding="utf-8")
    assert "in broken" in logged
    assert "secret" not in logged


@pytest.mark.slow
def test_a_command_that_works_writes_no_log(tmp_path: Path) -> None:
    done = run_python("from mergedesk.cli.commands import main\nmain()", tmp_path, "--version")
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [(), ("--base", "x"), ("--merged", "x", "--output", "y", "z")])
def test_where_no_window_can_be_loaded_that_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    program = (
        "import sys\nfrom mergedesk.cli import launch\n"
        "def broken(name):\n    raise ImportError('libEGL.so.1: cannot open shared object file')\n"
        "launch.import_module = broken\n"
        "from mergedesk.cli.entry import main\nmain()\n"
    )
    done = run_python(program, tmp_path, *arguments)
    assert "Traceback" not in done.stderr
    if "z" in arguments:  # no option of the window: the command line says how it is used
        assert done.returncode == 2
    else:
        assert done.returncode == 1
        assert done.stderr.startswith("The window cannot be opened: libEGL.so.1: cannot open shared object file. Start")


def test_an_unexpected_error_of_the_window_is_a_sentence_and_logged(tmp_path: Path) -> None:
    program = (
        "from mergedesk.cli import launch\n"
        "def broken(name):\n    raise ZeroDivisionError('while loading')\n"
        "launch.import_module = broken\n"
        "from mergedesk.cli.entry import main\nmain()\n"
    )
    done = run_python(program, tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "ZeroDivisionError: while loading" in done.stderr
    (file,) = tmp_path.rglob(FILE)
    assert "in broken" in file.read_text(encoding="utf-8")
