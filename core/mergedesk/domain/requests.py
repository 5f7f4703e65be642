"""What a person asks for: one merge, as data."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

from .dtypes import BY_TORCH_NAME, DType


class Precision(StrEnum):
    """The output's floating-point type; ``auto`` keeps each tensor's own."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"

    @property
    def dtype(self) -> DType | None:
        """The one dtype that it asks for; None where each tensor keeps its own."""
        return BY_TORCH_NAME.get(self.value)


class Engine(StrEnum):
    """How weights are merged; ``auto`` streams whatever the plan can express."""

    AUTO = "auto"
    STREAMING = "streaming"
    PEFT = "peft"


class RoundingMode(StrEnum):
    """How merged weights are rounded to 16 bits: to the nearest value, or by chance to one of the two beside."""

    NEAREST = "nearest"
    STOCHASTIC = "stochastic"


@dataclass(frozen=True, slots=True)
class RoundingChoice:
    """``seed`` draws what stochastic rounding rounds up; the other pays it no heed."""

    mode: RoundingMode = RoundingMode.NEAREST
    seed: int = 0

    @property
    def draws(self) -> bool:
        """Whether ``seed`` counts."""
        return self.mode is RoundingMode.STOCHASTIC


NEAREST = RoundingChoice()


class CombinationMethod(StrEnum):
    """How several adapters of one module become one delta; the names are PEFT's ``combination_type``.

    ``cat`` adds the deltas: W + Σ wᵢ·ΔWᵢ. The others combine the low-rank factors, which is not a sum of deltas.
    """

    CAT = "cat"
    LINEAR = "linear"
    TIES = "ties"
    DARE_LINEAR = "dare_linear"
    DARE_TIES = "dare_ties"
    MAGNITUDE_PRUNE = "magnitude_prune"


class MajoritySign(StrEnum):
    """How TIES elects a sign: by the sum of the values, or by how many adapters have it."""

    TOTAL = "total"
    FREQUENCY = "frequency"


@dataclass(frozen=True, slots=True)
class Combination:
    """How several adapters are combined.

    ``density`` is the fraction of values kept, above 0 and at most 1; ``seed`` draws what DARE drops. Methods that
    need neither pay them no heed.
    """

    method: CombinationMethod = CombinationMethod.CAT
    density: float = 0.5
    majority_sign: MajoritySign = MajoritySign.TOTAL
    seed: int = 0

    @property
    def prunes(self) -> bool:
        """Whether ``density`` counts."""
        return self.method not in (CombinationMethod.CAT, CombinationMethod.LINEAR)

    @property
    def draws(self) -> bool:
        """Whether ``seed`` counts."""
        return self.method in (CombinationMethod.DARE_LINEAR, CombinationMethod.DARE_TIES)

    @property
    def elects(self) -> bool:
        """Whether ``majority_sign`` counts."""
        return self.method in (CombinationMethod.TIES, CombinationMethod.DARE_TIES)


SUM = Combination()


@dataclass(frozen=True, slots=True)
class AdapterChoice:
    """An adapter folder and the strength it is merged with (1.0 as it was trained)."""

    folder: Path
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What a merge is to be, for the check before it; picklable. Without ``output``, that folder is not looked at.

    ``max_shard_size`` is in bytes, None keeps the base's files. ``dequantize``: a quantised base may be turned back
    into 16-bit weights, rounding errors and all; ``keep_quantization``: what is changed of it is written in its own
    format again instead, and ``accept_loss`` allows that also where next to nothing of the change is left.
    ``resize_vocabulary`` allows embeddings and head to get as many rows as the adapter was trained with.
    ``follow_links``: what links in the folders lead to elsewhere may be read. ``fold_own``: an adapter that the base
    still holds apart may be merged too; ``own_alpha`` is its ``lora_alpha`` where no file tells that, and allows the
    same. ``rounding``: of weights that adapters change, where those are written in 16 bits.
    """

    base: Path
    adapters: tuple[AdapterChoice, ...]
    output: Path | None = None
    precision: Precision = Precision.AUTO
    engine: Engine = Engine.AUTO
    max_shard_size: int | None = None
    overwrite: bool = False
    combination: Combination = SUM
    dequantize: bool = False
    keep_quantization: bool = False
    accept_loss: bool = False
    resize_vocabulary: bool = False
    follow_links: bool = False
    fold_own: bool = False
    own_alpha: float | None = None
    rounding: RoundingChoice = NEAREST

    def into(self, output: Path) -> MergeRequest:
        """The merge that was checked, into ``output``."""
        return MergeRequest(**{field.name: getattr(self, field.name) for field in fields(self)} | {"output": output})


@dataclass(frozen=True, slots=True)
class MergeRequest(CheckRequest):
    """Everything a merge needs to know: what a check does, and where it goes.

    ``resume``: go on with what a run of the same left that ended. ``threads``: how many work on weights at once, at
    least 1; None for as many as suit the computer. The result is the same with any number. ``keep_base``: a base that
    is named on a hub is downloaded; else pieces of it come and go while it is merged.
    """

    output: Path
    resume: bool = False
    threads: int | None = None
    keep_base: bool = True


def check_of_inputs(
    base: Path, adapters: tuple[AdapterChoice, ...], combination: Combination, own_alpha: float | None = None
) -> CheckRequest:
    """Whether folders belong together whose merge is made elsewhere or only tried, with all that one may consent to."""
    return CheckRequest(
        base,
        adapters,
        combination=combination,
        dequantize=True,
        resize_vocabulary=True,
        follow_links=True,
        fold_own=True,
        own_alpha=own_alpha,
    )


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """Which folder shall be proved to be the merge of which others; ``quick`` looks at samples of every tensor.

    ``own_alpha``: the ``lora_alpha`` of an adapter that the base holds apart, where no file tells it.
    """

    base: Path
    adapters: tuple[AdapterChoice, ...]
    merged: Path
    quick: bool = False
    combination: Combination = SUM
    own_alpha: float | None = None
