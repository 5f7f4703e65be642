"""Outputs of merged, unmerged and base model compared, and how far rounding alone would move them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch

from ..checkpoints.checkpoint import Checkpoint
from ..domain.dtypes import DTYPES
from ..domain.progress import CancelToken
from ..storage.torch_dtypes import stored_dtype
from .build_inputs import Question
from .load_model import loaded
from .logits_comparison import Gap, Measure
from .outputs import outputs
from .trial import AnswerKind, Side, TrialProgress, TrialReport, TrialStep
from .trial_inputs import TrialInputs, main_dtype

_INTEGERS = {torch.float32: torch.int32, torch.float16: torch.int16, torch.bfloat16: torch.int16}
_EVERY = 12

Outputs = Sequence[torch.Tensor]


class Comparer:
    """Asks one side after another and compares each with those before, so that one model is in memory at a time."""

    def __init__(
        self, inputs: TrialInputs, questions: Sequence[Question], report: TrialReport, cancel: CancelToken
    ) -> None:
        self._inputs, self._questions, self._report, self._cancel = inputs, questions, report, cancel
        self._kept: dict[Side, Outputs] = {}
        self.gaps: list[Gap] = []
        self.rounding: Gap | None = None

    def take(self, side: Side, perturbed: bool = False) -> None:
        """Ask this side; where ``perturbed``, once more with its weights scattered by rounding.

        Raises Cancelled, UserError as ``loaded`` does.
        """
        self._report(TrialProgress(TrialStep.LOADING, side))
        with loaded(self._inputs, side) as loaded_model:
            self._kept[side] = self._ask(loaded_model.model, side)
            if perturbed and (checkpoint := self._inputs.checkpoint(side)) is not None:
                self._gauge(loaded_model.model, side, checkpoint)
        for other in (Side.UNMERGED, Side.BASE):
            if other is not side and other in self._kept:
                first, second = sorted((side, other), key=[Side.MERGED, Side.UNMERGED, Side.BASE].index)
                self.gaps.append(self.gap(first, second, self._kept[first], self._kept[second]))

    def _gauge(self, model: Any, side: Side, checkpoint: Checkpoint) -> None:
        least = least_rounding(model, checkpoint)
        perturb_weights(model, checkpoint)
        rounding = self.gap(side, side, self._ask(model, side), self._kept[side])
        rounding = replace(rounding, mean=max(rounding.mean, least), worst=max(rounding.worst, least))
        self.rounding = max(rounding, self.rounding or rounding, key=lambda gap: gap.mean)

    def _ask(self, model: Any, side: Side) -> Outputs:
        made = []
        for done, question in enumerate(self._questions):
            self._cancel.check()
            self._report(TrialProgress(TrialStep.COMPARING, side, done, len(self._questions)))
            made.append(outputs(model, question))
        return made

    def gap(self, side: Side, other: Side, first: Outputs, second: Outputs) -> Gap:
        """How far two sides' outputs lie apart."""
        relative = self._inputs.task is AnswerKind.EMBEDDING
        return probe_rounding(side, other, first, second, Measure.RELATIVE if relative else Measure.KL)


def probe_rounding(side: Side, other: Side, first: Outputs, second: Outputs, measure: Measure) -> Gap:
    """Compare outputs (places, classes) in float64. Where one side has more classes, as after a resize, those it
    shares with the other count. KL is taken of ``second`` from ``first``: Σ q·(log q − log p), q being the second's.
    """
    largest, agreed, places = 0.0, 0, 0
    values: list[torch.Tensor] = []
    for a, b in zip(first, second, strict=True):
        width = min(a.shape[1], b.shape[1])
        p, q = a[:, :width].double(), b[:, :width].double()
        largest = max(largest, float((p - q).abs().max()))
        values.append(_kl(p, q) if measure is Measure.KL else (p - q).square().sum(1) / q.square().sum(1))
        agreed += int((p.argmax(1) == q.argmax(1)).sum())
        places += len(p)
    every = torch.cat(values)
    agreement = agreed / places if measure is Measure.KL else None
    return Gap(side, other, measure, places, largest, float(every.mean()), float(every.max()), agreement)


def _kl(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """Of each row, in nats; rounding may leave a trace below zero."""
    log_p, log_q = p.log_softmax(1), q.log_softmax(1)
    return (log_q.exp() * (log_q - log_p)).sum(1).clamp(min=0.0)


def perturb_weights(model: Any, checkpoint: Checkpoint) -> None:
    """Move every twelfth weight of each matrix by one step of the stored precision, up or down as it falls.

    That is the variance which rounding each weight leaves. Embeddings stay: few adapters change them.
    """
    stored = DTYPES[main_dtype(checkpoint)].mantissa
    embeddings = _embedding(model)
    for parameter in model.parameters():
        if parameter.dim() >= 2 and parameter is not embeddings and parameter.dtype in _INTEGERS:
            flat = parameter.data.view(-1).view(_INTEGERS[parameter.dtype])
            flat[::_EVERY] ^= 1 << max(0, stored_dtype(parameter.dtype).mantissa - stored)


def least_rounding(model: Any, checkpoint: Checkpoint) -> float:
    """What rounding outputs near 1 twice may come to, 4·u², u being half a step of the coarser of the stored and the
    computed precision: few outputs may happen to come out alike when weights are scattered."""
    digits = (stored_dtype(model.dtype).mantissa, DTYPES[main_dtype(checkpoint)].mantissa or 23)
    return float(4.0 * 4.0 ** -(min(*digits, 23) + 1))


def _embedding(model: Any) -> Any:
    try:
        return model.get_input_embeddings().weight
    except (NotImplementedError, AttributeError):
        return None
