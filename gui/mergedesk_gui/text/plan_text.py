"""What a job will do, in three promises."""

from __future__ import annotations

from dataclasses import dataclass

from mergedesk.domain.findings import errors_of
from mergedesk.domain.folder_names import spoken_name

from ..state.form import Form
from ..state.inspection import Inspection
from ..theme.tone import Tone
from .folder_text import describe_combination, merged_trouble, sum_of
from .lines import Line
from .messages import say
from .numbers import human_bytes


@dataclass(frozen=True, slots=True)
class PlanText:
    """A title and three promises."""

    title: str
    lines: tuple[Line, Line, Line]


def plan_of(inspection: Inspection) -> PlanText | None:
    """What pressing the button will do; None while nothing could start."""
    if inspection.preflight is None or errors_of(inspection.findings):
        return None
    return _verification(inspection) if inspection.choices.verifies else _merge(inspection)


def _merge(inspection: Inspection) -> PlanText | None:
    base, preflight, output = inspection.base, inspection.preflight, inspection.output
    if base is None or preflight is None or output is None:
        return None
    name = base.class_name or spoken_name(base.path)
    size = human_bytes(preflight.predicted_bytes or 0)
    return PlanText(
        say("plan.merge.title"),
        (
            Line(_reading(inspection.choices, name), "adapter", Tone.QUIET),
            Line(say("plan.merge.writes", size=size, folder=str(output)), "output", Tone.QUIET),
            Line(say("plan.merge.proves", name=name), "proof", Tone.QUIET),
        ),
    )


def _reading(choices: Form, name: str) -> str:
    adapters = sum_of((spoken_name(adapter.folder), adapter.weight) for adapter in choices.adapters)
    combined = describe_combination(choices.combination)
    key = "plan.merge.combines" if combined else "plan.merge.adds"
    return say(key, adapters=adapters, method=combined, name=name)


def _verification(inspection: Inspection) -> PlanText | None:
    choices = inspection.choices
    if inspection.merged is None or merged_trouble(inspection) or choices.base is None or choices.merged is None:
        return None
    combined = describe_combination(choices.combination)
    added = [(spoken_name(adapter.folder), adapter.weight) for adapter in choices.adapters]
    made_of = sum_of(added, spoken_name(choices.base))
    whole = f"{made_of} ({combined})" if combined else made_of
    reads = say("plan.verify.samples") if choices.quick else say("plan.verify.everything")
    return PlanText(
        say("plan.verify.title"),
        (
            Line(say("plan.verify.asks", merged=spoken_name(choices.merged), sum=whole), "adapter", Tone.QUIET),
            Line(reads, "model", Tone.QUIET),
            Line(say("plan.verify.says"), "proof", Tone.QUIET),
        ),
    )
