"""What each precision would keep of an adapter, as far as a sample tells before the merge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .findings import Data
from .json_objects import json_object, six_digits
from .messages import ENGLISH, filled
from .weight_delta import CLEARLY_MORE, PRECISIONS, WORTH_SAYING, KeptShare, percent


@dataclass(frozen=True, slots=True)
class PrecisionAdvice:
    """``kept`` as a report has it after the merge; ``stochastic`` is what rounding by chance keeps on average.

    ``precision`` is what rounding to nearest would write, empty where tensors differ in it; ``draws``: chance was
    chosen. ``sampled`` of ``targeted`` tensors were looked at, ``elements`` of their values. None: not known, or a
    value lies beyond what the precision can hold.
    """

    precision: str
    kept: KeptShare
    stochastic: float | None
    sampled: int
    targeted: int
    elements: int
    draws: bool = False

    @property
    def loses(self) -> bool:
        """Whether what was chosen takes much of the adapter away, and something else would keep clearly more."""
        kept = self._chosen
        others = (getattr(self.kept, name) for name in PRECISIONS)
        most = max((share for share in (*others, self.stochastic) if share is not None), default=0.0)
        return kept is not None and kept < WORTH_SAYING and most > kept + CLEARLY_MORE

    @property
    def _chosen(self) -> float | None:
        return self.stochastic if self.draws else self.kept.written

    @property
    def _sixteen_bits(self) -> str:
        """Where chance would round to."""
        return self.precision if self.precision in ("bfloat16", "float16") else "bfloat16"


def advice_text(advice: PrecisionAdvice, language: str = ENGLISH) -> str:
    """One sentence: what the chosen precision keeps, and then the others. Empty where nothing is known of it."""
    shown = list(_shown(advice, language))
    if not shown:
        return ""
    (precision, kept), *others = shown
    listed = ", ".join(filled("advice.other", {"precision": name, "kept": share}, language) for name, share in others)
    key = "advice.stochastic_sentence" if advice.draws else "advice.sentence"
    return filled(key, {"precision": precision, "kept": kept, "others": listed}, language)


def _shown(advice: PrecisionAdvice, language: str) -> Iterator[tuple[str, str]]:
    """Names and shares, the chosen one first; none where that is not known."""
    own = advice._sixteen_bits if advice.draws else advice.precision or filled("advice.mixed", {}, language)
    if advice._chosen is None:
        return
    yield own, percent(advice._chosen)
    for name in PRECISIONS:
        share = getattr(advice.kept, name)
        if share is not None and (advice.draws or name != advice.precision):
            yield name, percent(share)
    if advice.stochastic is not None and not advice.draws:
        stochastic = filled("advice.stochastic", {"precision": advice._sixteen_bits}, language)
        yield stochastic, percent(advice.stochastic)


def advice_json(advice: PrecisionAdvice) -> dict[str, Data]:
    """What ``check --json`` says of it; numbers to six digits."""
    kept = json_object(advice.kept, "written", *PRECISIONS)
    stated = json_object(
        advice,
        *("precision", "kept", "sampled", "targeted", "elements"),
        precision=advice.precision or None,
        kept={**kept, "written": advice._chosen, "stochastic": advice.stochastic},
    )
    return six_digits(stated)  # type: ignore[no-any-return]
