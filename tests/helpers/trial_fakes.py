"""A stand-in for the models: it answers what a test puts into it, at once or when told."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.progress import CancelToken
from mergedesk.inference.logits_comparison import Gap, LogitsComparison, Measure
from mergedesk.inference.trial import (
    Answer,
    AnswerKind,
    Difference,
    Ended,
    Forecast,
    Need,
    OnPiece,
    Piece,
    Side,
    SideSpeed,
    Speed,
    Trial,
    TrialProgress,
    TrialReport,
    TrialRequest,
    TrialStep,
)
from mergedesk_gui.jobs.engine_api import EngineApi

TEXTS = {
    Side.BASE: "The capital is Paris.",
    Side.UNMERGED: "Ahoy 🏴 it be Paris.",
    Side.MERGED: "Ahoy 🏴 it be Paris.",
}
CLASSES = {Side.BASE: "LlamaForCausalLM", Side.UNMERGED: "PeftModelForCausalLM", Side.MERGED: "LlamaForCausalLM"}


def an_answer(side: Side, text: str, **changes: object) -> Answer:
    """One side's answer, ended by itself."""
    values: dict[str, object] = {
        "text": text,
        "token_ids": tuple(range(12)),
        "ended": Ended.END_TOKEN,
        "first_token_seconds": 0.25,
        "seconds": 0.75,
        "class_name": CLASSES[side],
        "loaded_as": Finding(Code.TRIAL_LOADED_PLAIN, Severity.INFO, {"name": CLASSES[side]}),
    }
    return Answer(side, **{**values, **changes})  # type: ignore[arg-type]


def a_trial(request: TrialRequest, texts: dict[Side, str]) -> Trial:
    """What a whole trial comes to; tokens are letters here."""
    answers = tuple(an_answer(side, texts[side]) for side in request.sides)
    pairs = ((Side.MERGED, Side.UNMERGED), (Side.MERGED, Side.BASE), (Side.UNMERGED, Side.BASE))
    asked = [(one, other) for one, other in pairs if {one, other} <= set(request.sides)]
    return Trial(AnswerKind.TEXT, answers, tuple(_difference(one, other, texts) for one, other in asked))


def _difference(one: Side, other: Side, texts: dict[Side, str]) -> Difference:
    pairs = enumerate(zip(texts[one], texts[other], strict=False))
    first = next((place for place, (a, b) in pairs if a != b), None)
    return Difference(one, other, first is None, first_token=first)


def a_comparison(**changes: object) -> LogitsComparison:
    """Merged and unmerged as far apart as rounding puts them, the base a hundred times further."""
    data = {"places": 120, "mean": 0.0012, "rounding": 0.001, "effect": 0.13, "agreement": "99.2%"}
    gaps = (
        Gap(Side.MERGED, Side.UNMERGED, Measure.KL, 120, 0.25, 0.0012, 0.02, 0.9917),
        Gap(Side.MERGED, Side.BASE, Measure.KL, 120, 9.5, 0.131, 2.5, 0.71),
        Gap(Side.UNMERGED, Side.BASE, Measure.KL, 120, 9.4, 0.13, 2.4, 0.72),
    )
    rounding = Gap(Side.MERGED, Side.MERGED, Measure.KL, 120, 0.21, 0.001, 0.015, 0.9958)
    reason = Finding(Code.LOGITS_WITHIN_ROUNDING, Severity.INFO, data)
    return replace(LogitsComparison(AnswerKind.TEXT, gaps, rounding, reason, (), 6, 2.5), **changes)  # type: ignore[arg-type]


def a_speed(merged: float, unmerged: float) -> Speed:
    """Both sides' speeds in tokens a second."""
    return Speed(SideSpeed(Side.UNMERGED, unmerged, 0.3, 32), SideSpeed(Side.MERGED, merged, 0.2, 32), 3, 17)


@dataclass
class FakeModels:
    """Trials under the test's control."""

    texts: dict[Side, str] = field(default_factory=lambda: dict(TEXTS))
    trial: Callable[[TrialRequest], Trial] | None = None
    task: AnswerKind = AnswerKind.TEXT
    findings: tuple[Finding, ...] = ()
    devices: tuple[tuple[str, str], ...] = (("cpu", "CPU"),)
    hold: bool = False
    pieces: int = 1
    comparison: LogitsComparison = field(default_factory=lambda: a_comparison())
    speed: Speed = field(default_factory=lambda: a_speed(13.0, 10.0))
    prompts: list[tuple[str, ...]] = field(default_factory=list)
    requests: list[TrialRequest] = field(default_factory=list)
    at_strengths: list[TrialRequest] = field(default_factory=list)
    one_strength: Finding | None = None

    def forecast(self, request: TrialRequest) -> Forecast:
        """Needs the same for each side."""
        needs = tuple(Need(side, 600_000_000, 200_000_000) for side in request.sides)
        return Forecast(self.task, needs, 20_000_000_000, True, self.findings)

    def try_it(self, request: TrialRequest, on_piece: OnPiece, report: TrialReport, cancel: CancelToken) -> Trial:
        """Write every answer, wait if told to, and end; a stop cuts the last answer short."""
        self.requests.append(request)
        for side in request.sides:
            report(TrialProgress(TrialStep.LOADING, side))
            report(TrialProgress(TrialStep.ANSWERING, side))
            for _ in range(self.pieces):
                on_piece(Piece(side, self.texts[side]))
            while self.hold and not cancel.cancelled:
                time.sleep(0.002)
            if cancel.cancelled:
                return Trial(AnswerKind.TEXT, (an_answer(side, self.texts[side], ended=Ended.CANCELLED),))
        return self.trial(request) if self.trial else a_trial(request, self.texts)

    def try_strength(self, request: TrialRequest, on_piece: OnPiece, report: TrialReport, cancel: CancelToken) -> Trial:
        """Answer as the unmerged side, and note the strengths apart."""
        trial = self.try_it(request, on_piece, report, cancel)
        self.at_strengths.append(self.requests.pop())
        return trial

    def compare_logits(
        self, request: TrialRequest, prompts: Sequence[str], report: TrialReport, cancel: CancelToken
    ) -> LogitsComparison:
        """Count two prompts, wait if told to, and end; a stop raises."""
        self.requests.append(request)
        self.prompts.append(tuple(prompts))
        report(TrialProgress(TrialStep.COMPARING, Side.UNMERGED, 1, 2))
        self._wait(cancel)
        return self.comparison

    def measure_speed(self, request: TrialRequest, report: TrialReport, cancel: CancelToken) -> Speed:
        """Count a round, wait if told to, and end; a stop raises."""
        self.requests.append(request)
        report(TrialProgress(TrialStep.MEASURING, Side.MERGED, 1, 3))
        self._wait(cancel)
        return self.speed

    def _wait(self, cancel: CancelToken) -> None:
        while self.hold:
            cancel.check()
            time.sleep(0.002)

    def within(self, backend: EngineApi) -> EngineApi:
        """An engine with these models as the window sees them."""
        return replace(
            backend,
            forecast=self.forecast,
            devices=lambda: self.devices,
            try_it=self.try_it,
            try_strength=self.try_strength,
            why_one_strength=lambda _: self.one_strength,
            compare_logits=self.compare_logits,
            measure_speed=self.measure_speed,
        )
