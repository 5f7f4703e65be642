"""What a job will do, in three promises."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.units import human_bytes

from ..state.form import Form
from ..state.inspection import Inspection
from ..theme.tone import Tone
from .folder_text import describe_combination, sum_of
from .lines import Line
from .merged_folder_text import merged_trouble
from .readiness import errors_of

translate = QCoreApplication.translate


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
    name = base.class_name or base.path.name
    size = human_bytes(preflight.predicted_bytes or 0)
    writes = translate("PlanCard", "Writes {size} into a hidden folder on the same disk as {folder}.")
    proves = translate("PlanCard", "Proves the result by loading it as a plain {name}. Only then it gets its name.")
    return PlanText(
        translate("PlanCard", "What Merge will do"),
        (
            Line(_reading(inspection.choices, name), "adapter", Tone.QUIET),
            Line(writes.format(size=size, folder=output), "output", Tone.QUIET),
            Line(proves.format(name=name), "proof", Tone.QUIET),
        ),
    )


def _reading(choices: Form, name: str) -> str:
    adapters = sum_of((adapter.folder.name, adapter.weight) for adapter in choices.adapters)
    combined = describe_combination(choices.combination)
    if not combined:
        text = translate("PlanCard", "Adds {adapters} to {name}. These folders are only read and stay as they are.")
        return text.format(adapters=adapters, name=name)
    text = translate("PlanCard", "Combines {adapters} ({how}) and adds that to {name}. These folders stay as they are.")
    return text.format(adapters=adapters, how=combined, name=name)


def _verification(inspection: Inspection) -> PlanText | None:
    choices = inspection.choices
    if inspection.merged is None or merged_trouble(inspection) or choices.base is None or choices.merged is None:
        return None
    samples = translate(
        "VerifyPlanCard", "Reads samples of every tensor of all folders. Nothing is loaded, changed or written."
    )
    everything = translate(
        "VerifyPlanCard", "Reads every value of all folders, tensor by tensor. Nothing is loaded, changed or written."
    )
    says = translate(
        "VerifyPlanCard", "Says whether they match, and if not, why: in a sentence, and tensor by tensor in a table."
    )
    combined = describe_combination(choices.combination)
    made_of = sum_of([(adapter.folder.name, adapter.weight) for adapter in choices.adapters], choices.base.name)
    asks = translate("VerifyPlanCard", "Asks whether {merged} is {sum}.")
    whole = f"{made_of} ({combined})" if combined else made_of
    return PlanText(
        translate("VerifyPlanCard", "What Verify will do"),
        (
            Line(asks.format(merged=choices.merged.name, sum=whole), "adapter", Tone.QUIET),
            Line(samples if choices.quick else everything, "model", Tone.QUIET),
            Line(says, "proof", Tone.QUIET),
        ),
    )
