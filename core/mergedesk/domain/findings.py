"""Findings before a merge and checks after it: a code, how bad it is, and data. No prose lives here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Data = str | int | float | bool | None | Sequence["Data"] | Mapping[str, "Data"]
else:
    Data = Any  # a type that contains itself is more than a codec can take


class Severity(StrEnum):
    """An error stops the merge; a warning is for the person to weigh; info is good to know."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class CheckStatus(StrEnum):
    """The outcome of one verification check."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


class Code(StrEnum):
    """Every finding there is. The sentence for each is in the catalogues."""

    # What a folder is
    FOLDER_MISSING = "folder_missing"
    LOOKS_LIKE_HUB_NAME = "looks_like_hub_name"
    NOT_A_FOLDER = "not_a_folder"
    FOLDER_EMPTY = "folder_empty"
    FOLDER_UNKNOWN = "folder_unknown"
    FOLDER_UNREADABLE = "folder_unreadable"
    TRAINING_RUN = "training_run"
    GGUF_ONLY = "gguf_only"
    PICKLED_WEIGHTS = "pickled_weights"
    PICKLE_BROKEN = "pickle_broken"
    PICKLE_REFUSED = "pickle_refused"
    PICKLE_OF_PARTS = "pickle_of_parts"
    PICKLE_UNCLEAR = "pickle_unclear"
    PICKLE_UNWRAPPED = "pickle_unwrapped"
    INNER_ADAPTER = "inner_adapter"
    FOREIGN_READ_MLX = "foreign_read_mlx"
    FOREIGN_READ_ROTATED = "foreign_read_rotated"
    FOREIGN_READ_SPLIT = "foreign_read_split"
    FOREIGN_READ_TINKER = "foreign_read_tinker"
    FOREIGN_TENSORS_ODD = "foreign_tensors_odd"
    FOREIGN_SCALING_UNKNOWN = "foreign_scaling_unknown"
    FOREIGN_BASE_UNKNOWN = "foreign_base_unknown"
    FOREIGN_HEADS_UNKNOWN = "foreign_heads_unknown"
    FOREIGN_NEEDS_BASE = "foreign_needs_base"
    IMAGE_LORA = "image_lora"
    GGUF_LORA = "gguf_lora"
    CONFIG_MISSING = "config_missing"
    WEIGHTS_MISSING = "weights_missing"
    ADAPTER_WEIGHTS_MISSING = "adapter_weights_missing"
    LEFTOVER_ADAPTER_CONFIG = "leftover_adapter_config"
    ADAPTER_CONFIG_IS_MODEL_CONFIG = "adapter_config_is_model_config"
    ADAPTER_FIELD_UNUSABLE = "adapter_field_unusable"
    PATTERN_TOO_COSTLY = "pattern_too_costly"
    ADAPTER_CONFIG_WITHOUT_METHOD = "adapter_config_without_method"
    JSON_BROKEN = "json_broken"
    JSON_TOO_DEEP = "json_too_deep"
    NOT_A_PLAIN_FILE = "not_a_plain_file"
    FILE_ABSURDLY_BIG = "file_absurdly_big"
    HEADER_BROKEN = "header_broken"
    CURRENT_FOLDER_GONE = "current_folder_gone"
    FILE_TRUNCATED = "file_truncated"
    SHARDS_MISSING = "shards_missing"
    TENSORS_MISSING = "tensors_missing"
    PATH_ESCAPES = "path_escapes"
    LINKS_LEAVE_FOLDER = "links_leave_folder"
    LINKS_FOLLOWED = "links_followed"
    CONFIG_UNBUILDABLE = "config_unbuildable"
    CONFIG_ASKS_TOO_MUCH = "config_asks_too_much"
    # The two folders together
    SWAPPED = "swapped"
    BASE_NOT_A_MODEL = "base_not_a_model"
    ADAPTER_NOT_AN_ADAPTER = "adapter_not_an_adapter"
    NO_ADAPTER = "no_adapter"
    ADAPTER_ON_ADAPTER = "adapter_on_adapter"
    COMPANION_ABSENT = "companion_absent"
    COMPANION_LEFT_OUT = "companion_left_out"
    TOKENIZER_ABSENT = "tokenizer_absent"
    LIBRARIES_NOT_ASKED = "libraries_not_asked"
    WRONG_BASE_NAME = "wrong_base_name"
    TEMPLATE_DIFFERS = "template_differs"
    ALREADY_MERGED = "already_merged"
    FACTOR_ABSENT = "factor_absent"
    KEYS_UNMATCHED = "keys_unmatched"
    KEYS_RENAMED = "keys_renamed"
    MODULES_MISSING = "modules_missing"
    SHAPE_MISMATCH = "shape_mismatch"
    TARGETS_NOT_FLOATING = "targets_not_floating"
    CONVOLUTION_GROUPED = "convolution_grouped"
    HEAD_ADDED = "head_added"
    HEAD_MISSING = "head_missing"
    HEAD_DRAWN = "head_drawn"
    WEIGHTS_ABSENT = "weights_absent"
    CLASS_NOT_TOLD = "class_not_told"
    EXPERT_PACKING_UNCLEAR = "expert_packing_unclear"
    VOCABULARY_MISMATCH = "vocabulary_mismatch"
    VOCABULARY_RESIZED = "vocabulary_resized"
    RESIZE_ROWS_UNKNOWN = "resize_rows_unknown"
    RESIZE_UNCLEAR = "resize_unclear"
    RESIZE_NEEDS_STREAMING = "resize_needs_streaming"
    TOKENIZER_TOO_LONG = "tokenizer_too_long"
    TIED_EMBEDDINGS_SPLIT = "tied_embeddings_split"
    # The base
    QUANTIZED_BASE = "quantised_base"
    QUANTIZED_UNMERGEABLE = "quantised_unmergeable"
    COMPUTES_QUANTIZED = "computes_quantised"
    BASE_HOLDS_ADAPTER = "base_holds_adapter"
    TOO_MANY_DIMENSIONS = "too_many_dimensions"
    OWN_ADAPTER_NEEDS_ALPHA = "own_adapter_needs_alpha"
    OWN_ADAPTER_MERGEABLE = "own_adapter_mergeable"
    OWN_ADAPTER_MERGED = "own_adapter_merged"
    WILL_DEQUANTIZE = "will_dequantise"
    PACKED_KEPT = "packed_kept"
    PACKED_AGAIN = "packed_again"
    PACKING_NOT_KEPT = "packing_not_kept"
    KEEPING_NEEDS_STREAMING = "keeping_needs_streaming"
    PACKING_KEEPS = "packing_keeps"
    PACKING_LOSES = "packing_loses"
    PACKING_LOSES_TOO_MUCH = "packing_loses_too_much"
    PACKED_PART_MISSING = "packed_part_missing"
    PACKED_SHAPES_DIFFER = "packed_shapes_differ"
    PACKED_DTYPES_DIFFER = "packed_dtypes_differ"
    PACKED_SCALES_BROKEN = "packed_scales_broken"
    ORIGINAL_FOUND = "original_found"
    QUANTIZATION_ERROR_ESTIMATED = "quantisation_error_estimated"
    QUANTIZATION_ERROR_MEASURED = "quantisation_error_measured"
    GENERATION_CONFIG_ODD = "generation_config_odd"
    CUSTOM_CODE = "custom_code"
    CUSTOM_CODE_NEEDS_STREAMING = "custom_code_needs_streaming"
    # The adapter
    BESIDE_FOLDED = "beside_folded"
    BESIDE_CARRIED = "beside_carried"
    BESIDE_UNPLACED = "beside_unplaced"
    BESIDE_DIFFERS = "beside_differs"
    BESIDE_ANOTHER_STATE = "beside_another_state"
    BESIDE_UNREADABLE = "beside_unreadable"
    BESIDE_NEEDS_STREAMING = "beside_needs_streaming"
    EMPTY_TENSORS = "empty_tensors"
    SLICES_LOST = "slices_lost"
    NAMES_REPAIRED = "names_repaired"
    ADAPTER_UNTRAINED = "adapter_untrained"
    MODULES_UNTRAINED = "modules_untrained"
    ADAPTER_NOT_FINITE = "adapter_not_finite"
    UNKNOWN_FIELDS_IGNORED = "unknown_fields_ignored"
    UNKNOWN_FIELDS_MEANINGFUL = "unknown_fields_meaningful"
    METHOD_NOT_MERGEABLE = "method_not_mergeable"
    METHOD_UNKNOWN = "method_unknown"
    INITIALISATION_LOST = "initialisation_lost"
    LAYERS_REPLICATED = "layers_replicated"
    BIAS_WITHOUT_BASE_BIAS = "bias_without_base_bias"
    SCALING_ZERO = "scaling_zero"
    SCALING_ABSENT = "scaling_absent"
    SCALING_RANK_STABILISED = "scaling_rank_stabilised"
    PATTERN_UNMATCHED = "pattern_unmatched"
    RANK_DIFFERS = "rank_differs"
    MAGNITUDE_MISSING = "magnitude_missing"
    MAGNITUDE_ON_PART = "magnitude_on_part"
    MAGNITUDE_UNUSED = "magnitude_unused"
    SEVERAL_NEED_STREAMING = "several_need_streaming"
    ROUNDING_NEEDS_STREAMING = "rounding_needs_streaming"
    ROUNDING_WITHOUT_EFFECT = "rounding_without_effect"
    SHARED_EMBEDDING_UNCLEAR = "shared_embedding_unclear"
    NOTHING_TO_MERGE = "nothing_to_merge"
    COPIES_CANNOT_BE_SCALED = "copies_cannot_be_scaled"
    QUANTIZATION_LEFTOVER = "quantisation_leftover"
    CONFLICTING_REPLACEMENTS = "conflicting_replacements"
    # Several adapters
    COMBINATION_IDLE = "combination_idle"
    COMBINATION_UNDEFINED = "combination_undefined"
    COMBINATION_RANKS_DIFFER = "combination_ranks_differ"
    DENSITY_OUT_OF_RANGE = "density_out_of_range"
    DORA_SHARES_MODULE = "dora_shares_module"
    SAME_ADAPTER_TWICE = "same_adapter_twice"
    BASES_DIFFER = "bases_differ"
    TOKENIZERS_DIFFER = "tokenizers_differ"
    # Engine, precision and space
    STREAMS = "streams"
    WHOLE_MODEL = "whole_model"
    ENGINE_CHOSEN = "engine_chosen"
    NEEDS_PEFT_ENGINE = "needs_peft_engine"
    CANNOT_STREAM = "cannot_stream"
    MEMORY_LOW = "memory_low"
    SIZE_GROWS = "size_grows"
    DISK_FULL = "disk_full"
    OUTPUT_IS_INPUT = "output_is_input"
    OUTPUT_NOT_EMPTY = "output_not_empty"
    OUTPUT_WILL_BE_REPLACED = "output_will_be_replaced"
    OUTPUT_NOT_REPLACEABLE = "output_not_replaceable"
    OUTPUT_IS_DRIVE = "output_is_drive"
    OUTPUT_NOT_WRITABLE = "output_not_writable"
    # What an ended run left, and going on with it
    LEFTOVER_RESUMABLE = "leftover_resumable"
    LEFTOVER_UNFINISHED = "leftover_unfinished"
    LEFTOVER_REPLACED = "leftover_replaced"
    LEFTOVER_SET_ASIDE = "leftover_set_aside"
    LEFTOVER_BASE = "leftover_base"
    LEFTOVER_OUT_OF_REACH = "leftover_out_of_reach"
    LEFTOVER_NOT_REMOVED = "leftover_not_removed"
    OUTPUT_PUT_BACK = "output_put_back"
    STAGING_IN_USE = "staging_in_use"
    RESUMED = "resumed"
    RESUME_NOTHING = "resume_nothing"
    RESUME_NEEDS_STREAMING = "resume_needs_streaming"
    RESUME_INPUT_DIFFERS = "resume_input_differs"
    RESUME_PLAN_DIFFERS = "resume_plan_differs"
    # What can stop a running merge
    FLOAT16_OVERFLOW = "float16_overflow"
    NOT_FINITE = "not_finite"
    DISK_FILLED_UP = "disk_filled_up"
    FILE_TOO_BIG = "file_too_big"
    WRITE_FAILED = "write_failed"
    READ_FAILED = "read_failed"
    INPUT_CHANGED = "input_changed"
    INPUT_GONE = "input_gone"
    OUTPUT_MOVED = "output_moved"
    OUTPUT_SET_ASIDE = "output_set_aside"
    NOTHING_KEPT = "nothing_kept"
    NAME_NOT_SYNCED = "name_not_synced"
    PEFT_FAILED = "peft_failed"
    VERIFICATION_FAILED = "verification_failed"

    # Ollama and LM Studio
    OLLAMA_NOT_FOUND = "ollama_not_found"
    OLLAMA_NEEDS_GGUF = "ollama_needs_gguf"
    OLLAMA_NAME_ODD = "ollama_name_odd"
    OLLAMA_FAILED = "ollama_failed"
    OLLAMA_NOT_ANSWERING = "ollama_not_answering"
    LM_STUDIO_NOT_FOUND = "lm_studio_not_found"
    LM_STUDIO_NAME_ODD = "lm_studio_name_odd"
    NOT_A_GGUF = "not_a_gguf"

    # Packing for servers
    EXPORT_PACKED_ALREADY = "export_packed_already"
    EXPORT_CLASS_NOT_BUILT = "export_class_not_built"
    EXPORT_CLASS_UNKNOWN = "export_class_unknown"
    EXPORT_NOTHING_LINEAR = "export_nothing_linear"
    EXPORT_STACKED = "export_stacked"
    EXPORT_NOTHING_FITS = "export_nothing_fits"
    EXPORT_NO_GROUP_FITS = "export_no_group_fits"
    EXPORT_UNFIT = "export_unfit"
    EXPORT_NOT_FINITE = "export_not_finite"
    EXPORT_NEEDS_STREAMING = "export_needs_streaming"
    EXPORT_LEFT_NOTHING = "export_left_nothing"
    EXPORT_PACKED = "export_packed"
    EXPORT_KEPT = "export_kept"
    PRECISION_LOSES_EFFECT = "precision_loses_effect"
    EFFECT_ROUNDED_AWAY = "effect_rounded_away"
    EFFECT_TOO_SMALL = "effect_too_small"
    OUT_OF_MEMORY = "out_of_memory"
    INTERNAL = "internal"
    # A process that ended before its answer, and what there is then of a merge
    WORKER_OUT_OF_MEMORY = "worker_out_of_memory"
    WORKER_KILLED = "worker_killed"
    WORKER_LOST_FILE = "worker_lost_file"
    WORKER_CRASHED = "worker_crashed"
    WORKER_EXITED = "worker_exited"
    WORKER_NOT_STARTED = "worker_not_started"
    WORKER_LEFT_WORK = "worker_left_work"
    WORKER_LEFT_NOTHING = "worker_left_nothing"
    WORKER_LEFT_OLD = "worker_left_old"
    WORKER_LEFT_RESULT = "worker_left_result"

    # Lists of jobs
    QUEUE_INTERRUPTED = "queue_interrupted"
    QUEUE_NEWER = "queue_newer"
    BATCH_UNREADABLE = "batch_unreadable"
    BATCH_NEWER = "batch_newer"
    BATCH_EMPTY = "batch_empty"
    BATCH_KIND_UNKNOWN = "batch_kind_unknown"
    BATCH_KEY_UNKNOWN = "batch_key_unknown"
    BATCH_KEY_MISSING = "batch_key_missing"
    BATCH_VALUE_WRONG = "batch_value_wrong"
    BATCH_OUTPUT_TWICE = "batch_output_twice"
    NO_WINDOW = "no_window"
    # A finished merge
    REPORT_MISSING = "report_missing"
    NOT_A_WHOLE_MODEL = "not_a_whole_model"
    NAME_UNWRITABLE = "name_unwritable"
    FILE_EXISTS = "file_exists"
    # What a merged folder turned out to be
    MERGE_PROVED = "merge_proved"
    MERGE_PACKED_PROVED = "merge_packed_proved"
    MERGE_PACKED_WITHIN_STEP = "merge_packed_within_step"
    MERGE_ROUNDED_TWICE = "merge_rounded_twice"
    MERGE_ROUNDED_IN_TURN = "merge_rounded_in_turn"
    MERGE_ROUNDED_WITH_SEED = "merge_rounded_with_seed"
    MERGE_ROUNDED_BY_CHANCE = "merge_rounded_by_chance"
    MERGE_IN_SIXTEEN_BIT = "merge_in_sixteen_bit"
    MERGE_TOO_SMALL_TO_SHOW = "merge_too_small_to_show"
    MERGE_CHANGED_BOTH_TIED = "merge_changed_both_tied"
    MERGE_LEFT_OUT_UNREAD = "merge_left_out_unread"
    MERGE_IS_THE_BASE = "merge_is_the_base"
    MERGE_PARTIAL = "merge_partial"
    MERGE_APPLIED_TWICE = "merge_applied_twice"
    MERGE_SCALED = "merge_scaled"
    MERGE_SCALED_UNEVENLY = "merge_scaled_unevenly"
    MERGE_IGNORES_WEIGHTS = "merge_ignores_weights"
    MERGE_LACKS_ADAPTER = "merge_lacks_adapter"
    MERGE_DROPPED_MAGNITUDE = "merge_dropped_magnitude"
    MERGE_DROPPED_COPIES = "merge_dropped_copies"
    MERGE_COPIES_DIFFER = "merge_copies_differ"
    MERGE_ONTO_QUANTIZED = "merge_onto_quantised"
    MERGE_QUANTIZED_AGAIN = "merge_quantised_again"
    MERGE_LEFT_PACKED = "merge_left_packed"
    MERGE_IS_ADAPTER_ONLY = "merge_is_adapter_only"
    MERGE_KEEPS_ADAPTER_TENSORS = "merge_keeps_adapter_tensors"
    MERGE_KEEPS_ADAPTER_FILES = "merge_keeps_adapter_files"
    MERGE_STATED_PACKED = "merge_stated_packed"
    MERGE_COMPUTES_OTHERWISE = "merge_computes_otherwise"
    MERGE_RESIZED = "merge_resized"
    MERGE_SHAPES_DIFFER = "merge_shapes_differ"
    MERGE_TIED_BUT_DIFFERENT = "merge_tied_but_different"
    MERGE_LACKS_TENSORS = "merge_lacks_tensors"
    MERGE_HAS_MORE_TENSORS = "merge_has_more_tensors"
    MERGE_NOT_FINITE = "merge_not_finite"
    MERGE_CHANGED_OTHERS = "merge_changed_others"
    MERGE_VALUES_DIFFER = "merge_values_differ"
    MERGE_OF_MORE_ADAPTERS = "merge_of_more_adapters"
    MERGE_OF_ANOTHER_ADAPTER = "merge_of_another_adapter"
    MERGE_INTO_ANOTHER_BASE = "merge_into_another_base"
    MERGE_UNEXPLAINED = "merge_unexplained"
    # Trying models
    TRIAL_MERGED_MISSING = "trial_merged_missing"
    TRIAL_LOADED_PLAIN = "trial_loaded_plain"
    TRIAL_LOADED_AS_PEFT_MODEL = "trial_loaded_as_peft_model"
    TRIAL_LOADED_BY_AUTO_CLASS = "trial_loaded_by_auto_class"
    TRIAL_NEEDS_PEFT_MODEL = "trial_needs_peft_model"
    TRIAL_ONE_STRENGTH = "trial_one_strength"
    TRIAL_DRAWS_ANEW = "trial_draws_anew"
    TRIAL_NO_HEAD = "trial_no_head"
    TRIAL_OWN_CODE = "trial_own_code"
    TRIAL_NO_TOKENIZER = "trial_no_tokenizer"
    TRIAL_PROMPT_EMPTY = "trial_prompt_empty"
    TRIAL_TEMPLATE_APPLIED = "trial_template_applied"
    TRIAL_TEMPLATE_FAILED = "trial_template_failed"
    TRIAL_TEMPLATE_COSTLY = "trial_template_costly"
    TRIAL_NO_TEMPLATE = "trial_no_template"
    TRIAL_NOISE_ASKED = "trial_noise_asked"
    TRIAL_NO_PROMPT_FITS = "trial_no_prompt_fits"
    TRIAL_NO_TEXT_TO_TIME = "trial_no_text_to_time"
    LOGITS_WITHIN_ROUNDING = "logits_within_rounding"
    LOGITS_DIFFER = "logits_differ"
    LOGITS_MERGED_IS_BASE = "logits_merged_is_base"
    LOGITS_ADAPTER_SILENT = "logits_adapter_silent"
    LOGITS_UNJUDGED = "logits_unjudged"
    TRIAL_FAILED = "trial_failed"
    TRIAL_MEMORY_SHORT = "trial_memory_short"
    TRIAL_TOO_LARGE = "trial_too_large"
    # GGUF files
    GGUF_BROKEN = "gguf_broken"
    GGUF_MISSING = "gguf_missing"
    GGUF_CUT_SHORT = "gguf_cut_short"
    GGUF_EMPTY = "gguf_empty"
    GGUF_IS_ADAPTER = "gguf_is_adapter"
    GGUF_FILE_TOO_BIG = "gguf_file_too_big"
    GGUF_NOT_FINITE = "gguf_not_finite"
    GGUF_BIAS_IN_LORA = "gguf_bias_in_lora"
    GGUF_TOKENIZER_BROKEN = "gguf_tokenizer_broken"
    GGUF_NOT_A_MODEL = "gguf_not_a_model"
    GGUF_NOT_AN_ADAPTER = "gguf_not_an_adapter"
    GGUF_CLASS_UNKNOWN = "gguf_class_unknown"
    GGUF_FROM_PACKED = "gguf_from_packed"
    GGUF_DEQUANTIZES = "gguf_dequantizes"
    GGUF_NO_CONVERTER = "gguf_no_converter"
    GGUF_NO_QUANTIZER = "gguf_no_quantizer"
    GGUF_NO_TOKENIZER = "gguf_no_tokenizer"
    GGUF_TOKENIZER_UNKNOWN = "gguf_tokenizer_unknown"
    GGUF_CONVERTER_FAILED = "gguf_converter_failed"
    GGUF_QUANTIZER_FAILED = "gguf_quantizer_failed"
    GGUF_FILE_EXISTS = "gguf_file_exists"
    GGUF_NEEDS_BASE = "gguf_needs_base"
    GGUF_METHOD_UNKNOWN = "gguf_method_unknown"
    GGUF_FORECAST = "gguf_forecast"
    UNMERGED_NEEDS_BASE = "unmerged_needs_base"
    # The demo
    DEMO_BASE_MISSING = "demo_base_missing"
    DEMO_ADAPTER_MISSING = "demo_adapter_missing"

    # What a hub, and the way to it, have to say
    HUB_GATED = "hub_gated"
    HUB_NOT_FOUND = "hub_not_found"
    HUB_REVISION_MISSING = "hub_revision_missing"
    HUB_NO_WEIGHTS = "hub_no_weights"
    HUB_CUT = "hub_cut"
    HUB_SLOW = "hub_slow"
    HUB_WRONG_HASH = "hub_wrong_hash"
    HUB_NO_ROOM = "hub_no_room"
    HUB_DISK_FULL = "hub_disk_full"
    HUB_NO_NETWORK = "hub_no_network"
    HUB_OFFLINE = "hub_offline"
    HUB_TOKEN_WRONG = "hub_token_wrong"
    HUB_NO_TOKEN = "hub_no_token"
    HUB_NO_KEYRING = "hub_no_keyring"
    HUB_NAME_WRONG = "hub_name_wrong"
    HUB_REFUSED = "hub_refused"
    HUB_REPOSITORY_PUBLIC = "hub_repository_public"
    HUB_UPLOAD_DIFFERS = "hub_upload_differs"
    HUB_NOTHING_TO_SEND = "hub_nothing_to_send"
    HUB_PATH_INSIDE = "hub_path_inside"
    HUB_PATHS_REPLACED = "hub_paths_replaced"
    HUB_LEFT_OUT = "hub_left_out"
    HUB_FAILED = "hub_failed"
    HUB_ENDPOINT_WRONG = "hub_endpoint_wrong"
    HUB_NO_HUB = "hub_no_hub"
    HUB_TROUBLE = "hub_trouble"
    HUB_CONFLICT = "hub_conflict"
    HUB_TOO_LARGE = "hub_too_large"
    HUB_TOO_MANY = "hub_too_many"
    HUB_IS_DATASET = "hub_is_dataset"
    HUB_IS_SPACE = "hub_is_space"
    BASE_BY_HEADERS = "base_by_headers"
    BASE_NEEDED_WHOLE = "base_needed_whole"
    BASE_ON_HUB = "base_on_hub"


class CheckCode(StrEnum):
    """Every verification check there is. The sentence for each is in the catalogues."""

    FILES_AS_PLANNED = "files_as_planned"
    NO_ADAPTER_FILES = "no_adapter_files"
    NO_QUANTIZATION_LEFT = "no_quantisation_left"
    PACKED_UNTOUCHED = "packed_untouched"
    PACKED_NEAREST = "packed_nearest"
    PACKED_AS_ROUNDED = "packed_as_rounded"
    CONFIG_AS_BASE = "config_as_base"
    KEYS_AS_PLANNED = "keys_as_planned"
    SHAPES_AS_PLANNED = "shapes_as_planned"
    DTYPES_AS_PLANNED = "dtypes_as_planned"
    INDEX_TRUE = "index_true"
    OPENS_WITH_SAFETENSORS = "opens_with_safetensors"
    TARGETED_CHANGED = "targeted_changed"
    TARGETED_FINITE = "targeted_finite"
    OTHERS_IDENTICAL = "others_identical"
    REPLACED_EQUAL_ADAPTER = "replaced_equal_adapter"
    TARGETED_AS_EXPECTED = "targeted_as_expected"
    SAMPLES_AS_EXPECTED = "samples_as_expected"
    LOADS_AS_PLAIN_MODEL = "loads_as_plain_model"
    CLASS_IS_PLAIN = "class_is_plain"
    NO_KEYS_LEFT_OVER = "no_keys_left_over"
    TOKENIZER_LOADS = "tokenizer_loads"
    VOCABULARY_FITS = "vocabulary_fits"
    END_TOKEN_AGREES = "end_token_agrees"
    BEHAVES_AS_UNMERGED = "behaves_as_unmerged"
    DIFFERS_FROM_BASE = "differs_from_base"
    GGUF_HEADER = "gguf_header"
    GGUF_READS = "gguf_reads"
    GGUF_ALPHA = "gguf_alpha"
    GGUF_SIZES = "gguf_sizes"
    GGUF_ROPE = "gguf_rope"
    GGUF_VOCABULARY = "gguf_vocabulary"
    GGUF_SPECIAL_TOKENS = "gguf_special_tokens"
    GGUF_TEMPLATE = "gguf_template"
    GGUF_TENSORS = "gguf_tensors"
    GGUF_VALUES = "gguf_values"
    GGUF_LOADS = "gguf_loads"
    GGUF_TOKENIZES = "gguf_tokenizes"
    GGUF_ANSWERS = "gguf_answers"


class SkipReason(StrEnum):
    """Why a check does not apply; the value of ``reason`` in the data of a skipped one."""

    OWN_CODE = "own_code"
    NO_CLASS = "no_class"
    NO_TOKENIZER = "no_tokenizer"
    NO_EMBEDDINGS = "no_embeddings"
    ONE_FILE = "one_file"
    END_TOKEN_UNSTATED = "end_token_unstated"
    NOT_ASKED = "not_asked"
    ONLY_PEFT_KNOWS = "only_peft_knows"
    NOTHING_ADDED = "nothing_added"
    STAYS_PACKED = "stays_packed"
    NO_COMPRESSED_TENSORS = "no_compressed_tensors"
    EXPERTS_STACKED = "experts_stacked"
    NO_TEMPLATE = "no_template"
    NO_LLAMA_CPP = "no_llama_cpp"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed before any weight was read; ``about``: the one chosen folder that is meant, if it is one."""

    code: Code
    severity: Severity
    data: Mapping[str, Data] = field(default_factory=dict)
    about: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """Something proved, or refuted, about a written result."""

    code: CheckCode
    status: CheckStatus
    data: Mapping[str, Data] = field(default_factory=dict)


def check_of(code: CheckCode, passed: bool, **data: Data) -> Check:
    """A check that either passed or failed."""
    return Check(code, CheckStatus.PASS if passed else CheckStatus.FAIL, data)


def info(code: Code, **data: Data) -> Finding:
    """A finding that is good to know."""
    return Finding(code, Severity.INFO, data)


def warning(code: Code, **data: Data) -> Finding:
    """A finding for the person to weigh."""
    return Finding(code, Severity.WARNING, data)


def error(code: Code, **data: Data) -> Finding:
    """A finding that stops the merge."""
    return Finding(code, Severity.ERROR, data)


def all_about(folder: Path, findings: Iterable[Finding]) -> list[Finding]:
    """``findings`` as what there is to say about a folder that was chosen; what is about another one stays so."""
    return [one if one.about else replace(one, about=str(folder)) for one in findings]


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop a job."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def any_error(findings: Iterable[Finding]) -> bool:
    """Whether the merge must not start."""
    return bool(errors_of(findings))


class UserError(Exception):
    """Something the person can put right; carries a finding's code and data, no prose."""

    def __init__(self, code: Code | str, **data: Data) -> None:
        self.code = Code(code)
        self.data: dict[str, Data] = dict(data)
        super().__init__(f"{self.code}: {self.data}")

    def finding(self) -> Finding:
        """The same problem as an error finding, for lists of findings."""
        return Finding(self.code, Severity.ERROR, self.data)
