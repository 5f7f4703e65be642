"""Checks by really loading the result, as anyone would: transformers, no adapter, no folder code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...checkpoints.checkpoint import read_checkpoint
from ...checkpoints.files import CONFIG, read_json
from ...checkpoints.tokenizer_files import tokenizer_length
from ...domain.findings import Check, CheckCode, CheckStatus, SkipReason
from ...domain.progress import CancelToken
from ...planning.transformers_conversion import conversion_for, stacked_names
from ...runtime.transformers_class import find_class, let_go, quiet
from .eos_token import end_of_text_check
from .structure import check_of
from .tokenizer import first_line, has_tokenizer, tokenizer_facts

_UNEXPECTED = "unexpected_keys"


@dataclass(frozen=True, slots=True)
class Reloaded:
    """The class that a real load gave, None if it did not, and the checks on it."""

    class_name: str | None
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one load tells: class, row counts of its embeddings, and keys that did not go together."""

    class_name: str
    is_plain: bool
    embedding_rows: int | None
    leftover: Mapping[str, list[str]]


def reload_checks(folder: Path, config: Mapping[str, Any], base: Path, cancel: CancelToken) -> Reloaded:
    """Load ``folder`` with transformers, weights memory-mapped, and its tokenizer, and say what came back.

    ``base`` tells a fault of the merge from one that the base had. Raises Cancelled.
    """
    if find_class(config) is None:
        reason = SkipReason.OWN_CODE if config.get("auto_map") else SkipReason.NO_CLASS
        return Reloaded(None, (*_skipped(reason), *tokenizer_checks(folder, config, None, base, cancel)))
    try:
        loaded = load_facts(folder, config)
    except Exception as trouble:  # whatever a load raises is the answer to whether it loads
        # A base that could not be loaded before either was not harmed by the merge.
        as_before = _fails_alike(base, folder, trouble)
        data = {"name": str(config.get("architectures")), "reason": first_line(trouble)}
        check = Check(CheckCode.LOADS_AS_PLAIN_MODEL, CheckStatus.WARN if as_before else CheckStatus.FAIL, data)
        return Reloaded(None, (check, *tokenizer_checks(folder, config, None, base, cancel)))
    checks = [
        check_of(CheckCode.LOADS_AS_PLAIN_MODEL, True, name=loaded.class_name, reason=""),
        check_of(CheckCode.CLASS_IS_PLAIN, loaded.is_plain, name=loaded.class_name),
        _keys_check(loaded, base),
        *tokenizer_checks(folder, config, loaded.embedding_rows, base, cancel),
    ]
    return Reloaded(loaded.class_name, tuple(checks))


def _skipped(reason: SkipReason) -> tuple[Check, ...]:
    codes = (CheckCode.LOADS_AS_PLAIN_MODEL, CheckCode.CLASS_IS_PLAIN, CheckCode.NO_KEYS_LEFT_OVER)
    return tuple(Check(code, CheckStatus.SKIPPED, {"reason": reason}) for code in codes)


def _fails_alike(base: Path, folder: Path, trouble: Exception) -> bool:
    """Whether loading the base itself ends in the same error."""
    try:
        load_facts(base, read_json(base / CONFIG))
    except Exception as before:  # as above: the error is the answer
        return first_line(before).replace(str(base), "") == first_line(trouble).replace(str(folder), "")
    return False


def load_facts(folder: Path, config: Mapping[str, Any]) -> Loaded:
    """Really load the folder. Weights stay in the file: nothing is read that is not asked for.

    Where the class puts stored tensors together, which would be copies of them in memory, only shapes are.
    """
    from transformers import PreTrainedModel

    model_class = find_class(config)
    assert model_class is not None
    device = "meta" if _puts_together(folder, config) else None
    with quiet():
        model, leftover = model_class.from_pretrained(
            folder,
            dtype="auto",
            device_map=device,
            local_files_only=True,
            output_loading_info=True,
            trust_remote_code=False,
        )
    name = type(model).__name__
    plain = isinstance(model, PreTrainedModel) and not hasattr(model, "peft_config")
    rows = _embedding_rows(model)
    keys = {kind: [str(key) for key in found] for kind, found in leftover.items() if found}
    let_go(model)
    return Loaded(name, plain, rows, keys)


def _puts_together(folder: Path, config: Mapping[str, Any]) -> bool:
    """Whether loading makes parameters out of several stored tensors, as with experts that are stored one by one."""
    stored = read_checkpoint(folder).tensors
    return any(stacked_names(conversion_for(config, stored), stored))


def _embedding_rows(model: Any) -> int | None:
    try:
        weight = model.get_input_embeddings().weight
    except (NotImplementedError, AttributeError):
        return None
    return int(weight.shape[0])


def _keys_check(loaded: Loaded, base: Path) -> Check:
    """Tensors that the class has no place for, or lacks; such as loading the base leaves over too are no failure."""
    names = [name for found in loaded.leftover.values() for name in found]
    kinds = list(loaded.leftover)
    check = check_of(CheckCode.NO_KEYS_LEFT_OVER, not names, kinds=kinds, names=list(names), count=len(names))
    return replace(check, status=CheckStatus.WARN) if names and _left_over_before(loaded.leftover, base) else check


def _left_over_before(leftover: Mapping[str, list[str]], base: Path) -> bool:
    """Whether the base itself has, or lacks, the same; it is loaded only where its names alone do not tell."""
    try:
        stored = read_checkpoint(base).tensors
        if leftover.keys() == {_UNEXPECTED} and stored.keys() >= set(leftover[_UNEXPECTED]):
            return True
        before = load_facts(base, read_json(base / CONFIG)).leftover
    except Exception:  # a base that cannot be loaded explains nothing
        return False
    return all(set(found) <= set(before.get(kind, ())) for kind, found in leftover.items())


def tokenizer_checks(
    folder: Path, config: Mapping[str, Any], rows: int | None, base: Path, cancel: CancelToken
) -> tuple[Check, ...]:
    """The tokenizer loads, every id it makes has a row in the embeddings, and its end token is the configs'."""
    if not has_tokenizer(folder):
        codes = (CheckCode.TOKENIZER_LOADS, CheckCode.VOCABULARY_FITS, CheckCode.END_TOKEN_AGREES)
        return tuple(Check(code, CheckStatus.SKIPPED, {"reason": SkipReason.NO_TOKENIZER}) for code in codes)
    facts = tokenizer_facts(folder, cancel)
    if facts.trouble:
        # Files that could not be loaded before either were not harmed by the merge.
        as_before = has_tokenizer(base) and tokenizer_facts(base, cancel).trouble == facts.trouble
        status = CheckStatus.WARN if as_before else CheckStatus.FAIL
        return (Check(CheckCode.TOKENIZER_LOADS, status, {"name": "", "reason": facts.trouble}),)
    loads = check_of(CheckCode.TOKENIZER_LOADS, True, name=facts.name, reason="")
    fits = _vocabulary_check(facts.length, rows, tokenizer_length(base))
    return loads, fits, end_of_text_check(folder, config, facts)


def _vocabulary_check(length: int, rows: int | None, base_length: int | None) -> Check:
    data = {"tokenizer_length": length, "rows": rows}
    if rows is None:
        return Check(CheckCode.VOCABULARY_FITS, CheckStatus.SKIPPED, {"reason": SkipReason.NO_EMBEDDINGS})
    if length <= rows:
        return Check(CheckCode.VOCABULARY_FITS, CheckStatus.PASS, data)
    already = base_length is not None and base_length > rows
    return Check(CheckCode.VOCABULARY_FITS, CheckStatus.WARN if already else CheckStatus.FAIL, data)
