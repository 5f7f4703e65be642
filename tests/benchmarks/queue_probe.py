"""The longest time the window's event loop stood still while its queue worked through a list. Prints one JSON object.

``python queue_probe.py BASE ADAPTER FOLDER JOBS``: so many merges of one pair, each into a folder of its own, while the
page of the queue is in front. The list and the settings are those of the environment's state and config folders.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from loop_probe import Heartbeat
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from mergedesk.domain.job_list import JobState
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk_gui.app import build_window, create_application
from mergedesk_gui.state.form import Form

_LOOK_MS, _AFTERWARDS_MS = 1, 300


def gap_of_a_queue(base: Path, adapter: Path, folder: Path, jobs: int) -> float:
    """Seconds. Raises SystemExit if a job is not done."""
    window = build_window(Form())
    window.show()
    window.results.show_queue()
    heartbeat, queue = Heartbeat(window), window.queue
    tasks = [MergeRequest(base, (AdapterChoice(adapter),), folder / str(number)) for number in range(jobs)]
    ready = QTimer(window, interval=_LOOK_MS)

    def add() -> None:
        if queue.is_ready:
            ready.stop()
            heartbeat.start()
            queue.add(tasks)

    def end() -> None:
        heartbeat.stop()
        QApplication.quit()

    ready.timeout.connect(add)
    queue.stopped.connect(lambda: QTimer.singleShot(_AFTERWARDS_MS, end))
    ready.start()
    QApplication.exec()
    done = queue.jobs.count(JobState.DONE)
    window.close()
    if done != jobs:
        raise SystemExit(f"{done} of {jobs} jobs are done")
    return heartbeat.longest


def main() -> None:
    """A list in the real window; print its gap."""
    base, adapter, folder = map(Path, sys.argv[1:4])
    create_application()
    print(json.dumps({"gap": gap_of_a_queue(base, adapter, folder, int(sys.argv[4]))}))


if __name__ == "__main__":
    main()
