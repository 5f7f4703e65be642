"""Of what a merged folder's report says it was made, and where that lies on this computer."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..checkpoints.checkpoint import read_checkpoint
from ..domain.findings import UserError
from ..domain.requests import (
    NEAREST,
    SUM,
    AdapterChoice,
    Combination,
    CombinationMethod,
    MajoritySign,
    RoundingChoice,
    RoundingMode,
)
from ..inspection.inspect_folder import read_folder
from .checks.base_adapter_match import entries_in, file_sha256, read_report


@dataclass(frozen=True, slots=True)
class Provenance:
    """``base`` and ``adapters`` are those that were found; ``missing`` the names of the others."""

    base: Path | None
    adapters: tuple[AdapterChoice, ...]
    combination: Combination = SUM
    missing: tuple[str, ...] = ()


def find_origins(merged: Path, known: Sequence[Path]) -> Provenance | None:
    """What the report in ``merged`` names, among the ``known`` folders and beside them and it.

    A base counts as found if its weight files' headers are those that were recorded, an adapter if its weights are.
    None where there is no report of a merge, or nothing that it names is found.
    """
    report = read_report(merged)
    stated = entries_in(report, "adapters")
    base_name = report.get("base")
    if not stated or not isinstance(base_name, str):
        return None
    places = tuple(dict.fromkeys((*known, *(folder.parent for folder in (merged, *known)))))
    base = next((folder for folder in _named(base_name, places) if _is_base(folder, report)), None)
    choices = [(entry, _adapter(entry, places)) for entry in stated]
    adapters = tuple(choice for _, choice in choices if choice)
    if base is None and not adapters:
        return None
    missing = ([] if base else [base_name]) + [str(entry.get("name")) for entry, choice in choices if choice is None]
    return Provenance(base, adapters, _combination(report), tuple(missing))


def stated_rounding(merged: Path) -> RoundingChoice:
    """How the report in ``merged`` says that its weights were rounded; to nearest where there is none that says it."""
    stated = read_report(merged).get("rounding")
    stated = stated if isinstance(stated, dict) else {}
    seed = stated.get("seed")
    if stated.get("mode") != RoundingMode.STOCHASTIC or not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        return NEAREST
    return RoundingChoice(RoundingMode.STOCHASTIC, seed)


def _named(name: str, places: Sequence[Path]) -> Iterator[Path]:
    """Folders called ``name`` among ``places`` and in them; a name with a path in it is none."""
    if not name or Path(name).name != name:
        return
    yield from (place for place in places if place.name == name)
    yield from (place / name for place in places)


def _is_base(folder: Path, report: Mapping[str, Any]) -> bool:
    recorded = {str(entry.get("name")): entry.get("header_sha256") for entry in entries_in(report, "base_files")}
    try:
        headers = read_checkpoint(folder).headers
    except (UserError, OSError):
        return False
    there = {header.file.name: hashlib.sha256(header.raw).hexdigest() if header.raw else None for header in headers}
    return not recorded or there == recorded


def _adapter(stated: Mapping[str, Any], places: Sequence[Path]) -> AdapterChoice | None:
    weight = stated.get("weight")
    is_number = isinstance(weight, (int, float)) and not isinstance(weight, bool) and math.isfinite(weight)
    for folder in _named(str(stated.get("name")), places):
        if _sha256(folder) == stated.get("sha256"):
            return AdapterChoice(folder, float(weight) if is_number and weight is not None else 1.0)
    return None


def _sha256(folder: Path) -> str:
    try:
        adapter = read_folder(folder).adapter
        return file_sha256(adapter.weights_file) if adapter else ""
    except OSError:
        return ""


def _combination(report: Mapping[str, Any]) -> Combination:
    stated = report.get("combination")
    stated = stated if isinstance(stated, dict) else {}
    density, seed = stated.get("density"), stated.get("seed")
    try:
        return Combination(
            CombinationMethod(stated.get("method", SUM.method)),
            float(density) if isinstance(density, (int, float)) and 0 < density <= 1 else SUM.density,
            MajoritySign(stated.get("majority_sign") or SUM.majority_sign),
            seed if isinstance(seed, int) and seed >= 0 else SUM.seed,
        )
    except ValueError:
        return SUM
