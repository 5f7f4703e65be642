"""A GGUF file answers beside the model that it was made of: the same tokens in, the likeliest token out, by turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import read_or_empty
from ..checkpoints.tokenizer_files import TOKENIZER, TOKENIZER_CONFIG, tokenizer_bytes
from ..deployment.chat_template import prompt_of
from ..deployment.chat_turns import LIMITS as TEMPLATE_LIMITS
from ..deployment.chat_turns import Rendered
from ..domain.findings import Check, CheckCode, CheckStatus, SkipReason, UserError, check_of
from ..llama_cpp.running import answer, threads
from ..llama_cpp.sources import has_quantizer
from ..runtime.bounded_call import LimitMet, Limits, bounded
from .prompts import DEMO_QUESTION

_LIMITS = Limits(seconds=20, nbytes=4_000_000_000)
_SMALL_MODEL = 500_000_000
_TOKENS, _TOKENS_OF_LARGE = 24, 8
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
class OwnAnswer:
    """What the model itself says; ``logits``: of all tokens, at each place."""

    prompt: str
    encoded: Encoded
    tokens: tuple[int, ...] = ()
    logits: Sequence[Any] = ()
    reply: str = ""


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


def own_answer(checkpoint: Checkpoint, template: str | None, asked: str, check: Callable[[], None]) -> OwnAnswer | None:
    """The model's own greedy answer; None where it cannot be asked, for want of a tokenizer or of its class.

    Raises whatever ``check`` raises.
    """
    folder = checkpoint.folder
    if not (folder / TOKENIZER).is_file():
        return None
    try:
        prompt = _prompt(folder, template, asked or DEMO_QUESTION)
        encoded = bounded(encode, folder, prompt, limits=_LIMITS, check=check)
        tokens, logits = _greedy(checkpoint, encoded.question, check)
        return OwnAnswer(prompt, encoded, tokens, logits, bounded(decode, folder, tokens, limits=_LIMITS, check=check))
    except (LimitMet, UserError):
        return None


def _prompt(folder: Path, template: str | None, asked: str) -> str:
    if template is None:
        return asked
    config = read_or_empty(folder / TOKENIZER_CONFIG)
    tokens = {key: value for key, value in config.items() if key.endswith("_token") and isinstance(value, str)}
    made: Rendered = bounded(prompt_of, template, asked, tokens, limits=TEMPLATE_LIMITS)
    return made.prompt or asked


def _greedy(
    checkpoint: Checkpoint, tokens: Sequence[int], check: Callable[[], None]
) -> tuple[tuple[int, ...], list[Any]]:
    """Raises UserError(config_unbuildable); where the class is not transformers' own, LimitMet."""
    import torch

    from ..engines.buildable import refuse_unbuildable
    from ..runtime.transformers_class import LOCALLY, find_class, let_go, quiet

    model_class = find_class(checkpoint.config)
    if model_class is None or not tokens:
        raise LimitMet("transformers has no such class")
    refuse_unbuildable(checkpoint)
    small = checkpoint.parameters < _SMALL_MODEL
    with quiet(), torch.inference_mode():
        dtype = torch.float32 if small else "auto"
        model = model_class.from_pretrained(checkpoint.folder, dtype=dtype, **LOCALLY).eval()
        try:
            return _said(model, torch.tensor([list(tokens)]), _TOKENS if small else _TOKENS_OF_LARGE, check)
        finally:
            let_go(model)


def _said(model: Any, given: Any, count: int, check: Callable[[], None]) -> tuple[tuple[int, ...], list[Any]]:
    import torch

    tokens, places, kept = list[int](), list[Any](), None
    for _ in range(count):
        check()
        outputs = model(input_ids=given, past_key_values=kept, use_cache=True)
        kept, logits = outputs.past_key_values, outputs.logits[0, -1].float()
        places.append(logits)
        tokens.append(int(logits.argmax()))
        given = torch.tensor([tokens[-1:]])
    return tuple(tokens), places


def answer_checks(
    file: Path, own: OwnAnswer | None, *, exact: bool, check: Callable[[], None]
) -> tuple[tuple[Check, ...], str]:
    """Whether llama.cpp loads the file, cuts text as the folder's tokenizer does, and answers as the model; its reply.

    ``exact``: the file holds the weights as they are, so that a different answer refutes it.
    """
    if not has_quantizer():
        return (Check(CheckCode.GGUF_LOADS, CheckStatus.SKIPPED, {"reason": SkipReason.NO_LLAMA_CPP}),), ""
    count = len(own.tokens) if own else 1
    question = list(own.encoded.question) if own else [0]
    asked = {"file": str(file), "text": _TEXT, "tokens": question, "count": count, "threads": threads()}
    said = answer(asked, check)
    loads = check_of(CheckCode.GGUF_LOADS, said is not None)
    if said is None or own is None:
        return (loads, *([] if said is None else [_not_asked()])), ""
    reply = tuple(int(token) for token in said["tokens"])
    return (loads, _text_check(own, said["text_tokens"]), _answer_check(own, reply, exact=exact)), str(said["text"])


def _not_asked() -> Check:
    return Check(CheckCode.GGUF_ANSWERS, CheckStatus.SKIPPED, {"reason": SkipReason.NO_TOKENIZER})


def _text_check(own: OwnAnswer, tokens: Sequence[int]) -> Check:
    """Only a remark: llama.cpp has tokenizers of its own, which some models' are not like."""
    wanted = own.encoded.text
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
