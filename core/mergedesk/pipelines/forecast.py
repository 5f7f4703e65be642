"""How long a merge will take: by what a short trial measures, and by how earlier forecasts came out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from math import log, sqrt
from pathlib import Path
from statistics import median, pstdev

from ..domain.merge_report import MergeReport
from ..domain.progress import Stage
from ..domain.requests import Engine
from ..planning.checks.output_folder import existing_parent
from ..planning.preflight import Ready
from ..planning.time_forecast import Amounts, expected_seconds
from ..quantization.detect import stated_quantization
from ..runtime.memory import host_lends_memory
from ..storage.disk_speed import DiskTrial, Speeds, memory_speed, read_speed
from .past_merges import Pace, PastMerges, Ratio, Trialled, keep, past_merges

_LEAST_RATIO, _MOST_RATIO = 0.05, 20.0
_REMEMBERED, _NEAREST, _FEW = 24, 7, 3
_ALIKE = 1.5
_FRESH_SECONDS = 900.0


class Kind(StrEnum):
    """What decides how much work a byte is."""

    STREAMED = "streamed"
    PACKED = "packed"
    PEFT = "peft"


@dataclass(frozen=True, slots=True)
class TimeForecast:
    """Seconds, and between what they will lie; None for ``between`` where too few merges went before to say."""

    seconds: float
    between: tuple[float, float] | None = None


def kind_of(ready: Ready) -> Kind:
    """Of the merge that is ready."""
    if ready.engine is Engine.PEFT:
        return Kind.PEFT
    is_packed = not ready.base.kept_packed and stated_quantization(ready.base.config) is not None
    return Kind.PACKED if is_packed else Kind.STREAMED


def disk_trial(output: Path) -> DiskTrial:
    """A trial of the output's disk, which goes on beside the check; one serves a minute of checks."""
    return _disk_trial(existing_parent(output), int(time.monotonic() // 60))


@lru_cache(maxsize=8)
def _disk_trial(folder: Path, minute: int) -> DiskTrial:
    del minute
    return DiskTrial(folder)


def forecast(ready: Ready, output: Path, trial: DiskTrial) -> TimeForecast | None:
    """None where nothing can be measured, or nothing is known of this kind of merge. What is measured is kept."""
    past, kind, disk = past_merges(), kind_of(ready), trial.speed()
    ratios = past.pace(kind).ratios
    if disk is None or (kind is Kind.PEFT and not ratios):
        return None
    try:
        read = read_speed([header.file for header in ready.base.headers])
        speeds = Speeds(read, memory_speed(), disk, host_lends_memory())
        device = existing_parent(output).stat().st_dev
    except OSError:
        return None
    keep(replace(past, measured=Trialled(speeds, time.time(), device)))
    amounts = _amounts(ready)
    by_speeds = expected_seconds(amounts, speeds)
    alike = alike_in_size(ratios, amounts.written)
    if not alike:
        return corrected([by_speeds * ratio for ratio in nearest(ratios, amounts.written, kind)])
    return corrected(foretold(by_speeds, alike, amounts.written, device))


def corrected(seconds: Sequence[float]) -> TimeForecast:
    """From what each of the last merges makes of it, the newest first."""
    if len(seconds) < _FEW:
        return TimeForecast(median(seconds))
    usual = sorted(seconds)[1:-1] if len(seconds) > _FEW else seconds
    return TimeForecast(median(seconds), (min(usual), max(usual)))


def alike_in_size(ratios: Sequence[Ratio], written: int) -> list[Ratio]:
    """The newest first; one of them tells more than all others."""
    return [past for past in ratios[::-1] if abs(log(past.written / max(1, written))) <= log(_ALIKE)][:_NEAREST]


def foretold(by_speeds: float, alike: Sequence[Ratio], written: int, device: int) -> list[float]:
    """What merges alike make of it: by what speeds foretold of them, and by what they took on the same device.

    Whichever was steadier counts: a trial tells of a disk that is busy now, but may itself swing more than merges do.
    While they are few, both count alike.
    """
    by_ratio = [by_speeds * past.ratio for past in alike]
    by_past = [past.seconds * written / past.written for past in alike if past.seconds and past.device == device]
    if not by_past:
        return by_ratio
    if len(by_past) < _FEW:
        return [sqrt(median(by_ratio) * seconds) for seconds in by_past]
    return min(by_past, by_ratio, key=_swing)


def _swing(seconds: Sequence[float]) -> float:
    return pstdev(map(log, seconds))


def nearest(ratios: Sequence[Ratio], written: int, kind: Kind = Kind.STREAMED) -> list[float]:
    """Those of the merges nearest in size, as what memory and disks take at once is soon used up; the newest first.

    While they are few, speeds have a say as well.
    """
    newest_first = ratios[::-1]
    by_size = sorted(newest_first, key=lambda past: abs(log(past.written / max(1, written))))
    near = [past.ratio for past in by_size[:_NEAREST]]
    return near if kind is Kind.PEFT or len(near) >= _FEW else [*near, 1.0]


def learn(ready: Ready, report: MergeReport) -> None:
    """Note how long a whole merge took, beside what a check of just before measured."""
    past, kind = past_merges(), kind_of(ready)
    keep(replace(past, paces={**past.paces, kind.value: _paced(past, past.pace(kind), ready, report)}))


def _paced(past: PastMerges, pace: Pace, ready: Ready, report: MergeReport) -> Pace:
    if (trialled := _fresh(past.measured, report.output)) is not None:
        amounts = _amounts(ready)
        off_by = _clamped(report.seconds / expected_seconds(amounts, trialled.speeds))
        ratio = Ratio(off_by, max(1, amounts.written), report.seconds, trialled.device)
        pace = replace(pace, ratios=(*pace.ratios, ratio)[-_REMEMBERED:])
    if writing := report.stage_seconds.get(Stage.MERGE):
        after = sum(report.stage_seconds.get(stage, 0.0) for stage in (Stage.VERIFY, Stage.PUBLISH))
        pace = replace(pace, after=(*pace.after, _clamped(after / writing))[-_NEAREST:])
    return pace


def _clamped(ratio: float) -> float:
    return min(_MOST_RATIO, max(_LEAST_RATIO, ratio))


def _fresh(measured: Trialled | None, output: Path) -> Trialled | None:
    """What was measured a short while ago, where the output lies."""
    if measured is None or not 0 <= time.time() - measured.moment <= _FRESH_SECONDS:
        return None
    try:
        return measured if measured.device == output.stat().st_dev else None
    except OSError:
        return None


def _amounts(ready: Ready) -> Amounts:
    """The plan's; without one, all is read and worked on."""
    preflight = ready.preflight
    return preflight.amounts or Amounts(preflight.base_bytes or 0, preflight.predicted_bytes or 0, 0)
