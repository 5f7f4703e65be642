"""Adapters attached to a model at their strengths, and at others later without loading it anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..domain.findings import Code, UserError
from ..domain.requests import CombinationMethod
from .trial_inputs import TrialInputs

_COMBINED = "combined"
Scalings = tuple[tuple[Any, dict[str, float]], ...]
"""Modules that an adapter scales, each with its scalings as they were trained, by adapter."""


def adapter_name(number: int) -> str:
    """What the adapter with this number is called in a model."""
    return f"adapter{number}"


def trained_scalings(tuner: Any) -> Scalings:
    """The scalings that a model has whose adapters were just attached."""
    scaled = ((module, getattr(module, "scaling", None)) for module in tuner.modules())
    return tuple((module, dict(scaling)) for module, scaling in scaled if isinstance(scaling, dict))


def strengthen(inputs: TrialInputs, tuner: Any, trained: Scalings) -> None:
    """Have the adapters of a loaded model at the strengths of ``inputs``, whatever they were at before."""
    if _COMBINED in getattr(tuner, "peft_config", {}):
        tuner.set_adapter(adapter_name(0))  # PEFT warns where the active one is deleted
        tuner.delete_adapter(_COMBINED)
    for module, scalings in trained:
        module.scaling.update(scalings)
    combine(inputs, tuner)


def combine(inputs: TrialInputs, tuner: Any) -> None:
    """All adapters at once, each at its strength; they are as they were trained before.

    Sums of deltas are what several active adapters give, each with its scaling multiplied; the other ways make one
    adapter of all, as PEFT's ``add_weighted_adapter`` does. Raises UserError (trial_draws_anew).
    """
    weights = [resolved.weight for resolved in inputs.prepared.mapped]
    names = [adapter_name(number) for number in range(len(weights))]
    if len(weights) == 1 and weights[0] == 1.0:
        return
    combination = inputs.request.combination
    if len(weights) > 1 and combination.method is not CombinationMethod.CAT:
        if combination.draws:
            raise UserError(Code.TRIAL_DRAWS_ANEW, method=combination.method.value)
        tuner.add_weighted_adapter(
            names, weights, _COMBINED, combination.method.value, density=combination.density,
            majority_sign_method=combination.majority_sign.value,
        )  # fmt: skip
        # PEFT takes over the first adapter's rsLoRA for the combined one, whose rank is not what was trained.
        _scale(tuner, {_COMBINED: lambda _: 1.0})
        tuner.set_adapter(_COMBINED)
        return
    if any(weight != 1.0 for weight in weights):
        _scale(tuner, {name: weight.__mul__ for name, weight in zip(names, weights, strict=True)})
    tuner.set_adapter(names)


def _scale(tuner: Any, change: Mapping[str, Callable[[float], float]]) -> None:
    for module in tuner.modules():
        scaling = getattr(module, "scaling", None)
        if isinstance(scaling, dict):
            scaling.update({name: change[name](scaling[name]) for name in change.keys() & scaling.keys()})
