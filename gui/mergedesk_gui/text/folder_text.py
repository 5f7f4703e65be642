"""One line on what each chosen folder is."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.folder_info import FolderInfo, FolderKind
from mergedesk.domain.requests import Combination, CombinationMethod
from mergedesk.domain.units import human_bytes, human_count, human_parameters

from ..state.inspection import MODEL_KINDS, Inspection
from ..theme.tone import Tone
from .lines import SEPARATOR, Description
from .messages import finding_message

translate = QCoreApplication.translate

MAX_TARGETS = 7

CONSENT_CODES = frozenset({Code.OUTPUT_NOT_EMPTY, Code.OUTPUT_WILL_BE_REPLACED})

# As their papers write them; other methods are shown by PEFT's own name.
_METHODS = {"LORA": "LoRA", "ADALORA": "AdaLoRA", "LOHA": "LoHa", "LOKR": "LoKr", "VERA": "VeRA"}


def describe_base(folder_info: FolderInfo) -> Description:
    """What the chosen base is."""
    if folder_info.kind in MODEL_KINDS:
        return Description(_model_title(folder_info), SEPARATOR.join(_model_numbers(folder_info)))
    if folder_info.kind is FolderKind.ADAPTER:
        return Description(translate("Describe", "An adapter, not a full model"), "", Tone.ERROR)
    return _trouble(folder_info)


def describe_missing_base(inspection: Inspection) -> Description | None:
    """What the adapter says of its base while none is chosen."""
    adapter = inspection.adapters[0] if inspection.adapters else None
    name = adapter.base_model_name_or_path if adapter else None
    if inspection.base is not None or not name or inspection.found_base is not None:
        return None
    text = translate("Describe", "The adapter was trained on {base}.")
    return Description("", text.format(base=name))


def method_title(method: CombinationMethod) -> str:
    """What a way to combine adapters is called."""
    return {
        CombinationMethod.CAT: translate("Describe", "Sum (exact) – cat"),
        CombinationMethod.LINEAR: translate("Describe", "Linear"),
        CombinationMethod.TIES: translate("Describe", "TIES"),
        CombinationMethod.DARE_LINEAR: translate("Describe", "DARE, linear"),
        CombinationMethod.DARE_TIES: translate("Describe", "DARE, TIES"),
        CombinationMethod.MAGNITUDE_PRUNE: translate("Describe", "Magnitude pruning"),
    }[method]


def describe_combination(how: Combination) -> str:
    """A way to combine adapters with the numbers that count for it; empty for the plain sum."""
    if how.method is CombinationMethod.CAT:
        return ""
    density = translate("Describe", "density {share}").format(share=f"{how.density:g}") if how.prunes else ""
    sign = translate("Describe", "majority sign {rule}").format(rule=how.majority_sign.value) if how.elects else ""
    seed = translate("Describe", "seed {number}").format(number=how.seed) if how.draws else ""
    parts = [method_title(how.method), density, sign, seed]
    return SEPARATOR.join(part for part in parts if part)


def sum_of(adapters: Iterable[tuple[str, float]], base: str = "") -> str:
    """Adapters with their strengths, where those are not 1, as a sum: ``0.7 × pirate − poet``."""
    terms = " ".join(_term(name, weight) for name, weight in adapters)
    return f"{base} {terms}" if base else terms.removeprefix("+ ")


def _term(name: str, weight: float) -> str:
    sign, strength = ("−" if weight < 0 else "+"), abs(weight)
    return f"{sign} {name}" if strength == 1 else f"{sign} {strength:g} × {name}"


def describe_adapter(folder_info: FolderInfo, inspection: Inspection) -> Description:
    """What a chosen adapter is."""
    if folder_info.kind is FolderKind.ADAPTER:
        numbers = [*_adapter_numbers(folder_info), *_matched(folder_info, inspection)]
        return Description(_adapter_title(folder_info), SEPARATOR.join(numbers))
    if folder_info.kind in MODEL_KINDS:
        return Description(translate("Describe", "A full model, not an adapter"), "", Tone.ERROR)
    return _trouble(folder_info)


def describe_output(inspection: Inspection) -> Description | None:
    """What will be written, or what stands in the way; None while nothing is known."""
    preflight = inspection.preflight
    if preflight is None:
        return None
    blocking = next((one for one in preflight.findings if _blocks_output(one)), None)
    if blocking is not None:
        return Description(finding_message(blocking).sentence, _space(inspection), Tone.ERROR)
    return Description("", _space(inspection))


def strength_text(weight: float) -> str:
    """What a strength means, in a word or two."""
    exact = {
        0.0: translate("Describe", "no effect"),
        0.5: translate("Describe", "half"),
        1.0: translate("Describe", "as trained"),
        2.0: translate("Describe", "double"),
    }
    if weight in exact:
        return exact[weight]
    if weight < 0:
        return translate("Describe", "away from it")
    return translate("Describe", "weaker") if weight < 1 else translate("Describe", "stronger")


def strength_explanation() -> str:
    """How to read the number for an adapter's strength."""
    return translate("Describe", "1 = as trained, 0.5 = half as strong, negative = away from it")


def wants_consent(inspection: Inspection) -> bool:
    """Whether the output holds something that the person may allow to be replaced."""
    return any(finding.code in CONSENT_CODES for finding in inspection.findings)


def _blocks_output(finding: Finding) -> bool:
    about_output = finding.code is Code.DISK_FULL or finding.code.startswith("output_")
    return finding.severity is Severity.ERROR and about_output


def _trouble(folder_info: FolderInfo) -> Description:
    """A folder that cannot be used as it is: its first finding says why."""
    if folder_info.kind is FolderKind.TRAINING_RUN:
        count = len(folder_info.checkpoint_folders)
        details = translate("Describe", "%n checkpoint(s)", None, count)
        return Description(translate("Describe", "A training run"), details, Tone.WARNING)
    if folder_info.findings:
        return Description(finding_message(folder_info.findings[0]).whole, "", Tone.ERROR)
    missing = folder_info.kind is FolderKind.MISSING
    title = (
        translate("Describe", "There is no such folder.")
        if missing
        else translate("Describe", "Neither a model nor an adapter.")
    )
    return Description(title, "", Tone.ERROR)


def _model_title(model: FolderInfo) -> str:
    if model.class_name:
        return model.class_name
    if model.kind is FolderKind.GGUF:
        return translate("Describe", "A GGUF file")
    return model.model_type or translate("Describe", "A model")


def _model_numbers(model: FolderInfo) -> list[str]:
    parameters = (
        translate("Describe", "{count} parameters").format(count=human_parameters(model.parameters))
        if model.parameters
        else ""
    )
    shards = translate("Describe", "%n file(s)", None, model.shards) if model.shards else ""
    size = human_bytes(model.bytes) if model.bytes else ""
    numbers = [parameters, model.dtype or "", size, shards, model.quantization or ""]
    return [number for number in numbers if number]


def _adapter_title(adapter: FolderInfo) -> str:
    method = _METHODS.get(adapter.peft_type or "", adapter.peft_type) or "PEFT"
    base = (adapter.base_model_name_or_path or "").rstrip("/\\")
    if not base:
        return translate("Describe", "{method} adapter").format(method=method)
    return translate("Describe", "{method} adapter for {base}").format(method=method, base=_last_part(base))


def _last_part(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _adapter_numbers(adapter: FolderInfo) -> list[str]:
    rank = translate("Describe", "rank {r}").format(r=adapter.r) if adapter.r else ""
    alpha = (
        translate("Describe", "alpha {alpha}").format(alpha=f"{adapter.lora_alpha:g}")
        if adapter.lora_alpha is not None
        else ""
    )
    size = human_bytes(adapter.bytes) if adapter.bytes else ""
    numbers = [rank, alpha, _targets(adapter.target_modules), adapter.dtype or "", size]
    return [number for number in numbers if number]


def _targets(names: tuple[str, ...]) -> str:
    listed = ", ".join(names[:MAX_TARGETS])
    return f"{listed}, …" if len(names) > MAX_TARGETS else listed


def _matched(adapter: FolderInfo, inspection: Inspection) -> list[str]:
    # The preflight counts the modules of all adapters together.
    is_alone = len(inspection.adapters) <= 1
    if is_alone and inspection.preflight is not None and inspection.preflight.modules.targeted:
        modules = inspection.preflight.modules
        text = translate("Describe", "{matched} of {targeted} modules matched")
        return [text.format(matched=human_count(modules.matched), targeted=human_count(modules.targeted))]
    if adapter.module_count:
        return [translate("Describe", "%n module(s)", None, adapter.module_count)]
    return []


def _space(inspection: Inspection) -> str:
    preflight = inspection.preflight
    if preflight is None or preflight.predicted_bytes is None:
        return ""
    size = human_bytes(preflight.predicted_bytes)
    if preflight.free_bytes is None:
        return translate("Describe", "{size} will be written").format(size=size)
    text = translate("Describe", "{size} will be written; {free} free")
    return text.format(size=size, free=human_bytes(preflight.free_bytes))
