"""What a LoRA config says about each module: scaling, targets, and fields that change the method itself."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

PEFT_DEFAULT_ALPHA = 8
# Without these the last part of a module's name is all that tells whether it is targeted.
_NARROWING = ("modules_to_save", "exclude_modules", "layers_to_transform")

_CHANGES_THE_FORMULA = (
    "use_qalora", "use_bdlora", "kasa_config", "arrow_config", "velora_config", "monteclora_config",
    "layer_replication", "alora_invocation_tokens",
)  # fmt: skip
# MiCA only freezes B at a start of its own; merging is that of plain LoRA.
_PLAIN_INITIALISATIONS = (True, False, None, "gaussian", "orthogonal", "eva", "mica", "true", "false")
# Taken out of the base's weights at the start of training from random numbers, from data or on a GPU, so that it cannot
# be taken out again from base and adapter alone: PEFT then raises, or gives another model than was trained.
_LOST_INITIALISATIONS = ("pissa_niter_", "corda", "lora_ga", "loftq")
# Fields of variants that act on some tokens only, which no weight can express.
_ROUTED = {"alora_invocation_tokens": "aLoRA", "arrow_config": "Arrow"}


def formula_changes(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Fields whose value makes this more than W + scaling · B·A; empty for plain LoRA."""
    changes = [name for name in _CHANGES_THE_FORMULA if config.get(name)]
    initialisation = config.get("init_lora_weights", True)
    if initialisation not in _PLAIN_INITIALISATIONS:
        changes.append("init_lora_weights")
    return tuple(changes)


def lost_initialisation(config: Mapping[str, Any]) -> str | None:
    """The initialisation that changed the base's weights in a way that cannot be repeated, if there is one."""
    asked = config.get("init_lora_weights")
    return asked if isinstance(asked, str) and asked.startswith(_LOST_INITIALISATIONS) else None


def routed_variant(config: Mapping[str, Any]) -> str | None:
    """The name of a variant that applies to some tokens and not to others, if the config asks for one."""
    return next((name for field, name in _ROUTED.items() if config.get(field)), None)


def scaling(config: Mapping[str, Any], module: str, stored_rank: int) -> float:
    """PEFT's scaling of one module: alpha / r, or alpha / sqrt(r) with rank-stabilised LoRA.

    Patterns are looked up as PEFT does: the first key that matches the end of the module's name.
    Source: Hu et al. 2021 (LoRA), Kalajdzievski 2023 (rsLoRA), ``peft.tuners.lora``.
    """
    alpha = pattern_value(config.get("alpha_pattern"), module, config.get("lora_alpha", PEFT_DEFAULT_ALPHA))
    rank = configured_rank(config, module, stored_rank)
    return float(alpha) / (math.sqrt(rank) if config.get("use_rslora") else rank)


def tuned_scaling(config: Mapping[str, Any], module: str) -> float:
    """What methods that take after LoRA scale one module by: alpha / r, as configured."""
    alpha = pattern_value(config.get("alpha_pattern"), module, config.get("alpha", PEFT_DEFAULT_ALPHA))
    return float(alpha) / configured_rank(config, module, PEFT_DEFAULT_ALPHA)


def configured_rank(config: Mapping[str, Any], module: str, stored_rank: int) -> int:
    """The rank the config gives a module; the stored one where it says nothing."""
    stated = pattern_value(config.get("rank_pattern"), module, config.get("r"))
    return stated if isinstance(stated, int) and stated else stored_rank


def idle_patterns(config: Mapping[str, Any], modules: Iterable[str]) -> tuple[str, ...]:
    """Entries of ``rank_pattern`` and ``alpha_pattern`` that no module's name ends in."""
    names = list(modules)
    stated = [
        (field, key) for field in ("rank_pattern", "alpha_pattern") for key in _mapping(config.get(field)) if names
    ]
    return tuple(f"{field}.{key}" for field, key in stated if not any(_ends_in(key, name) for name in names))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _ends_in(key: str, module: str) -> bool:
    return _matches(rf"(.*\.)?({key})$", module)


def pattern_value(patterns: object, module: str, default: Any) -> Any:
    """The value of the first pattern that matches the end of ``module``, else ``default``."""
    for key, value in _mapping(patterns).items() if patterns else ():
        if _ends_in(key, module):
            return value
    return default


def expected_modules(config: Mapping[str, Any], modules: Iterable[str]) -> set[str]:
    """The modules among ``modules`` that PEFT would have given an adapter, by the config's own rules."""
    targets = config.get("target_modules")
    if isinstance(targets, (list, tuple)):  # the last part of a name tells most that are none
        leaves = {str(target).rpartition(".")[2] for target in targets}
        modules = (module for module in modules if module.rpartition(".")[2] in leaves)
        if all(leaf in targets for leaf in leaves) and all(config.get(field) in (None, []) for field in _NARROWING):
            return set(modules)
    return {module for module in modules if _is_target(config, module)}


def _is_target(config: Mapping[str, Any], module: str) -> bool:
    saved = config.get("modules_to_save")
    kept = isinstance(saved, (list, tuple)) and any(name in module.split(".") for name in saved)
    if kept or _named_by(config.get("exclude_modules"), module):
        return False
    return _named_by(config.get("target_modules"), module) and _layer_chosen(config, module)


def _named_by(targets: object, module: str) -> bool:
    if isinstance(targets, str):
        return _matches(rf"(?:{targets})\Z", module)
    if not isinstance(targets, (list, tuple)):
        return False
    return module.rpartition(".")[2] in targets or any(
        module == target or module.endswith(f".{target}") for target in targets
    )


def _layer_chosen(config: Mapping[str, Any], module: str) -> bool:
    layers = config.get("layers_to_transform")
    if layers is None or layers == [] or isinstance(config.get("target_modules"), str):
        return True
    match = re.match(r".*?\.[^.]*\.(?P<index>\d+)\.", module)
    wanted = layers if isinstance(layers, list) else [layers]
    return match is not None and int(match["index"]) in wanted


def _matches(pattern: str, text: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is not None and compiled.match(text) is not None


@lru_cache(maxsize=32_768)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """None for what is no pattern; PEFT raises then."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what another Python may understand otherwise
            return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None
