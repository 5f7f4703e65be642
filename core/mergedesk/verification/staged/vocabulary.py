"""The tokenizer loads, every id it makes has a row in the embeddings, and configs agree on where a text ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...checkpoints.files import CONFIG, GENERATION_CONFIG, read_or_empty
from ...checkpoints.tokenizer_files import has_tokenizer, tokenizer_length
from ...domain.findings import Check, CheckCode, CheckStatus, SkipReason, check_of
from .model_load import Loaded
from .staged_check import StagedCheck, StagedMerge
from .tokenizer import TokenizerFacts, tokenizer_facts

_CODES = (CheckCode.TOKENIZER_LOADS, CheckCode.VOCABULARY_FITS, CheckCode.END_TOKEN_AGREES)


def _checks(merge: StagedMerge) -> Iterator[Check]:
    facts = merge.tokenizer
    if facts is None:
        yield from (Check(code, CheckStatus.SKIPPED, {"reason": SkipReason.NO_TOKENIZER}) for code in _CODES)
    elif facts.trouble:
        # Files that could not be loaded before either were not harmed by the merge.
        before = tokenizer_facts(merge.base, merge.cancel).trouble if has_tokenizer(merge.base) else ""
        status = CheckStatus.WARN if before == facts.trouble else CheckStatus.FAIL
        yield Check(CheckCode.TOKENIZER_LOADS, status, {"name": "", "reason": facts.trouble})
    else:
        yield check_of(CheckCode.TOKENIZER_LOADS, True, name=facts.name, reason="")
        rows = merge.loaded.embedding_rows if isinstance(merge.loaded, Loaded) else None
        yield _vocabulary_check(facts.length, rows, tokenizer_length(merge.base))
        yield end_of_text_check(merge.folder, merge.readable.config, facts)


def _vocabulary_check(length: int, rows: int | None, base_length: int | None) -> Check:
    data = {"tokenizer_length": length, "rows": rows}
    if rows is None:
        return Check(CheckCode.VOCABULARY_FITS, CheckStatus.SKIPPED, {"reason": SkipReason.NO_EMBEDDINGS})
    if length <= rows:
        return Check(CheckCode.VOCABULARY_FITS, CheckStatus.PASS, data)
    already = base_length is not None and base_length > rows
    return Check(CheckCode.VOCABULARY_FITS, CheckStatus.WARN if already else CheckStatus.FAIL, data)


def end_of_text_check(folder: Path, config: Mapping[str, Any], facts: TokenizerFacts) -> Check:
    """A remark where text would not end at the tokenizer's own end token; no failure, for the base may have it so."""
    stated = {
        CONFIG: _ids(_eos(config)),
        GENERATION_CONFIG: _ids(read_or_empty(folder / GENERATION_CONFIG).get("eos_token_id")),
    }
    known = {file: ids for file, ids in stated.items() if ids}
    if facts.eos_id is None or not known:
        return Check(CheckCode.END_TOKEN_AGREES, CheckStatus.SKIPPED, {"reason": SkipReason.END_TOKEN_UNSTATED})
    apart = [file for file, ids in known.items() if facts.eos_id not in ids]
    ids = [str(number) for number in sorted({number for numbers in known.values() for number in numbers})]
    check = check_of(
        CheckCode.END_TOKEN_AGREES, not apart, token=facts.eos_token, id=str(facts.eos_id), names=list(apart), ids=ids
    )
    return replace(check, status=CheckStatus.WARN) if apart else check


def _eos(config: Mapping[str, Any]) -> Any:
    """The config's own, or that of the language model inside it."""
    inner = config.get("text_config")
    own = config.get("eos_token_id")
    return inner.get("eos_token_id") if own is None and isinstance(inner, Mapping) else own


def _ids(stated: object) -> list[int]:
    numbers = stated if isinstance(stated, list) else [stated]
    return [number for number in numbers if isinstance(number, int) and not isinstance(number, bool)]


CHECK = StagedCheck(_checks, beside=True)
