"""What a merge did to each tensor it changed, in numbers; gathered by the engines while the tensors go by."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from .findings import Code, Data, Finding, error, info, warning
from .json_objects import json_object, six_digits

PRECISIONS = ("bfloat16", "float16", "float32")
# Below this share a person should hear of it, if another precision keeps clearly more.
WORTH_SAYING = 0.9
CLEARLY_MORE = 0.05
_GONE = 0.01
POINTLESS = 0.1
"""A packed format that keeps a smaller share of the change makes merging into it pointless."""
# How far a sample may be off.
_SAMPLE_ROOM = 0.02


@dataclass(frozen=True, slots=True)
class KeptShare:
    """How much of a change ΔW each precision keeps: ⟨R − W, ΔW⟩ / ⟨ΔW, ΔW⟩, R being W + ΔW rounded once.

    W are the base's values as stored. By least squares, the number is how many times ΔW is in the written weights: 1
    where rounding takes nothing away on balance, 0 where the base comes out. What rounding adds in other directions
    is not counted; it is no larger than the rounding of the base's own weights. ``written`` is the precision that was
    written. None: not measured, or a value lies beyond what the precision can hold.
    """

    written: float | None = None
    bfloat16: float | None = None
    float16: float | None = None
    float32: float | None = None


@dataclass(frozen=True, slots=True)
class ModuleDelta:
    """One tensor of the result that the adapter targets, by its name in the checkpoint.

    ``weight_norm`` is ‖W‖, ``delta_norm`` ‖ΔW‖ (Frobenius), ``largest`` the largest |ΔW|, None where it is not known.
    ``noise`` is ‖R − W − ΔW‖ where values were packed again, R being what they are worth then; None elsewhere.
    ``unmoved`` is the share of elements that rounding leaves as they were, where the proof counted them. ``sampled``:
    large tensors are measured on evenly spread rows (see ``engines.delta_stats``), others on all.
    """

    name: str
    weight_norm: float
    delta_norm: float
    largest: float | None = None
    kept: KeptShare = KeptShare()
    sampled: bool = False
    noise: float | None = None
    unmoved: float | None = None

    @property
    def relative(self) -> float | None:
        """‖ΔW‖ / ‖W‖; None for weights that are all zero."""
        return self.delta_norm / self.weight_norm if self.weight_norm else None


@dataclass(frozen=True, slots=True)
class WeightDelta:
    """All targeted tensors. ``precision`` is what was written, empty where tensors differ in it."""

    modules: tuple[ModuleDelta, ...] = ()
    precision: str = ""

    @property
    def kept(self) -> KeptShare:
        """The share of the whole change that each precision keeps."""
        return kept_of(self.modules)


def kept_of(modules: Sequence[ModuleDelta]) -> KeptShare:
    """Several tensors taken as one: each counts by its ‖ΔW‖². None where a tensor that changes was not measured."""
    return KeptShare(**{field.name: _together(modules, field.name) for field in fields(KeptShare)})


def _together(modules: Sequence[ModuleDelta], precision: str) -> float | None:
    changed = [(module.delta_norm**2, getattr(module.kept, precision)) for module in modules if module.delta_norm]
    total = math.fsum(weight for weight, _ in changed)
    if not total or any(kept is None for _, kept in changed):
        return None
    return math.fsum(weight * kept for weight, kept in changed) / total


def packing_told(effect: WeightDelta, accepts_loss: bool = False) -> tuple[Finding, ...]:
    """What the base's own format kept of the change; an error where that is next to nothing and not accepted."""
    packed = [module for module in effect.modules if module.noise is not None and module.delta_norm]
    kept = kept_of(packed).written
    if kept is None:
        return ()
    noise, delta = (math.sqrt(math.fsum(getattr(one, name) ** 2 for one in packed)) for name in ("noise", "delta_norm"))
    return (_of_packing(kept, noise / delta, len(packed), least=-math.inf if accepts_loss else POINTLESS),)


def packing_foretold(kept: float, noise: float, count: int, accepts_loss: bool = False) -> tuple[Finding, ...]:
    """The same from a sample, of which ``noise`` is the share of the change; in doubt the merge itself will tell.

    ``count`` weights are to be packed again.
    """
    return (_of_packing(kept, noise, count, least=-math.inf if accepts_loss else POINTLESS - _SAMPLE_ROOM),)


def _of_packing(kept: float, noise: float, count: int, least: float) -> Finding:
    data: dict[str, Data] = {"kept": percent(max(0.0, kept)), "ratio": float(f"{noise:.2g}"), "count": count}
    if kept < least:
        return error(Code.PACKING_LOSES_TOO_MUCH, least=percent(POINTLESS), **data)
    keeps = kept >= WORTH_SAYING and noise <= 1.0
    return info(Code.PACKING_KEEPS, **data) if keeps else warning(Code.PACKING_LOSES, **data)


def advice(effect: WeightDelta) -> tuple[Finding, ...]:
    """What to say of the precision, where it takes much of the change away and another would keep clearly more.

    What was packed again has none.
    """
    effect = replace(effect, modules=tuple(module for module in effect.modules if module.noise is None))
    kept = effect.kept
    if kept.written is None or kept.written >= WORTH_SAYING:
        return ()
    better, written = _better(effect, kept.written), effect.precision or "mixed precision"
    if better is None:
        return (warning(Code.EFFECT_TOO_SMALL, precision=written),) if kept.written < _GONE else ()
    better_kept = percent(getattr(kept, better))
    if kept.written < _GONE:
        return (warning(Code.EFFECT_ROUNDED_AWAY, precision=written, better=better, better_kept=better_kept),)
    data = {"kept": percent(kept.written), "better": better, "better_kept": better_kept}
    return (warning(Code.PRECISION_LOSES_EFFECT, precision=written, **data),)


def _better(effect: WeightDelta, written: float) -> str | None:
    """The smallest precision that keeps nearly all, else the one that keeps most; None if none is clearly better."""
    shares = {name: getattr(effect.kept, name) for name in PRECISIONS if name != effect.precision}
    clearly = {name: share for name, share in shares.items() if share is not None and share > written + CLEARLY_MORE}
    good = [name for name, share in clearly.items() if share >= WORTH_SAYING]
    return good[0] if good else max(clearly, key=lambda name: clearly[name], default=None)


def percent(share: float) -> str:
    """A share for people, at most 100 %: two digits, three near the whole."""
    value = 100 * max(0.0, min(share, 1.0))
    if 99 <= value < 99.95:
        return f"{value:.3g}"
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.095 or not value else f"{value:.1g}"


def effect_json(effect: WeightDelta) -> dict[str, Data]:
    """The ``modules_effect`` of a report; numbers to six digits."""
    keys = ("name", "weight_norm", "delta_norm", "relative", "largest", "kept", "sampled", "noise")
    modules = [json_object(module, *keys) for module in effect.modules]
    stated = json_object(effect, "precision", "kept", "modules", precision=effect.precision or None, modules=modules)
    return six_digits(stated)  # type: ignore[no-any-return]


def effect_from_json(stated: object) -> WeightDelta | None:
    """The effect that a report's JSON states; None in reports of older versions and where it is not usable."""
    if not isinstance(stated, Mapping) or not isinstance(stated.get("modules"), list):
        return None
    modules = tuple(module for entry in stated["modules"] if (module := _module_from_json(entry)) is not None)
    precision = stated.get("precision")
    return WeightDelta(modules, precision if precision in PRECISIONS else "") if modules else None


def _module_from_json(stated: object) -> ModuleDelta | None:
    if not isinstance(stated, Mapping) or not isinstance(stated.get("name"), str):
        return None
    weight, delta = _number(stated, "weight_norm"), _number(stated, "delta_norm")
    if weight is None or delta is None or min(weight, delta) < 0:
        return None
    shares = stated.get("kept")
    known = shares if isinstance(shares, Mapping) else {}
    kept = KeptShare(**{field.name: _number(known, field.name) for field in fields(KeptShare)})
    largest, noise = _number(stated, "largest"), _number(stated, "noise")
    return ModuleDelta(stated["name"], weight, delta, largest, kept, stated.get("sampled") is True, noise)


def _number(stated: Mapping[str, Any], key: str) -> float | None:
    value = stated.get(key)
    usable = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e30
    return float(value) if usable and value is not None else None
