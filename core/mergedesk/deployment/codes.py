"""What can be said of a folder's use elsewhere: tools, steps and remarks as codes, and where their words are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..domain.findings import Data
from ..domain.messages import ENGLISH, Message, message_of, template


class Tool(StrEnum):
    """The programs that a merged folder is taken to, in the order they are shown."""

    TRANSFORMERS = "transformers"
    VLLM = "vllm"
    OLLAMA = "ollama"
    LM_STUDIO = "lm_studio"
    LLAMA_CPP = "llama_cpp"


TOOL_NAMES: Mapping[Tool, str] = {
    Tool.TRANSFORMERS: "transformers",
    Tool.VLLM: "vLLM",
    Tool.OLLAMA: "Ollama",
    Tool.LM_STUDIO: "LM Studio",
    Tool.LLAMA_CPP: "llama.cpp",
}


class Outcome(StrEnum):
    """How one thing that was looked at turned out; ``unknown`` where only the tool itself can tell."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


class StepCode(StrEnum):
    """What a step is for; its heading is in the catalogues."""

    LOAD = "load"
    GET_CONVERTER = "get_converter"
    MODELFILE = "modelfile"
    SERVE = "serve"
    SERVE_SGLANG = "serve_sglang"
    BASE_TO_GGUF = "base_to_gguf"
    ADAPTER_TO_GGUF = "adapter_to_gguf"
    ASK = "ask"
    CONVERT = "convert"
    RUN = "run"
    QUANTIZE = "quantise"
    CREATE = "create"
    IMPORT = "import"
    CONVERT_MLX = "convert_mlx"


class Language(StrEnum):
    """What a step is written in."""

    PYTHON = "python"
    SHELL = "shell"


class UsageCode(StrEnum):
    """Everything that is looked at. How it turned out belongs to the code; the words are in the catalogues.

    What neither passes nor breaks is to be minded.
    """

    outcome: Outcome

    def __new__(cls, value: str, outcome: Outcome = Outcome.WARN) -> UsageCode:
        code = str.__new__(cls, value)
        code._value_, code.outcome = value, outcome
        return code

    # What the folder is
    PACKED_WEIGHTS = "packed_weights"
    PACKED_SERVED = "packed_served", Outcome.PASS
    PACKED_LOADED = "packed_loaded"
    PACKED_IN_GGUF = "packed_in_gguf", Outcome.PASS
    PACKED_NOT_FOR_LLAMA_CPP = "packed_not_for_llama_cpp"
    TRAINING_NAMES = "training_names", Outcome.FAIL
    OWN_CODE = "own_code"
    OWN_CODE_NOT_RUN = "own_code_not_run"
    OWN_CODE_FLAG = "own_code_flag"
    ARCHITECTURE_LISTED = "architecture_listed", Outcome.PASS
    ARCHITECTURE_UNLISTED = "architecture_unlisted"
    ARCHITECTURE_NOT_IMPORTED = "architecture_not_imported"
    ARCHITECTURE_UNSTATED = "architecture_unstated", Outcome.FAIL
    TASK_NOT_OFFERED = "task_not_offered"
    PROCESSOR_MISSING = "processor_missing", Outcome.FAIL
    NEEDS_PROJECTOR = "needs_projector"
    # Numbers
    FLOAT32_LARGE = "float32_large"
    FLOAT32_CUT = "float32_cut"
    SIZE_KEPT = "size_kept", Outcome.PASS
    DTYPE_STATED_OTHERWISE = "dtype_stated_otherwise"
    # Vocabulary
    VOCABULARY_FITS = "vocabulary_fits", Outcome.PASS
    VOCABULARY_PADDED = "vocabulary_padded", Outcome.PASS
    VOCABULARY_TOO_SHORT = "vocabulary_too_short", Outcome.FAIL
    VOCABULARY_STATED_OTHERWISE = "vocabulary_stated_otherwise", Outcome.FAIL
    VOCABULARY_UNKNOWN = "vocabulary_unknown", Outcome.UNKNOWN
    TOKENIZER_MISSING = "tokenizer_missing", Outcome.FAIL
    TOKENIZER_READY = "tokenizer_ready", Outcome.PASS
    SENTENCEPIECE_MISSING = "sentencepiece_missing"
    SENTENCEPIECE_AS_BPE = "sentencepiece_as_bpe"
    TOKENIZER_CLASS_NEW = "tokenizer_class_new"
    ROPE_UNDER_NEW_KEY = "rope_under_new_key"
    PRETOKENIZER_UNKNOWN = "pretokenizer_unknown", Outcome.UNKNOWN
    HEAD_AND_TIED = "head_and_tied"
    HEAD_ABSENT = "head_absent", Outcome.FAIL
    # Where an answer ends
    END_TOKEN_AGREES = "end_token_agrees", Outcome.PASS
    END_TOKEN_DIFFERS = "end_token_differs"
    END_TOKEN_UNKNOWN = "end_token_unknown", Outcome.UNKNOWN
    TURN_END_STOPS = "turn_end_stops", Outcome.PASS
    TURN_END_RUNS_ON = "turn_end_runs_on"
    # Chat template
    TEMPLATE_PRESENT = "template_present", Outcome.PASS
    TEMPLATE_SEPARATE = "template_separate", Outcome.PASS
    TEMPLATE_NOT_READ = "template_not_read"
    TEMPLATE_TWICE = "template_twice"
    TEMPLATE_MISSING = "template_missing"
    TEMPLATE_BROKEN = "template_broken", Outcome.FAIL
    TEMPLATE_TOO_COSTLY = "template_too_costly", Outcome.FAIL
    # Sampling
    GENERATION_CONFIG_ODD = "generation_config_odd"
    DEFAULTS_TAKEN = "defaults_taken", Outcome.PASS
    # The Modelfile
    TEMPLATE_TRANSLATED = "template_translated", Outcome.PASS
    TEMPLATE_NOT_TRANSLATED = "template_not_translated"
    SYSTEM_NOT_TAKEN = "system_not_taken"
    DATE_FIXED = "date_fixed"
    # LM Studio
    NEEDS_GGUF = "needs_gguf", Outcome.PASS
    # An adapter that stays unmerged
    UNMERGED_COSTS = "unmerged_costs"
    UNMERGED_METHOD = "unmerged_method", Outcome.FAIL
    UNMERGED_RANK = "unmerged_rank", Outcome.PASS
    UNMERGED_RANK_TOO_HIGH = "unmerged_rank_too_high", Outcome.FAIL
    UNMERGED_MODULES = "unmerged_modules", Outcome.UNKNOWN
    UNMERGED_TEMPLATE = "unmerged_template"
    UNMERGED_NOT_OFFERED = "unmerged_not_offered", Outcome.FAIL


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was looked at, with what its words need."""

    code: UsageCode
    data: Mapping[str, Data] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsageStep:
    """Something to run: a whole script, or commands for the shell."""

    code: StepCode
    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class ToolUsage:
    """How one tool takes the folder. Without steps it cannot; the remarks say why."""

    tool: Tool
    steps: tuple[UsageStep, ...]
    remarks: tuple[Remark, ...]


def remark(code: UsageCode, **data: Data) -> Remark:
    """A remark with its data."""
    return Remark(code, data)


def remark_text(remark: Remark, language: str = ENGLISH) -> Message:
    """A remark in words."""
    return message_of(f"remark.{remark.code}", remark.data, language)


def remark_message(remark: Remark, language: str = ENGLISH) -> str:
    """One remark as a sentence and its hint."""
    return remark_text(remark, language).whole


def outcome_name(outcome: Outcome, language: str = ENGLISH) -> str:
    """An outcome as a word."""
    return template(f"remark.outcome.{outcome}", language)


def step_heading(code: StepCode, language: str = ENGLISH) -> str:
    """What a step is for."""
    return template(f"step.{code}", language)
