"""A folder of packed weights as a plain one, for another program; each value proved as it is written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, UserError
from ..domain.folder_names import short_name
from ..domain.gguf_export import ExportListener, ExportProgress, ExportStage
from ..domain.progress import CancelToken
from ..engines.plain_copy import write_plain_copy
from ..engines.streaming import Advance
from ..planning.layout import Layout
from ..planning.plan import bytes_of
from ..storage.open_files import open_files
from ..verification.hot.hot_judge import HotJudge, hot_judge, written_record
from ..verification.hot.last_pass import Standing, standing


def plain_folder_of(packed: Checkpoint, place: Path, report: ExportListener, cancel: CancelToken) -> Checkpoint:
    """The same in ``place``, under the folder's own name, and told as it goes on."""
    total, began, done = bytes_of(packed.tensors.values()), time.monotonic(), [0]

    def advance(nbytes: int, name: str) -> None:
        done[0] += nbytes
        seconds = time.monotonic() - began
        report(ExportProgress(ExportStage.DEQUANTIZE, min(done[0], total), total, seconds, name))

    return write_plain_folder(packed, place / short_name(packed.folder.resolve()), advance, cancel)


def write_plain_folder(packed: Checkpoint, folder: Path, advance: Advance, cancel: CancelToken) -> Checkpoint:
    """What the weights stand for, in ``folder``, with everything that goes with them.

    Raises Cancelled, and UserError: write_failed where a weight is not what the format's description says.
    """

    @contextmanager
    def judge_of(layout: Layout) -> Iterator[HotJudge]:
        with hot_judge(folder, layout) as judge:
            yield judge
        _refuse_unproved(folder, layout, judge, cancel)

    return write_plain_copy(packed, folder, advance, cancel, judge_of)


def _refuse_unproved(folder: Path, layout: Layout, judge: HotJudge, cancel: CancelToken) -> None:
    with open_files() as files:
        for shard, placed in layout.placed:
            cancel.check()
            written = written_record(folder / shard.name, placed)
            seen = standing(placed.tensor, written, judge.proofs, files, cancel)
            if placed.tensor.nbytes and seen is not Standing.PROVED:
                raise UserError(Code.WRITE_FAILED, file=shard.name, reason=placed.tensor.name)
