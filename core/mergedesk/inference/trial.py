"""What is asked of models and what they answer, as data. torch is not imported here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..domain.findings import Finding
from ..domain.requests import SUM, AdapterChoice, Combination, Precision


class Side(StrEnum):
    """Whose answer it is: the base's, that of the base with its adapter attached, or the merged folder's."""

    BASE = "base"
    UNMERGED = "unmerged"
    MERGED = "merged"


class UnmergedLoading(StrEnum):
    """The two ways to load an adapter unmerged.

    ``peft_model``: ``PeftModel.from_pretrained(base, adapter)``, which can be merged later. ``auto_class``:
    ``AutoModelForCausalLM.from_pretrained(adapter)``, or the auto class of another task: the adapter's layers are put
    into the transformers model, which stays unmerged for good.
    """

    PEFT_MODEL = "peft_model"
    AUTO_CLASS = "auto_class"


class AnswerKind(StrEnum):
    """What a model makes of its input; ``unknown`` where no comparison is known."""

    TEXT = "text"
    TEXT_TO_TEXT = "text_to_text"
    CLASSES = "classes"
    TOKEN_CLASSES = "token_classes"
    EMBEDDING = "embedding"
    UNKNOWN = "unknown"

    @property
    def makes_tokens(self) -> bool:
        """Whether an answer is written, token by token."""
        return self in (AnswerKind.TEXT, AnswerKind.TEXT_TO_TEXT)


class Ended(StrEnum):
    """Why an answer ends. ``complete``: it is not made token by token; ``failed``: see its trouble."""

    END_TOKEN = "eos"
    LENGTH = "length"
    CANCELLED = "cancelled"
    COMPLETE = "complete"
    FAILED = "failed"


ALL_SIDES = (Side.BASE, Side.UNMERGED, Side.MERGED)


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """One prompt to up to three models. ``device`` is an id that ``trying.devices`` gives.

    ``precision``: ``auto`` runs each model in the dtype it is stored in, which leaves its weights mapped on a CPU;
    any other converts them in memory. ``use_template``: the prompt goes through the chat template where there is one.
    ``own_alpha``: as a ``CheckRequest`` has it.
    """

    base: Path
    adapters: tuple[AdapterChoice, ...]
    merged: Path | None = None
    prompt: str = ""
    sides: tuple[Side, ...] = ALL_SIDES
    loading: UnmergedLoading = UnmergedLoading.PEFT_MODEL
    device: str = "cpu"
    precision: Precision = Precision.AUTO
    max_new_tokens: int = 128
    combination: Combination = SUM
    use_template: bool = True
    own_alpha: float | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """More text of one side's answer, as it comes."""

    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """One class with its probability; ``token`` is the piece of the input it belongs to, where each has its own."""

    label: str
    probability: float
    token: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One side's answer. ``loaded_as`` says what object was loaded and how, ``trouble`` why there is no answer.

    ``scores``: for classes all of them, the likeliest first; for tokens the likeliest class of each. ``embedding`` is
    one vector, the mean over tokens. ``first_token_seconds`` and ``seconds`` count from the question, not from loading.
    """

    side: Side
    text: str = ""
    token_ids: tuple[int, ...] = ()
    ended: Ended = Ended.COMPLETE
    first_token_seconds: float | None = None
    seconds: float = 0.0
    load_seconds: float = 0.0
    class_name: str = ""
    loaded_as: Finding | None = None
    scores: tuple[Score, ...] = ()
    embedding: tuple[float, ...] = ()
    trouble: Finding | None = None

    @property
    def tokens(self) -> int:
        """How many tokens were made."""
        return len(self.token_ids)

    @property
    def tokens_per_second(self) -> float | None:
        """Speed after the first token; None where there is too little to tell."""
        if self.first_token_seconds is None or self.tokens < 2 or self.seconds <= self.first_token_seconds:
            return None
        return (self.tokens - 1) / (self.seconds - self.first_token_seconds)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers compared.

    ``same``: token for token, class for class, or the same vector within rounding. ``first_token`` is the place of
    the first token that differs, from 0. ``largest`` is the largest difference of a probability, ``cosine`` that of
    two vectors.
    """

    one: Side
    other: Side
    same: bool
    first_token: int | None = None
    largest: float | None = None
    cosine: float | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A finished, or cancelled, trial: answers in the order of the sides asked for, as far as it came.

    ``findings`` are of the whole: which chat template was applied, or why there is no answer at all.
    """

    task: AnswerKind
    answers: tuple[Answer, ...] = ()
    differences: tuple[Difference, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes that one side takes in memory: mapped ones the system may drop and read again, the others stay."""

    side: Side
    mapped_bytes: int
    own_bytes: int

    @property
    def bytes(self) -> int:
        """All of it."""
        return self.mapped_bytes + self.own_bytes


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a trial will take, from headers alone. ``at_once``: all sides fit in memory together.

    ``findings``: an error where the trial cannot start, a warning where a model is larger than the free memory.
    """

    task: AnswerKind
    needs: tuple[Need, ...]
    available_bytes: int
    at_once: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class SideSpeed:
    """Medians over the rounds. ``tokens_per_second`` counts after the first token of each answer."""

    side: Side
    tokens_per_second: float
    first_token_seconds: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Speed:
    """Unmerged and merged, measured in turn. ``one_at_a_time``: memory was too short to keep both loaded.

    ``findings`` say why nothing could be measured; then both sides are None.
    """

    unmerged: SideSpeed | None = None
    merged: SideSpeed | None = None
    rounds: int = 0
    prompt_tokens: int = 0
    one_at_a_time: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def ratio(self) -> float | None:
        """How many times as fast the merged model makes tokens; None where it was not measured."""
        if not self.unmerged or not self.merged or not self.unmerged.tokens_per_second:
            return None
        return self.merged.tokens_per_second / self.unmerged.tokens_per_second


class TrialStep(StrEnum):
    """What a trial is at."""

    LOADING = "loading"
    ANSWERING = "answering"
    COMPARING = "comparing"
    MEASURING = "measuring"


@dataclass(frozen=True, slots=True)
class TrialProgress:
    """One reading: ``done`` of ``total`` prompts, rounds or tokens of this step; ``total`` 0 where none are counted."""

    step: TrialStep
    side: Side | None = None
    done: int = 0
    total: int = 0


OnPiece = Callable[[Piece], None]
TrialReport = Callable[[TrialProgress], None]
