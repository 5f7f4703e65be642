"""One line on what each chosen folder is, what stands in its way, and what one click puts right."""

from __future__ import annotations

from collections.abc import Iterable

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.folder_info import FolderInfo, FolderKind
from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.hub_reference import reference_of
from mergedesk.domain.requests import Combination, CombinationMethod
from mergedesk.domain.units import is_wide

from ..state.inspection import MODEL_KINDS, Inspection
from ..state.suggestions import Suggestion, SuggestionKind
from ..theme.tone import Tone
from .lines import Description, joined
from .messages import finding_message, say
from .numbers import human_bytes, human_parameters, human_seconds, written

MAX_TARGETS = 7

CONSENT_CODES = frozenset({Code.OUTPUT_NOT_EMPTY, Code.OUTPUT_WILL_BE_REPLACED})

# As their papers write them; other methods are shown by PEFT's own name.
_METHODS = {"LORA": "LoRA", "ADALORA": "AdaLoRA", "LOHA": "LoHa", "LOKR": "LoKr", "VERA": "VeRA"}


def describe_base(folder_info: FolderInfo) -> Description:
    """What the chosen base is."""
    if reference_of(folder_info.path) is not None and folder_info.kind in MODEL_KINDS:
        return Description("", say("folder.comes_in_pieces"), Tone.QUIET)
    if folder_info.kind in MODEL_KINDS:
        return model_summary(folder_info)
    if folder_info.kind is FolderKind.ADAPTER:
        return Description(say("folder.adapter_as_base"), "", Tone.ERROR)
    return _trouble(folder_info)


def model_summary(model: FolderInfo) -> Description:
    """Which model it is, and its numbers."""
    return Description(_model_title(model), joined(*_model_numbers(model)))


def adapter_summary(adapter: FolderInfo) -> Description:
    """Which adapter it is, and its numbers."""
    return Description(_adapter_title(adapter), joined(*_adapter_numbers(adapter)))


def describe_missing_base(inspection: Inspection) -> Description | None:
    """What the adapter says of its base while none is chosen."""
    adapter = inspection.adapters[0] if inspection.adapters else None
    name = adapter.base_model_name_or_path if adapter else None
    is_offered = inspection.found_base is not None or inspection.hub_base is not None
    if inspection.base is not None or not name or is_offered:
        return None
    return Description("", say("folder.trained_on", base=name))


def describe_combination(chosen: Combination) -> str:
    """A way to combine adapters with the numbers that count for it; empty for the plain sum."""
    if chosen.method is CombinationMethod.CAT:
        return ""
    return joined(
        say(f"combination.{chosen.method}.title"),
        say("combination.density", share=written(f"{chosen.density:g}")) if chosen.prunes else "",
        say("combination.sign", rule=chosen.majority_sign) if chosen.elects else "",
        say("combination.seed", number=str(chosen.seed)) if chosen.draws else "",
    )


def sum_of(adapters: Iterable[tuple[str, float]], base: str = "") -> str:
    """Adapters with their strengths, where those are not 1, as a sum: ``0.7 × pirate − poet``."""
    terms = " ".join(_term(name, weight) for name, weight in adapters)
    return f"{base} {terms}" if base else terms.removeprefix("+ ")


def _term(name: str, weight: float) -> str:
    sign, strength = ("−" if weight < 0 else "+"), abs(weight)
    return f"{sign} {name}" if strength == 1 else f"{sign} {written(f'{strength:g}')} × {name}"


def describe_adapter(folder_info: FolderInfo, inspection: Inspection) -> Description:
    """What a chosen adapter is."""
    if folder_info.kind is FolderKind.ADAPTER:
        numbers = (*_adapter_numbers(folder_info), _matched(folder_info, inspection))
        return Description(_adapter_title(folder_info), joined(*numbers))
    if folder_info.kind in MODEL_KINDS:
        return Description(say("folder.model_as_adapter"), "", Tone.ERROR)
    return _trouble(folder_info)


def describe_output(inspection: Inspection) -> Description | None:
    """What will be written, or what stands in the way; None while nothing is known."""
    preflight = inspection.preflight
    if preflight is None:
        return None
    blocking = next(filter(_blocks_output, preflight.findings), None)
    if blocking is not None:
        return Description(finding_message(blocking).sentence, _space(inspection), Tone.ERROR)
    return Description("", _space(inspection))


def describe_written(nbytes: int) -> Description:
    """What was written, of inputs that are merged now."""
    return Description("", say("output.written", written_bytes=nbytes))


def describe_merged(inspection: Inspection) -> Description | None:
    """What the folder is; None while none is chosen."""
    merged = inspection.merged
    if merged is None:
        return None
    trouble = merged_trouble(inspection)
    if trouble:
        return Description(trouble, "", Tone.ERROR)
    if merged.kind is FolderKind.ADAPTER:
        return Description(say("merged.only_adapter"), say("merged.save_the_model"), Tone.WARNING)
    return describe_base(merged)


def merged_trouble(inspection: Inspection) -> str:
    """Why there is nothing to verify; empty if there is."""
    if inspection.merged is not None and inspection.merged.kind in (FolderKind.TRAINING_RUN, FolderKind.GGUF):
        return say("merged.holds_none")
    return say(f"merged.is_{inspection.merged_is_also}") if inspection.merged_is_also else ""


def suggestion_sentence(suggestion: Suggestion) -> str:
    """What is suggested, and why."""
    path = str(suggestion.folders[0]) if suggestion.folders else suggestion.name
    where = f".{suggestion.slot}" if suggestion.kind is SuggestionKind.MOVE else ""
    return say(f"suggestion.{suggestion.kind}.sentence{where}", path=path)


def suggestion_actions(suggestion: Suggestion) -> list[tuple[str, object]]:
    """The buttons: each sends the folder or name to use, or the suggestion itself where two fields change."""
    if suggestion.kind in (SuggestionKind.SWAP, SuggestionKind.MOVE):
        return [(say(f"suggestion.{suggestion.kind}.button"), suggestion)]
    if suggestion.kind is SuggestionKind.HUB_BASE:
        return [(say("suggestion.hub_base.button"), f"hf://{suggestion.name}")]
    return [(say("suggestion.use", name=spoken_name(folder)), folder) for folder in suggestion.folders]


def strength_text(weight: float) -> str:
    """What a strength means, in a word or two."""
    exact = {0.0: "none", 0.5: "half", 1.0: "trained", 2.0: "double"}
    inexact = "away" if weight < 0 else "weaker" if weight < 1 else "stronger"
    return say(f"strength.{exact.get(weight, inexact)}")


def wants_consent(inspection: Inspection) -> bool:
    """Whether the output holds something that the person may allow to be replaced."""
    return any(finding.code in CONSENT_CODES for finding in inspection.findings)


def _blocks_output(finding: Finding) -> bool:
    about_output = finding.code is Code.DISK_FULL or finding.code.startswith("output_")
    return finding.severity is Severity.ERROR and about_output


def _trouble(folder_info: FolderInfo) -> Description:
    """A folder that cannot be used as it is: its first finding says why."""
    if folder_info.kind is FolderKind.TRAINING_RUN:
        details = say("folder.checkpoints", count=len(folder_info.checkpoint_folders))
        return Description(say("folder.training_run"), details, Tone.WARNING)
    if any(finding.code is Code.LOOKS_LIKE_HUB_NAME for finding in folder_info.findings):
        return Description("", say("folder.on_a_hub"), Tone.QUIET)
    if folder_info.findings:
        return Description(finding_message(folder_info.findings[0]).whole, "", Tone.ERROR)
    missing = folder_info.kind is FolderKind.MISSING
    return Description(say("folder.missing") if missing else say("folder.unknown"), "", Tone.ERROR)


def _model_title(model: FolderInfo) -> str:
    usual = say("folder.gguf") if model.kind is FolderKind.GGUF else model.model_type or say("folder.model")
    return model.class_name or usual


def _model_numbers(model: FolderInfo) -> tuple[str, ...]:
    return (
        say("folder.parameters", number=human_parameters(model.parameters)) if model.parameters else "",
        model.dtype or "",
        human_bytes(model.bytes) if model.bytes else "",
        say("folder.files", count=model.shards) if model.shards else "",
        model.quantization or "",
    )


def _adapter_title(adapter: FolderInfo) -> str:
    method = method_name(adapter.peft_type)
    base = _last_part((adapter.base_model_name_or_path or "").rstrip("/\\"))
    return say("folder.adapter_for", method=method, base=base) if base else say("folder.adapter", method=method)


def method_name(peft_type: str | None) -> str:
    """A kind of adapter as its paper writes it."""
    return _METHODS.get(peft_type or "", peft_type) or "PEFT"


def _last_part(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _adapter_numbers(adapter: FolderInfo) -> tuple[str, ...]:
    return (
        say("folder.rank", r=str(adapter.r)) if adapter.r else "",
        say("folder.alpha", alpha=written(f"{adapter.lora_alpha:g}")) if adapter.lora_alpha is not None else "",
        _targets(adapter.target_modules),
        adapter.dtype or "",
        human_bytes(adapter.bytes) if adapter.bytes else "",
    )


def _targets(names: tuple[str, ...]) -> str:
    listed = ", ".join(names[:MAX_TARGETS])
    return f"{listed}, …" if len(names) > MAX_TARGETS else listed


def _matched(adapter: FolderInfo, inspection: Inspection) -> str:
    # The preflight counts the modules of all adapters together.
    is_alone = len(inspection.adapters) <= 1
    if is_alone and inspection.preflight is not None and inspection.preflight.modules.targeted:
        modules = inspection.preflight.modules
        return say("folder.matched", matched=modules.matched, targeted=modules.targeted)
    return say("folder.modules", count=adapter.module_count) if adapter.module_count else ""


def _space(inspection: Inspection) -> str:
    preflight = inspection.preflight
    if preflight is None or preflight.predicted_bytes is None:
        return ""
    key = "output.size" if preflight.free_bytes is None else "output.size_and_free"
    size = say(key, predicted_bytes=preflight.predicted_bytes, free_bytes=preflight.free_bytes)
    if preflight.expected_seconds is None:
        return size
    between = preflight.expected_between
    if between is None or not is_wide(between):
        return say("output.and_time", size=size, time=human_seconds(preflight.expected_seconds))
    return say("output.and_times", size=size, least=human_seconds(between[0]), most=human_seconds(between[1]))
