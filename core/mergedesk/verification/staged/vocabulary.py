"""The tokenizer loads, and every id it makes has a row in the embeddings."""

from __future__ import annotations

from collections.abc import Iterator

from ...checkpoints.tokenizer_files import tokenizer_length
from ...domain.findings import Check, CheckCode, CheckStatus, SkipReason, check_of
from .model_load import Loaded
from .staged_check import StagedCheck, StagedMerge
from .tokenizer import has_tokenizer, tokenizer_facts

_CODES = (CheckCode.TOKENIZER_LOADS, CheckCode.VOCABULARY_FITS)


def _checks(merge: StagedMerge) -> Iterator[Check]:
    facts = merge.tokenizer
    if facts is None:
        yield from (Check(code, CheckStatus.SKIPPED, {"reason": SkipReason.NO_TOKENIZER}) for code in _CODES)
    elif facts.trouble:
        # Files that could not be loaded before either were not harmed by the merge.
        status = CheckStatus.WARN if _fails_alike(merge, facts.trouble) else CheckStatus.FAIL
        yield Check(CheckCode.TOKENIZER_LOADS, status, {"name": "", "reason": facts.trouble})
    else:
        yield check_of(CheckCode.TOKENIZER_LOADS, True, name=facts.name, reason="")
        rows = merge.loaded.embedding_rows if isinstance(merge.loaded, Loaded) else None
        yield _vocabulary_check(facts.length, rows, tokenizer_length(merge.base))


def _fails_alike(merge: StagedMerge, trouble: str) -> bool:
    return has_tokenizer(merge.base) and tokenizer_facts(merge.base, merge.cancel).trouble == trouble


def _vocabulary_check(length: int, rows: int | None, base_length: int | None) -> Check:
    data = {"tokenizer_length": length, "rows": rows}
    if rows is None:
        return Check(CheckCode.VOCABULARY_FITS, CheckStatus.SKIPPED, {"reason": SkipReason.NO_EMBEDDINGS})
    if length <= rows:
        return Check(CheckCode.VOCABULARY_FITS, CheckStatus.PASS, data)
    already = base_length is not None and base_length > rows
    return Check(CheckCode.VOCABULARY_FITS, CheckStatus.WARN if already else CheckStatus.FAIL, data)


CHECK = StagedCheck(_CODES, _checks, beside=True)
