"""What the person has chosen so far, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mergedesk.domain.folder_names import short_name, telling_name
from mergedesk.domain.hub_reference import as_typed, parse_reference
from mergedesk.domain.requests import (
    NEAREST,
    SUM,
    AdapterChoice,
    CheckRequest,
    Combination,
    Engine,
    MergeRequest,
    Precision,
    RoundingChoice,
    VerifyRequest,
    check_of_inputs,
)
from mergedesk.domain.units import parse_size

from .consents import Consent
from .mode import Mode
from .output_naming import BESIDE, OutputNaming

MOST_STRENGTH = 10.0
"""An adapter counts at most this much, for or against."""

MOST_SEED = 2**31 - 1
"""The largest seed that a field for whole numbers holds."""

_MOST_NAMED = 2
_MOST_BYTES = 120  # a folder's name can have 255, and the base's is in it too


@dataclass(frozen=True, slots=True)
class Form:
    """The inputs as they stand; ``output`` is None while the person leaves it to the proposal.

    Of ``output`` to ``consents`` only ``combination`` counts when verifying, nor does ``rounding``, and of ``merged``
    and ``quick`` none in the other.
    """

    base: Path | None = None
    adapters: tuple[AdapterChoice, ...] = ()
    output: Path | None = None
    precision: Precision = Precision.AUTO
    engine: Engine = Engine.AUTO
    overwrite: bool = False
    shard_size: str = ""
    """As it was typed; see ``shard_bytes``."""
    combination: Combination = SUM
    consents: frozenset[Consent] = frozenset()
    mode: Mode = Mode.MERGE
    merged: Path | None = None
    quick: bool = True
    rounding: RoundingChoice = NEAREST
    keep_base: bool = True
    """Whether a base that is named on a hub shall lie here afterwards."""

    @property
    def has_inputs(self) -> bool:
        """Whether both a base and an adapter are chosen."""
        return self.base is not None and bool(self.adapters)

    @property
    def verifies(self) -> bool:
        """Whether a merge shall be verified, and not made."""
        return self.mode is Mode.VERIFY

    def verify_request(self) -> VerifyRequest:
        """The verification these choices ask for.

        Raises:
            ValueError: if base or merged model are not chosen.
        """
        if self.base is None or self.merged is None:
            raise ValueError("a verification needs a base and a merged model")
        return VerifyRequest(self.base, self.adapters, self.merged, self.quick, self.combination)

    def preflight_request(self) -> CheckRequest:
        """Whether base and adapters belong together, with all that a merge may ask for.

        Raises:
            ValueError: if no base is chosen.
        """
        if self.base is None:
            raise ValueError("a preflight needs a base")
        return check_of_inputs(self.base, self.adapters, self.combination)

    def request(self, output: Path) -> MergeRequest:
        """The merge these choices ask for, into ``output``.

        Raises:
            ValueError: if no base is chosen.
        """
        if self.base is None:
            raise ValueError("a merge needs a base")
        return MergeRequest(
            base=self.base if self.keep_base else _as_named(self.base),
            adapters=self.adapters,
            output=output,
            precision=self.precision,
            engine=self.engine,
            max_shard_size=shard_bytes(self.shard_size),
            overwrite=self.overwrite,
            combination=self.combination,
            dequantize=Consent.DEQUANTIZE in self.consents,
            keep_quantization=Consent.KEEP_QUANTIZATION in self.consents,
            accept_loss=Consent.ACCEPT_LOSS in self.consents,
            resize_vocabulary=Consent.RESIZE_VOCABULARY in self.consents,
            follow_links=Consent.FOLLOW_LINKS in self.consents,
            fold_own=Consent.FOLD_OWN in self.consents,
            rounding=self.rounding,
            keep_base=self.keep_base,
        )


def form_of(request: MergeRequest) -> Form:
    """The choices that ask for a merge, wherever it was asked for: the other way round of ``Form.request``."""
    return Form(
        base=request.base,
        adapters=request.adapters,
        output=request.output,
        precision=request.precision,
        engine=request.engine,
        overwrite=request.overwrite,
        shard_size=_typed(request.max_shard_size),
        combination=request.combination,
        consents=frozenset(consent for consent in Consent if getattr(request, consent.name.lower())),
        rounding=request.rounding,
        keep_base=request.keep_base,
    )


def _as_named(base: Path) -> Path:
    """The path that stands for a name on a hub, which was typed as one likes."""
    reference = parse_reference(as_typed(base))
    return reference.path if reference else base


def _typed(size: int | None) -> str:
    """A size as a person would type it."""
    if size is None:
        return ""
    units = ((10**9, "GB"), (10**6, "MB"))
    return next((f"{size // step}{unit}" for step, unit in units if size % step == 0), str(size))


NOTHING = Form()
"""What a new window starts with."""


def shard_bytes(typed: str) -> int | None:
    """The size in bytes that ``typed`` means; None for nothing and for what is no size."""
    try:
        return parse_size(typed) if typed.strip() else None
    except ValueError:
        return None


def proposed_output(base: Path, adapters: Sequence[Path], naming: OutputNaming = BESIDE) -> Path:
    """A free folder, by default next to the first adapter and named after base and adapters. Looks at the disk."""
    name = output_name(base, adapters, naming)
    parent = naming.folder or adapters[0].parent
    folder = parent / name
    number = 2
    while _is_taken(folder):
        folder = parent / f"{name}-{number}"
        number += 1
    return folder


def output_name(base: Path, adapters: Sequence[Path], naming: OutputNaming = BESIDE) -> str:
    """What the folder of a merge is called."""
    return naming.name(short_name(base), _names(adapters))


def _names(adapters: Sequence[Path]) -> str:
    names = [telling_name(adapter) for adapter in adapters]
    listed = "-".join(names)
    if len(names) > 1 and (len(names) > _MOST_NAMED or len(listed.encode()) > _MOST_BYTES):
        return f"{names[0]}-and-{len(names) - 1}-more"
    return listed


def _is_taken(folder: Path) -> bool:
    try:
        return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError:
        return False
