"""Checks by really loading the result; what loading the base itself gives too is no fault of the merge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ...checkpoints.checkpoint import Checkpoint, read_checkpoint
from ...domain.findings import Check, CheckCode, CheckStatus, UserError, check_of
from ...planning.task_heads import is_task_head
from .model_load import Loaded, NotLoaded, load_model
from .staged_check import StagedCheck, StagedMerge

_CODES = (CheckCode.LOADS_AS_PLAIN_MODEL, CheckCode.CLASS_IS_PLAIN, CheckCode.NO_KEYS_LEFT_OVER)
_UNEXPECTED = "unexpected_keys"


def _checks(merge: StagedMerge) -> Iterator[Check]:
    loaded = merge.loaded
    if isinstance(loaded, NotLoaded):
        yield from _not_loaded(loaded, merge)
        return
    yield check_of(CheckCode.LOADS_AS_PLAIN_MODEL, True, name=loaded.class_name, reason="")
    yield check_of(CheckCode.CLASS_IS_PLAIN, loaded.is_plain, name=loaded.class_name)
    yield _keys_check(loaded, merge)


def class_of(checks: tuple[Check, ...]) -> str | None:
    """The class that a real load gave, None where it gave none."""
    loads = (check for check in checks if check.code is CheckCode.LOADS_AS_PLAIN_MODEL)
    return next((str(check.data["name"]) for check in loads if check.status is CheckStatus.PASS), None)


def _not_loaded(loaded: NotLoaded, merge: StagedMerge) -> Iterator[Check]:
    if loaded.reason is not None:
        yield from (Check(code, CheckStatus.SKIPPED, {"reason": loaded.reason}) for code in _CODES)
        return
    # What nobody can load is not published, whatever the base is like; what lies around it may be the base's own.
    before = _load_base(merge) if loaded.excused else None
    told = before.trouble.replace(str(merge.base), "") if isinstance(before, NotLoaded) else ""
    alike = bool(told) and told == loaded.trouble.replace(str(merge.folder), "")
    status = CheckStatus.WARN if alike else CheckStatus.FAIL
    data = {"name": str(merge.readable.config.get("architectures")), "reason": loaded.trouble}
    yield Check(CheckCode.LOADS_AS_PLAIN_MODEL, status, data)


def _load_base(merge: StagedMerge) -> Loaded | NotLoaded:
    checkpoint = _read(merge.base)
    return load_model(checkpoint, merge.cancel.check) if checkpoint else NotLoaded()


def _read(base: Path) -> Checkpoint | None:
    try:
        return read_checkpoint(base)
    except (UserError, OSError):  # a base that cannot be read explains nothing
        return None


def _keys_check(loaded: Loaded, merge: StagedMerge) -> Check:
    """Tensors that the class has no place for, or lacks.

    Such as the base has too are no failure, but for weights that it lacks: only a task's head may be drawn anew.
    """
    names = [name for keys in loaded.leftover.values() for name in keys]
    kinds = list(loaded.leftover)
    check = check_of(CheckCode.NO_KEYS_LEFT_OVER, not names, kinds=kinds, names=list(names), count=len(names))
    return replace(check, status=CheckStatus.WARN) if names and _left_over_before(loaded, merge) else check


def _left_over_before(loaded: Loaded, merge: StagedMerge) -> bool:
    """Whether the base itself has, or lacks, the same; it is loaded only where its names alone do not tell."""
    checkpoint, leftover = _read(merge.base), loaded.leftover
    if checkpoint and leftover.keys() == {_UNEXPECTED} and checkpoint.tensors.keys() >= set(leftover[_UNEXPECTED]):
        return True
    lost = any(not is_task_head(name, loaded.class_name) for name in loaded.lacking)
    before = NotLoaded() if lost else _load_base(merge)
    if isinstance(before, NotLoaded):
        return False
    return all(set(keys) <= set(before.leftover.get(kind, ())) for kind, keys in leftover.items())


CHECK = StagedCheck(_checks, beside=True)
