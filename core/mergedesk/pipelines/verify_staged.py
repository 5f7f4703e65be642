"""The proof of a result before it gets its name: the staging folder, read back from the disk."""

from __future__ import annotations

import time
from dataclasses import dataclass

from ..domain.findings import Check
from ..domain.progress import Stage
from ..domain.requests import Precision
from ..storage.plain_name import plain_name
from ..verification.staged.registry import run_checks
from ..verification.staged.reload import class_of
from ..verification.staged.staged_check import StagedMerge
from .merge_job import MergeJob
from .writing import Written


@dataclass(frozen=True, slots=True)
class StagedChecks:
    """What verification found. ``class_name`` is from a real load, None where none was possible.

    ``importing``: seconds that nothing was waited for but imports in another process.
    """

    class_name: str | None
    checks: tuple[Check, ...]
    importing: float = 0.0


def verify_staged(job: MergeJob, written: Written) -> StagedChecks:
    """Prove what the job's folder holds. Raises Cancelled, UserError(read_failed)."""
    base, precision, moments = job.ready.base, job.request.precision, list[float]()
    with plain_name(job.folder) as folder, plain_name(base.folder) as base_folder:
        merge = StagedMerge(
            folder,
            base_folder,
            written.planned,
            written.files,
            base.stated_dtype if precision is Precision.AUTO else precision.value,
            job.cancel,
            job.start(Stage.VERIFY, sum(tensor.nbytes for tensor in written.planned)).advance,
            written.unmoved,
            base.kept_packed,
            base.stays_packed,
            written.proofs,
            job.loads.load,
            lambda: moments.append(time.perf_counter()),
        )
        checks = run_checks(merge)
    job.cancel.check()
    return StagedChecks(class_of(checks), checks, job.loads.imported_after(moments[0]))
