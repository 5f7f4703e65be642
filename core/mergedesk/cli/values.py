"""Values as people type them on the command line."""

from __future__ import annotations

import math
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence

from ..domain.hub_reference import folder_or_name
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

_SEED_NEGATIVE = "--seed must be 0 or a positive whole number."


def parse_adapter(text: str) -> AdapterChoice:
    """``DIR`` or ``DIR=WEIGHT``, or a name on a hub for it. A folder whose name holds an equals sign is taken as it is.

    Raises ValueError with a sentence for people.
    """
    folder, separator, weight = text.rpartition("=")
    if not separator or not folder or os.path.exists(text):  # noqa: PTH110 (a Path raises for names too long)
        return AdapterChoice(folder_or_name(text))
    try:
        value = float(weight)
    except ValueError:
        if not os.path.isdir(folder):  # noqa: PTH112 (see above)
            return AdapterChoice(folder_or_name(text))
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"The weight of {folder} must be a plain number, for example 0.8.")
    return AdapterChoice(folder_or_name(folder), value)


def parse_combination(
    method: CombinationMethod, density: float | None, majority_sign: MajoritySign | None, seed: int | None
) -> Combination:
    """How adapters are combined; None stands for the default. Raises ValueError with a sentence for people."""
    kept = SUM.density if density is None else density
    combination = Combination(method, kept, majority_sign or SUM.majority_sign, SUM.seed if seed is None else seed)
    if density is not None and not combination.prunes:
        raise ValueError(f"--density has no effect with --combine {method.value}; leave it out, or choose another way.")
    if majority_sign and not combination.elects:
        raise ValueError(f"--majority-sign has no effect with --combine {method.value}; only ties and dare_ties elect.")
    if seed is not None and not combination.draws:
        raise ValueError(
            f"--seed has no effect with --combine {method.value}; only dare_linear, dare_ties and, in a merge, "
            "--rounding stochastic draw."
        )
    if not 0 < combination.density <= 1:
        raise ValueError("--density is the fraction of values to keep: above 0 and at most 1, for example 0.5.")
    if combination.seed < 0:
        raise ValueError(_SEED_NEGATIVE)
    return combination


def parse_combination_and_rounding(
    method: CombinationMethod,
    density: float | None,
    majority_sign: MajoritySign | None,
    seed: int | None,
    mode: RoundingMode,
) -> tuple[Combination, RoundingChoice]:
    """Both, whatever of them draws with ``seed``. Raises ValueError with a sentence for people."""
    if mode is RoundingMode.NEAREST:
        return parse_combination(method, density, majority_sign, seed), NEAREST
    rounding = RoundingChoice(mode, 0 if seed is None else seed)
    if rounding.seed < 0:
        raise ValueError(_SEED_NEGATIVE)
    return parse_combination(method, density, majority_sign, seed if Combination(method).draws else None), rounding


def command_with_base(arguments: Sequence[str], base: str) -> str:
    """The command of these arguments, with another base and nothing dequantised, ready to be pasted into a shell."""
    kept = [argument for argument in arguments if argument != "--dequantize"]
    for place, argument in enumerate(kept):
        if argument == "--base" and place + 1 < len(kept):
            kept[place + 1] = base
        elif argument.startswith("--base="):
            kept[place] = f"--base={base}"
    words = ["mergedesk", *kept]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
