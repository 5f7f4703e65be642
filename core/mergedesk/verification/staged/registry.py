"""The checks that a merge passes before it takes its name, in the report's order: a module and a line here each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from ...domain.findings import Check
from .staged_check import StagedCheck, StagedMerge

NAMES = (
    "structure",
    "values",
    "reload",
    "vocabulary",
)

CHECKS: Mapping[str, StagedCheck] = {name: import_module(f".{name}", __package__).CHECK for name in NAMES}


def run_checks(merge: StagedMerge) -> tuple[Check, ...]:
    """Every check that has anything to say. Raises Cancelled, UserError(read_failed)."""
    holds = merge.holds
    wanted = [name for name, check in CHECKS.items() if check.needs <= holds]
    beside = [name for name in wanted if CHECKS[name].beside]
    with ThreadPoolExecutor(1, thread_name_prefix="mergedesk-reload") as pool:
        waiting = pool.submit(_run, beside, merge)
        checks = _run([name for name in wanted if name not in beside], merge)
        merge.read_all()
        checks |= waiting.result()
    return tuple(check for name in wanted for check in checks[name])


def _run(names: Sequence[str], merge: StagedMerge) -> dict[str, list[Check]]:
    return {name: list(CHECKS[name].run(merge)) for name in names}
