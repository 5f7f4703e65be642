"""Every option that more than one command has, and what a person asks for with them, as a request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from typer import Argument, BadParameter, Option

from ..domain.hub_reference import folder_or_name
from ..domain.requests import (
    AdapterChoice,
    CheckRequest,
    Combination,
    CombinationMethod,
    Engine,
    MajoritySign,
    Precision,
    RoundingChoice,
    RoundingMode,
)
from ..domain.units import parse_size
from ..export.packed.scheme import GroupSize, PackedForm, ScaleGrid, scheme_name
from ..pipelines.packing_plan import refused_options
from .values import parse_adapter, parse_combination, parse_combination_and_rounding
from .words import say

T = TypeVar("T")

FolderArgument = Annotated[
    Path, Argument(metavar="FOLDER", help="Folder of a merged model, or its name on a hub.", parser=folder_or_name)
]
JsonOption = Annotated[bool, Option("--json", help="Print one JSON object on stdout.")]
OverwriteOption = Annotated[bool, Option("--overwrite", help="Allow replacing a model in DIR.")]
FollowLinksOption = Annotated[bool, Option("--follow-links", help="Read what links lead to outside their folder.")]
HistoryOption = Annotated[bool, Option("--history/--no-history", help="Put merges into the list of past merges.")]
FileOption = Annotated[Path | None, Option("--output", help="File to write.", metavar="FILE")]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The two things that are merged."""

    base: Annotated[
        Path,
        Option("--base", help="Folder of the base model, or its name on a hub.", metavar="DIR", parser=folder_or_name),
    ]
    adapter: Annotated[
        list[str],
        Option("--adapter", help="Folder or name of an adapter, =WEIGHT for its strength.", metavar="DIR[=WEIGHT]"),
    ]

    @property
    def adapters(self) -> tuple[AdapterChoice, ...]:
        """The adapters with their strengths. Raises BadParameter."""
        return adapters_of(self.adapter)


@dataclass(frozen=True, slots=True)
class Manner:
    """In what precision weights are written, and what writes them."""

    precision: Annotated[Precision, Option(help="Precision of the result.")] = Precision.AUTO
    rounding: Annotated[
        RoundingMode, Option(help="How merged weights are rounded to 16 bits; stochastic draws with --seed.")
    ] = RoundingMode.NEAREST
    engine: Annotated[Engine, Option(help="How weights are merged.")] = Engine.AUTO


@dataclass(frozen=True, slots=True)
class MergeManner(Manner):
    """How files are written, too."""

    max_shard_size: Annotated[
        str | None, Option(help="Split weights into files of at most this size.", metavar="5GB")
    ] = None


@dataclass(frozen=True, slots=True)
class Combining:
    """How several adapters become one."""

    combine: Annotated[
        CombinationMethod, Option("--combine", help="How several adapters become one; cat adds their deltas.")
    ] = CombinationMethod.CAT
    density: Annotated[
        float | None, Option("--density", help="Fraction of values that TIES, DARE and pruning keep.", metavar="0.5")
    ] = None
    majority_sign: Annotated[
        MajoritySign | None, Option("--majority-sign", help="How TIES elects a sign: by sum or by count.")
    ] = None
    seed: Annotated[
        int | None, Option("--seed", help="Seed of what DARE drops, and of stochastic rounding.", metavar="0")
    ] = None

    @property
    def combination(self) -> Combination:
        """The same, checked. Raises BadParameter."""
        return usable(parse_combination, self.combine, self.density, self.majority_sign, self.seed)

    def beside(self, mode: RoundingMode) -> tuple[Combination, RoundingChoice]:
        """The same, and how weights are rounded, for which the seed counts too. Raises BadParameter."""
        given = self.combine, self.density, self.majority_sign, self.seed
        return usable(parse_combination_and_rounding, *given, mode)


GroupSizeOption = Annotated[
    GroupSize | None, Option("--group-size", help="Values that share a scale in int4; 128 if not given.")
]
ScalesOption = Annotated[
    ScaleGrid | None,
    Option("--scales", help="What shares a scale in 8-bit floats: a row, as if not given, or 128 x 128 values."),
]


def scheme_of(form: PackedForm | None, group_size: GroupSize | None, scales: ScaleGrid | None) -> str | None:
    """The name of the scheme that is asked for; None where nothing is to be packed.

    Raises BadParameter for what has no meaning in ``form``: it would else be ignored in silence.
    """
    if group_size is not None and form is not PackedForm.INT4:
        raise BadParameter(say("only_of_form", option="--group-size", form=PackedForm.INT4.value))
    if scales is not None and form is not PackedForm.FP8:
        raise BadParameter(say("only_of_form", option="--scales", form=PackedForm.FP8.value))
    return scheme_name(form, group_size or GroupSize.LARGE, scales or ScaleGrid.CHANNEL) if form else None


@dataclass(frozen=True, slots=True)
class Packing:
    """How a result is packed for servers, if it is."""

    output_format: Annotated[
        PackedForm | None, Option("--output-format", help="Pack the result for vLLM and SGLang, in the same pass.")
    ] = None
    group_size: GroupSizeOption = None
    scales: ScalesOption = None

    @property
    def scheme(self) -> str | None:
        """The name of the scheme, None where nothing is to be packed. Raises BadParameter."""
        return scheme_of(self.output_format, self.group_size, self.scales)


OwnAlphaOption = Annotated[
    float | None,
    Option("--own-alpha", help="lora_alpha of an adapter that the base holds apart; merges it.", metavar="16"),
]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is only done if a person allows it."""

    dequantize: Annotated[
        bool, Option("--dequantize", help="Turn a quantised base back into 16-bit weights, its errors included.")
    ] = False
    keep_quantization: Annotated[
        bool, Option("--keep-quantization", help="Write what is changed of a quantised base in its own format again.")
    ] = False
    accept_loss: Annotated[
        bool, Option("--accept-loss", help="Keep that format even if under 10 % of the adapter's change is left.")
    ] = False
    resize_vocabulary: Annotated[
        bool, Option("--resize-vocabulary", help="Give embeddings and head as many rows as the adapter has.")
    ] = False
    follow_links: FollowLinksOption = False
    fold_own: Annotated[bool, Option("--fold-own", help="Merge an adapter too that the base still holds apart.")] = (
        False
    )
    own_alpha: OwnAlphaOption = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What ``check`` takes."""

    inputs: Inputs
    output: Annotated[Path | None, Option("--output", help="Folder to be written.", metavar="DIR")] = None
    manner: Manner
    overwrite: OverwriteOption = False
    combining: Combining
    packing: Packing
    allowed: Allowed
    as_json: JsonOption = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOptions(CheckOptions):
    """What ``merge`` takes: what ``check`` does, with an output that must be named."""

    output: Annotated[Path, Option("--output", help="Folder to write; must be new or empty.", metavar="DIR")]
    manner: MergeManner
    keep_base: Annotated[
        bool,
        Option(help="Keep a base that comes from a hub; else pieces of it come and go, for small disks."),
    ] = True
    resume: Annotated[bool, Option("--resume", help="Go on with what an ended run left of the same merge.")] = False
    history: HistoryOption = True


def check_request(options: CheckOptions) -> CheckRequest:
    """What shall be checked. Raises BadParameter."""
    size = getattr(options.manner, "max_shard_size", None)
    combination, rounding = options.combining.beside(options.manner.rounding)
    return CheckRequest(
        base=options.inputs.base,
        adapters=options.inputs.adapters,
        output=options.output and options.output.absolute(),
        precision=options.manner.precision,
        engine=options.manner.engine,
        max_shard_size=usable(parse_size, size) if size else None,
        overwrite=options.overwrite,
        combination=combination,
        dequantize=options.allowed.dequantize,
        keep_quantization=options.allowed.keep_quantization,
        accept_loss=options.allowed.accept_loss,
        resize_vocabulary=options.allowed.resize_vocabulary,
        follow_links=options.allowed.follow_links,
        fold_own=options.allowed.fold_own,
        own_alpha=options.allowed.own_alpha,
        rounding=rounding,
    )


def usable_scheme(packing: Packing, request: CheckRequest) -> str | None:
    """How a result is packed, if it is. Raises BadParameter for what has no meaning in the request then."""
    scheme = packing.scheme
    if scheme is not None and (name := refused_options(request)) is not None:
        raise BadParameter(say("not_with_format", option=name))
    return scheme


def adapters_of(given: Sequence[str]) -> tuple[AdapterChoice, ...]:
    """Adapters as they are typed. Raises BadParameter."""
    return tuple(usable(parse_adapter, text) for text in given)


def usable(parse: Callable[..., T], *given: Any) -> T:
    """What ``parse`` makes of what was typed. Raises BadParameter with its sentence."""
    try:
        return parse(*given)
    except ValueError as trouble:
        raise BadParameter(str(trouble)) from trouble
