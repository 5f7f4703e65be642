"""Checks by really loading the result, as anyone would: transformers, no adapter, no folder code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..checkpoints.tokenizer_files import TOKENIZER, TOKENIZER_CONFIG
from ..findings import Check, CheckCode, CheckStatus
from ..model_class import find_class, let_go, quiet
from .structure import check_of

_TOKENIZER_FILES = (TOKENIZER, TOKENIZER_CONFIG, "vocab.json", "vocab.txt", "tokenizer.model", "spiece.model")


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


def reload_checks(folder: Path, config: Mapping[str, Any], base_length: int | None) -> Reloaded:
    """Load ``folder`` with transformers, weights memory-mapped, and say what came back.

    ``base_length`` is the base tokenizer's length, to tell a fault of the merge from one the base had.
    """
    if config.get("auto_map") and find_class(config) is None:
        return Reloaded(None, _skipped("The model brings its own code, which MergeDesk never runs."))
    if find_class(config) is None:
        return Reloaded(None, _skipped("transformers has no class of this name."))
    try:
        loaded = load_facts(folder, config)
    except Exception as trouble:  # whatever a load raises is the answer to whether it loads
        name = str(config.get("architectures"))
        return Reloaded(None, (check_of(CheckCode.LOADS_AS_PLAIN_MODEL, False, name=name, reason=_line(trouble)),))
    checks = [
        check_of(CheckCode.LOADS_AS_PLAIN_MODEL, True, name=loaded.class_name, reason=""),
        check_of(CheckCode.CLASS_IS_PLAIN, loaded.is_plain, name=loaded.class_name),
        _keys_check(loaded),
        *tokenizer_checks(folder, loaded.embedding_rows, base_length),
    ]
    return Reloaded(loaded.class_name, tuple(checks))


def _skipped(reason: str) -> tuple[Check, ...]:
    codes = (CheckCode.LOADS_AS_PLAIN_MODEL, CheckCode.CLASS_IS_PLAIN, CheckCode.NO_KEYS_LEFT_OVER)
    return tuple(Check(code, CheckStatus.SKIPPED, {"reason": reason}) for code in codes)


def load_facts(folder: Path, config: Mapping[str, Any]) -> Loaded:
    """Really load the folder. Weights stay in the file: nothing is read that is not asked for."""
    from transformers import PreTrainedModel

    model_class = find_class(config)
    assert model_class is not None
    with quiet():
        model, leftover = model_class.from_pretrained(
            folder, dtype="auto", local_files_only=True, output_loading_info=True, trust_remote_code=False
        )
    name = type(model).__name__
    plain = isinstance(model, PreTrainedModel) and not hasattr(model, "peft_config")
    rows = _embedding_rows(model)
    keys = {kind: [str(key) for key in found] for kind, found in leftover.items() if found}
    let_go(model)
    return Loaded(name, plain, rows, keys)


def _embedding_rows(model: Any) -> int | None:
    try:
        weight = model.get_input_embeddings().weight
    except (NotImplementedError, AttributeError):
        return None
    return int(weight.shape[0])


def _keys_check(loaded: Loaded) -> Check:
    names = [name for found in loaded.leftover.values() for name in found]
    return check_of(CheckCode.NO_KEYS_LEFT_OVER, not names, kinds=list(loaded.leftover), names=names, count=len(names))


def tokenizer_checks(folder: Path, rows: int | None, base_length: int | None) -> tuple[Check, ...]:
    """The tokenizer loads, and every id it makes has a row in the embeddings."""
    if not any((folder / name).is_file() for name in _TOKENIZER_FILES):
        reason = {"reason": "The base has no tokenizer."}
        return (
            Check(CheckCode.TOKENIZER_LOADS, CheckStatus.SKIPPED, reason),
            Check(CheckCode.VOCABULARY_FITS, CheckStatus.SKIPPED, reason),
        )
    from transformers import AutoTokenizer

    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as trouble:  # as above: the error is the answer
        return (check_of(CheckCode.TOKENIZER_LOADS, False, name="", reason=_line(trouble)),)
    loads = check_of(CheckCode.TOKENIZER_LOADS, True, name=type(tokenizer).__name__, reason="")
    return loads, _vocabulary_check(len(tokenizer), rows, base_length)


def _vocabulary_check(length: int, rows: int | None, base_length: int | None) -> Check:
    data = {"tokenizer_length": length, "rows": rows}
    if rows is None:
        return Check(CheckCode.VOCABULARY_FITS, CheckStatus.SKIPPED, {"reason": ""})
    if length <= rows:
        return Check(CheckCode.VOCABULARY_FITS, CheckStatus.PASS, data)
    already = base_length is not None and base_length > rows
    return Check(CheckCode.VOCABULARY_FITS, CheckStatus.WARN if already else CheckStatus.FAIL, data)


def _line(trouble: BaseException) -> str:
    """The first line of an error, short enough to read."""
    return (str(trouble).strip().splitlines() or [type(trouble).__name__])[0][:300]
