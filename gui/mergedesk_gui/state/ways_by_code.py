"""Which ways out are offered for which code, the likeliest first."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from mergedesk.domain.findings import Code

from .form_changes import FormChange


class Act(StrEnum):
    """What is done without a change of the form, or with one that the person makes."""

    CHOOSE_BASE = "choose_base"
    CHOOSE_ADAPTER = "choose_adapter"
    CHOOSE_OUTPUT = "choose_output"
    CHOOSE_MERGED = "choose_merged"
    DOWNLOAD = "download"
    SHOW_FOLDER = "show_folder"
    SHOW_DISK = "show_disk"
    LOOK_AGAIN = "look_again"


class _Choice(StrEnum):
    CHOOSE_IT = "choose_it"


CHOOSE_IT = _Choice.CHOOSE_IT
"""To choose another folder where the one that a finding is about stands."""

_Ways = tuple[FormChange | Act | _Choice, ...]

# The folder is not what it should be, or not there.
_ANOTHER_FOLDER: _Ways = (FormChange.LEAVE_OUT, CHOOSE_IT, Act.LOOK_AGAIN)
# A file in the folder is to be brought, mended or taken out.
_MEND: _Ways = (Act.DOWNLOAD, Act.SHOW_FOLDER, Act.LOOK_AGAIN, FormChange.LEAVE_OUT, CHOOSE_IT)
_ANOTHER_BASE: _Ways = (FormChange.NAMED_BASE, Act.CHOOSE_BASE, FormChange.LEAVE_OUT)
_ANOTHER_ADAPTER: _Ways = (FormChange.LEAVE_OUT, Act.CHOOSE_ADAPTER)
_ANOTHER_OUTPUT: _Ways = (FormChange.PROPOSED_OUTPUT, Act.CHOOSE_OUTPUT)
_SPACE: _Ways = (Act.SHOW_DISK, FormChange.PROPOSED_OUTPUT, Act.CHOOSE_OUTPUT, Act.LOOK_AGAIN)
_DEFAULTS: _Ways = (FormChange.AUTO_ENGINE, FormChange.AUTO_PRECISION)

WAYS: Mapping[Code, _Ways] = {
    **dict.fromkeys(
        (
            Code.FOLDER_MISSING,
            Code.FOLDER_EMPTY,
            Code.FOLDER_UNKNOWN,
            Code.GGUF_ONLY,
            Code.IMAGE_LORA,
            Code.GGUF_LORA,
            Code.PATH_ESCAPES,
            Code.TOO_MANY_DIMENSIONS,
            Code.FOREIGN_TENSORS_ODD,
            Code.INPUT_GONE,
            Code.HUB_NAME_WRONG,
            Code.HUB_IS_DATASET,
            Code.HUB_IS_SPACE,
        ),
        _ANOTHER_FOLDER,
    ),
    Code.NOT_A_FOLDER: (FormChange.PARENT_FOLDER, CHOOSE_IT),
    Code.LOOKS_LIKE_HUB_NAME: (Act.DOWNLOAD, CHOOSE_IT),
    Code.TRAINING_RUN: (FormChange.LATEST_CHECKPOINT, CHOOSE_IT),
    **dict.fromkeys(
        (
            Code.FOLDER_UNREADABLE,
            Code.PICKLE_BROKEN,
            Code.PICKLE_REFUSED,
            Code.PICKLE_OF_PARTS,
            Code.PICKLE_UNCLEAR,
            Code.FOREIGN_SCALING_UNKNOWN,
            Code.CONFIG_MISSING,
            Code.WEIGHTS_MISSING,
            Code.ADAPTER_WEIGHTS_MISSING,
            Code.ADAPTER_CONFIG_IS_MODEL_CONFIG,
            Code.ADAPTER_FIELD_UNUSABLE,
            Code.PATTERN_TOO_COSTLY,
            Code.ADAPTER_CONFIG_WITHOUT_METHOD,
            Code.JSON_BROKEN,
            Code.JSON_TOO_DEEP,
            Code.NOT_A_PLAIN_FILE,
            Code.FILE_ABSURDLY_BIG,
            Code.HEADER_BROKEN,
            Code.FILE_TRUNCATED,
            Code.SHARDS_MISSING,
            Code.TENSORS_MISSING,
            Code.LINKS_LEAVE_FOLDER,
            Code.CONFIG_UNBUILDABLE,
            Code.CONFIG_ASKS_TOO_MUCH,
            Code.COMPANION_ABSENT,
            Code.TOKENIZER_ABSENT,
            Code.WEIGHTS_ABSENT,
            Code.CLASS_NOT_TOLD,
            Code.OWN_ADAPTER_NEEDS_ALPHA,
            Code.COMPUTES_QUANTIZED,
            Code.PACKED_PART_MISSING,
            Code.PACKED_SHAPES_DIFFER,
            Code.PACKED_DTYPES_DIFFER,
            Code.PACKED_SCALES_BROKEN,
            Code.BESIDE_DIFFERS,
            Code.BESIDE_UNREADABLE,
            Code.BESIDE_NEEDS_STREAMING,
            Code.EXPERT_PACKING_UNCLEAR,
            Code.SCALING_ABSENT,
            Code.PATTERN_UNMATCHED,
            Code.MAGNITUDE_UNUSED,
            Code.INPUT_CHANGED,
            Code.READ_FAILED,
        ),
        _MEND,
    ),
    Code.SWAPPED: (FormChange.SWAP,),
    Code.BASE_NOT_A_MODEL: (FormChange.NAMED_BASE, FormChange.AS_ADAPTER, Act.CHOOSE_BASE),
    Code.ADAPTER_NOT_AN_ADAPTER: (*_ANOTHER_ADAPTER, FormChange.AS_BASE),
    Code.NO_ADAPTER: (Act.CHOOSE_ADAPTER,),
    **dict.fromkeys(
        (
            Code.WRONG_BASE_NAME,
            Code.ALREADY_MERGED,
            Code.KEYS_UNMATCHED,
            Code.SHAPE_MISMATCH,
            Code.TARGETS_NOT_FLOATING,
            Code.FOREIGN_BASE_UNKNOWN,
            Code.FOREIGN_HEADS_UNKNOWN,
            Code.RESIZE_ROWS_UNKNOWN,
            Code.RESIZE_UNCLEAR,
            Code.VOCABULARY_MISMATCH,
            Code.QUANTIZED_BASE,
            Code.QUANTIZED_UNMERGEABLE,
            Code.BASE_HOLDS_ADAPTER,
            Code.OWN_ADAPTER_MERGEABLE,
            Code.BESIDE_UNPLACED,
            Code.MAGNITUDE_ON_PART,
            Code.PEFT_FAILED,
            Code.BASES_DIFFER,
        ),
        _ANOTHER_BASE,
    ),
    Code.TOKENIZER_TOO_LONG: (Act.SHOW_FOLDER, Act.LOOK_AGAIN, *_ANOTHER_BASE),
    Code.RESIZE_NEEDS_STREAMING: (FormChange.AUTO_ENGINE, *_ANOTHER_BASE),
    **dict.fromkeys(
        (
            Code.FACTOR_ABSENT,
            Code.CONVOLUTION_GROUPED,
            Code.EMPTY_TENSORS,
            Code.SLICES_LOST,
            Code.UNKNOWN_FIELDS_MEANINGFUL,
            Code.METHOD_NOT_MERGEABLE,
            Code.METHOD_UNKNOWN,
            Code.INITIALISATION_LOST,
            Code.LAYERS_REPLICATED,
            Code.BIAS_WITHOUT_BASE_BIAS,
            Code.RANK_DIFFERS,
            Code.MAGNITUDE_MISSING,
            Code.SHARED_EMBEDDING_UNCLEAR,
            Code.NOTHING_TO_MERGE,
            Code.CONFLICTING_REPLACEMENTS,
            Code.DORA_SHARES_MODULE,
            Code.SAME_ADAPTER_TWICE,
        ),
        _ANOTHER_ADAPTER,
    ),
    Code.SCALING_ZERO: (FormChange.FULL_STRENGTH, Act.SHOW_FOLDER, *_ANOTHER_ADAPTER),
    Code.COPIES_CANNOT_BE_SCALED: (FormChange.FULL_STRENGTH, FormChange.LEAVE_OUT),
    Code.ADAPTER_UNTRAINED: (FormChange.LATER_CHECKPOINT, *_ANOTHER_ADAPTER),
    Code.MODULES_UNTRAINED: (FormChange.LATER_CHECKPOINT, Act.CHOOSE_ADAPTER),
    Code.ADAPTER_NOT_FINITE: (FormChange.EARLIER_CHECKPOINT, *_ANOTHER_ADAPTER),
    Code.NOT_FINITE: _ANOTHER_ADAPTER,
    **dict.fromkeys(
        (Code.COMBINATION_UNDEFINED, Code.COMBINATION_RANKS_DIFFER, Code.COMBINATION_IDLE), (FormChange.PLAIN_SUM,)
    ),
    Code.DENSITY_OUT_OF_RANGE: (FormChange.HALF_DENSITY, FormChange.PLAIN_SUM),
    Code.CANNOT_STREAM: (FormChange.AUTO_ENGINE,),
    Code.SEVERAL_NEED_STREAMING: (FormChange.AUTO_ENGINE, FormChange.LEAVE_OUT),
    Code.MEMORY_LOW: (FormChange.AUTO_ENGINE, Act.LOOK_AGAIN),
    Code.CUSTOM_CODE_NEEDS_STREAMING: (FormChange.AUTO_ENGINE, FormChange.STREAMING),
    Code.KEEPING_NEEDS_STREAMING: _DEFAULTS,
    Code.ROUNDING_NEEDS_STREAMING: (FormChange.NEAREST, FormChange.AUTO_ENGINE),
    Code.ROUNDING_WITHOUT_EFFECT: (FormChange.NEAREST,),
    Code.SIZE_GROWS: (FormChange.AUTO_PRECISION,),
    Code.FLOAT16_OVERFLOW: (FormChange.BFLOAT16, FormChange.FLOAT32),
    Code.PACKING_LOSES_TOO_MUCH: (FormChange.DEQUANTIZE, FormChange.ACCEPT_LOSS),
    Code.DISK_FULL: _SPACE,
    Code.DISK_FILLED_UP: _SPACE,
    Code.FILE_TOO_BIG: (FormChange.SPLIT_FILES, *_ANOTHER_OUTPUT),
    Code.OUTPUT_IS_DRIVE: (FormChange.INSIDE_DRIVE, *_ANOTHER_OUTPUT),
    Code.OUTPUT_NOT_EMPTY: (FormChange.PROPOSED_OUTPUT, FormChange.REPLACE, Act.CHOOSE_OUTPUT),
    **dict.fromkeys(
        (
            Code.OUTPUT_IS_INPUT,
            Code.OUTPUT_NOT_REPLACEABLE,
            Code.OUTPUT_NOT_WRITABLE,
            Code.OUTPUT_MOVED,
            Code.OUTPUT_SET_ASIDE,
            Code.WRITE_FAILED,
        ),
        _ANOTHER_OUTPUT,
    ),
    **dict.fromkeys((Code.STAGING_IN_USE, Code.LEFTOVER_NOT_REMOVED), (Act.LOOK_AGAIN, Act.CHOOSE_OUTPUT)),
}
"""Codes without an entry have another way out, or none: ``tests/gui/test_ways_out.py`` lists each with its reason."""
