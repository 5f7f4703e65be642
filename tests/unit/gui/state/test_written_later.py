"""Settings are on the disk when it is time, and nobody waits for a slow disk before that."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile, QSettings
from PySide6.QtWidgets import QApplication

from mergedesk_gui.state.settings import Settings
from mergedesk_gui.state.written_later import WrittenLater


@pytest.fixture
def file(tmp_path: Path, qapp: QApplication) -> Path:
    return tmp_path / "settings.ini"


def opened(file: Path) -> QSettings:
    return QSettings(str(file), QSettings.Format.IniFormat)


def written_later(file: Path) -> WrittenLater:
    return WrittenLater(opened(file), lambda: opened(file))


def writers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "settings"]


def test_changes_count_at_once_and_are_on_the_disk_after_sync(file: Path) -> None:
    store = written_later(file)
    store.setValue("a/x", "1")
    store.setValue("a/y", ["1", "2"])
    store.remove("a/x")
    assert (store.value("a/x"), store.value("a/y")) == (None, ["1", "2"])
    store.sync()
    assert file.read_text("utf-8").split() == ["[a]", "y=1,", "2"]
    assert (store.value("a/x"), store.value("a/y")) == (None, ["1", "2"])


def test_nobody_waits_while_the_disk_does(file: Path) -> None:
    store = written_later(file)
    held = QLockFile(f"{file}.lock")
    assert held.lock()
    store.setValue("a", "1")  # what follows would stand still if Qt wrote with Python's lock held
    (writer,) = writers()
    writer.join(0.2)
    store.setValue("b", "2")
    assert writer.is_alive()
    assert not file.exists() or "a=1" not in file.read_text("utf-8")
    held.unlock()
    store.sync()
    assert {"a=1", "b=2"} <= set(file.read_text("utf-8").split())
    assert writers() == []


def test_what_is_stored_already_is_not_written_again(file: Path) -> None:
    store = written_later(file)
    store.setValue("a", "1")
    store.sync()
    before = file.stat().st_ino
    store.setValue("a", "1")
    assert writers() == []
    assert file.stat().st_ino == before


def test_what_another_program_stored_meanwhile_stays(file: Path) -> None:
    store = written_later(file)
    file.write_text("[General]\nother=theirs\n", encoding="utf-8")
    store.setValue("own", "ours")
    store.sync()
    assert (store.value("own"), store.value("other")) == ("ours", "theirs")
    assert {"own=ours", "other=theirs"} <= set(file.read_text("utf-8").split())


def test_a_start_writes_nothing(file: Path) -> None:
    settings = Settings.in_file(file)
    settings.advanced_open = True
    settings.save()
    before = file.stat()
    Settings.in_file(file).save()
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
