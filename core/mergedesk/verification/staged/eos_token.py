"""Whether tokenizer, config and generation config agree on the token that ends a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...checkpoints.files import GENERATION_CONFIG, read_json
from ...domain.errors import UserError
from ...domain.findings import Check, CheckCode, CheckStatus, SkipReason, check_of
from .staged_check import StagedCheck, StagedMerge
from .tokenizer import TokenizerFacts


def _checks(merge: StagedMerge) -> Iterator[Check]:
    facts = merge.tokenizer
    if facts is None:
        yield Check(CheckCode.END_TOKEN_AGREES, CheckStatus.SKIPPED, {"reason": SkipReason.NO_TOKENIZER})
    elif not facts.trouble:
        yield end_of_text_check(merge.folder, merge.readable.config, facts)


def end_of_text_check(folder: Path, config: Mapping[str, Any], facts: TokenizerFacts) -> Check:
    """A remark where text would not end at the tokenizer's own end token; no failure, for the base may have it so."""
    stated = {
        "config.json": _ids(_eos(config)),
        "generation_config.json": _ids(_generation(folder).get("eos_token_id")),
    }
    known = {file: ids for file, ids in stated.items() if ids}
    if facts.eos_id is None or not known:
        return Check(CheckCode.END_TOKEN_AGREES, CheckStatus.SKIPPED, {"reason": SkipReason.END_TOKEN_UNSTATED})
    apart = [file for file, ids in known.items() if facts.eos_id not in ids]
    ids = [str(number) for number in sorted({number for found in known.values() for number in found})]
    check = check_of(
        CheckCode.END_TOKEN_AGREES, not apart, token=facts.eos_token, id=str(facts.eos_id), names=list(apart), ids=ids
    )
    return replace(check, status=CheckStatus.WARN) if apart else check


def _eos(config: Mapping[str, Any]) -> Any:
    """The config's own, or that of the language model inside it."""
    inner = config.get("text_config")
    own = config.get("eos_token_id")
    return inner.get("eos_token_id") if own is None and isinstance(inner, Mapping) else own


def _generation(folder: Path) -> Mapping[str, Any]:
    try:
        return read_json(folder / GENERATION_CONFIG)
    except UserError:
        return {}


def _ids(stated: object) -> list[int]:
    numbers = stated if isinstance(stated, list) else [stated]
    return [number for number in numbers if isinstance(number, int) and not isinstance(number, bool)]


CHECK = StagedCheck((CheckCode.END_TOKEN_AGREES,), _checks, beside=True)
