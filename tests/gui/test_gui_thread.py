"""While a merge runs, the window's own thread asks the disk for nothing, and each of its turns is short."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fresh_python import run_python
from tiny_models import make_adapter, make_base

# Merges in a window as a person does, and tells what its thread did from the press of the button until the pages that
# follow the report were made.
MERGE = """
import json, os, sys, threading, time
from pathlib import Path
from PySide6.QtCore import QTimer
from mergedesk.domain.requests import AdapterChoice
from mergedesk_gui import app
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.settings import Settings

window_thread, base, adapter, output, settings = threading.get_ident(), *map(Path, {folders!r})
touched, watches, turns = set(), False, [0.0]
EVENTS = ("open", "os.", "shutil.", "glob.", "tempfile.", "pathlib.", "fcntl.", "mmap.")

def note(event, what):
    if watches and threading.get_ident() == window_thread:
        touched.add((event, str(what)))

def hook(event, given):
    is_search = event == "os.listdir" and str(given[0]) in (".", os.getcwd(), *sys.path)  # for a module
    if event.startswith(EVENTS) and event not in ("os.putenv", "os.unsetenv") and not is_search:
        note(event, given[0] if given else "")

def watched(name):
    function = getattr(os, name)
    def call(*given, **more):
        note(name, given[0] if given else "")
        return function(*given, **more)
    setattr(os, name, call)

sys.addaudithook(hook)
for name in ("stat", "lstat", "access", "statvfs", "readlink", "fsync"):
    watched(name)

application = app.create_application()
window = app.build_window(Form(base, (AdapterChoice(adapter),), output), settings=Settings.in_file(settings))
last = time.thread_time()

def beat():
    global last
    now = time.thread_time()
    if watches:
        turns.append(now - last)
    last = now

def press():
    global watches
    if window.merging.start_bar.button.isEnabled():
        waiting.stop()
        watches = True
        window.merging.start_bar.button.click()

def end(_report):
    QTimer.singleShot(1500, application.quit)

waiting, beats = QTimer(interval=20), QTimer(interval=1)
waiting.timeout.connect(press)
beats.timeout.connect(beat)
window.jobs.finished.connect(end)
window.jobs.failed.connect(end)
QTimer.singleShot(50_000, application.quit)
window.show()
waiting.start()
beats.start()
application.exec()
watches = False
published = window.merging.published
made = [name for name in ("outcome", "effect", "playground", "deploy") if name in window.__dict__]
window.close()
print(json.dumps({{"touched": sorted(touched), "turn": max(turns), "published": str(published), "made": made}}))
"""
# Read from the program itself, not from where models are: its pictures, its style sheet, and what is imported.
OWN = (".py", ".pyc", ".svg", ".qss")


@pytest.mark.slow
def test_the_windows_thread_asks_no_disk_while_a_merge_runs(tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base")
    adapter = make_adapter("llama", base, tmp_path / "adapter")
    folders = [str(path) for path in (base, adapter, tmp_path / "out", tmp_path / "settings.ini")]
    told = json.loads(run_python(MERGE.format(folders=folders)).splitlines()[-1])
    assert told["published"] == str(tmp_path / "out")
    assert told["made"] == ["outcome", "effect", "playground", "deploy"]
    assert [(event, what) for event, what in told["touched"] if not what.endswith(OWN)] == []
    assert told["turn"] < 0.5  # seconds of the processor; 0.03 where it was measured
