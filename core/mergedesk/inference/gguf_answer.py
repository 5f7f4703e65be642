"""A GGUF file answers beside the model that it was made of: the same tokens in, the likeliest token out, by turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen
from typing import Any

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import read_or_empty
from ..checkpoints.tokenizer_files import TOKENIZER, TOKENIZER_CONFIG, tokenizer_bytes
from ..deployment.chat_template import prompt_of
from ..deployment.chat_turns import LIMITS as TEMPLATE_LIMITS
from ..deployment.chat_turns import Rendered
from ..domain.findings import Check, CheckCode, CheckStatus, SkipReason, check_of
from ..llama_cpp.running import answer, threads
from ..runtime.bounded_call import LimitMet, Limits, bounded, waiting
from .own_greedy import own_greedy
from .prompts import DEMO_QUESTION

_LIMITS = Limits(seconds=20, nbytes=4_000_000_000)
_DAY_SECONDS = 86_400
# Of the spread of all logits: two that are as near as this may change places by rounding alone, which llama.cpp does
# with what goes into each product. What another model would say lies several times as far off.
_NEAR = 0.75
_TEXT = "The quick brown fox jumps over 13 lazy dogs.\n\n  Ärger, naïveté — 中文, русский; x = y_2 + 3.5e-4;\tend"


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token numbers of the question as a model gets it, and of the text that both tokenizers are tried with."""

    question: tuple[int, ...] = ()
    text: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What both are asked: the text as the model's own template has it, and its token numbers."""

    prompt: str
    encoded: Encoded


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What the model itself says; ``logits``: of all tokens, at each place."""

    tokens: tuple[int, ...] = ()
    logits: Sequence[Any] = ()
    reply: str = ""


@dataclass(frozen=True, slots=True)
class GgufAnswer:
    """What llama.cpp says from a file; ``text_tokens``: how it cuts the text that both tokenizers are tried with."""

    tokens: tuple[int, ...]
    text_tokens: tuple[int, ...]
    reply: str


def encode(folder: Path, prompt: str) -> Encoded:
    """By ``tokenizer.json``; its patterns are a stranger's, so that this is called where it can be ended."""
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_buffer(tokenizer_bytes(folder))
    question = tokenizer.encode(prompt, add_special_tokens=False).ids
    return Encoded(tuple(question), tuple(tokenizer.encode(_TEXT, add_special_tokens=False).ids))


def decode(folder: Path, tokens: tuple[int, ...]) -> str:
    """The text of tokens."""
    import tokenizers

    return str(tokenizers.Tokenizer.from_buffer(tokenizer_bytes(folder)).decode(list(tokens), skip_special_tokens=True))


def question_of(
    checkpoint: Checkpoint, template: str | None, asked: str, check: Callable[[], None]
) -> AskedQuestion | None:
    """None where there is no tokenizer to ask with. Raises whatever ``check`` raises."""
    folder = checkpoint.folder
    if not (folder / TOKENIZER).is_file():
        return None
    try:
        prompt = _prompt(folder, template, asked or DEMO_QUESTION, check)
        return AskedQuestion(prompt, bounded(encode, folder, prompt, limits=_LIMITS, check=check))
    except LimitMet:
        return None


@contextmanager
def waiting_to_answer() -> Iterator[Popen[bytes] | None]:
    """A process that imports what a model's own answer takes, while something else is done."""
    with waiting(own_greedy.__module__, "torch", "transformers") as process:
        yield process


def own_answer(
    checkpoint: Checkpoint,
    question: AskedQuestion,
    draft: Sequence[int],
    check: Callable[[], None],
    process: Popen[bytes] | None = None,
) -> OwnAnswer:
    """The model's own greedy answer; no tokens where it cannot be asked, for want of its class.

    ``draft``: what it may be, which is quicker to judge than to find. Raises whatever ``check`` raises.
    """
    import numpy as np

    asked = checkpoint.folder, question.encoded.question, tuple(draft)
    try:
        said = bounded(own_greedy, *asked, limits=_of_model(checkpoint), check=check, process=process)
        if not said.tokens:
            return OwnAnswer()
        reply = bounded(decode, checkpoint.folder, said.tokens, limits=_LIMITS, check=check)
    except LimitMet:
        return OwnAnswer()
    return OwnAnswer(said.tokens, list(np.frombuffer(said.logits, "<f4").reshape(len(said.tokens), -1)), reply)


def _of_model(checkpoint: Checkpoint) -> Limits:
    """Room for the weights once more, where they cannot stay in their files, and in float32."""
    return Limits(_DAY_SECONDS, 3 * checkpoint.weight_bytes + 8_000_000_000)


def _prompt(folder: Path, template: str | None, asked: str, check: Callable[[], None]) -> str:
    if template is None:
        return asked
    config = read_or_empty(folder / TOKENIZER_CONFIG)
    tokens = {key: value for key, value in config.items() if key.endswith("_token") and isinstance(value, str)}
    made: Rendered = bounded(prompt_of, template, asked, tokens, limits=TEMPLATE_LIMITS, check=check)
    return made.prompt or asked


def answer_of_gguf(
    file: Path, question: AskedQuestion | None, count: int, check: Callable[[], None]
) -> GgufAnswer | None:
    """What llama.cpp says; None where it does not load the file. Without a question one token of it is asked for."""
    tokens = list(question.encoded.question) if question else [0]
    asked = {"file": str(file), "text": _TEXT, "tokens": tokens, "count": count if question else 1}
    said = answer({**asked, "threads": threads()}, check)
    return GgufAnswer(tuple(said["tokens"]), tuple(said["text_tokens"]), str(said["text"])) if said else None


def not_asked() -> tuple[Check, ...]:
    """Where llama.cpp is not here."""
    return (Check(CheckCode.GGUF_LOADS, CheckStatus.SKIPPED, {"reason": SkipReason.NO_LLAMA_CPP}),)


def answer_checks(
    said: GgufAnswer | None, question: AskedQuestion | None, own: OwnAnswer | None, *, exact: bool
) -> tuple[Check, ...]:
    """Whether llama.cpp loads the file, cuts text as the folder's tokenizer does, and answers as the model.

    ``exact``: the file holds the weights as they are, so that a different answer refutes it.
    """
    loads = check_of(CheckCode.GGUF_LOADS, said is not None)
    if said is None:
        return (loads,)
    if own is None or not own.tokens or question is None:
        return loads, _not_asked()
    return loads, _text_check(question, said.text_tokens), _answer_check(own, said.tokens, exact=exact)


def _not_asked() -> Check:
    return Check(CheckCode.GGUF_ANSWERS, CheckStatus.SKIPPED, {"reason": SkipReason.NO_TOKENIZER})


def _text_check(question: AskedQuestion, tokens: Sequence[int]) -> Check:
    """Only a remark: llama.cpp has tokenizers of its own, which some models' are not like."""
    wanted = question.encoded.text
    made = check_of(CheckCode.GGUF_TOKENIZES, list(tokens) == list(wanted), tokens=len(wanted), cut=len(tokens))
    return made if made.status is CheckStatus.PASS else replace(made, status=CheckStatus.WARN)


def _answer_check(own: OwnAnswer, tokens: Sequence[int], *, exact: bool) -> Check:
    pairs = enumerate(zip(own.tokens, tokens, strict=False))
    agree = next((place for place, (ours, theirs) in pairs if ours != theirs), len(own.tokens))
    gap = 0.0
    if agree < len(own.tokens):
        logits = own.logits[agree]
        gap = float((logits.max() - logits[tokens[agree]]) / logits.std()) if agree < len(tokens) else 99.0
    told = float(f"{gap:.3g}")
    return check_of(CheckCode.GGUF_ANSWERS, gap <= _NEAR or not exact, agree=agree, tokens=len(own.tokens), gap=told)
