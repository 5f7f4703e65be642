"""The whole proof of a GGUF file against a model folder: what it holds, then every value."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...checkpoints.adapter import Adapter
from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Check, CheckCode, CheckStatus, UserError, check_of
from ...storage.gguf_header import GgufHeader, read_gguf_header
from ...storage.gguf_sizes import missing_bytes, stored_bytes
from ...storage.open_files import open_files
from .expected import KNOWN, Expectation, adapter_expectation, expectation_of
from .metadata import rope_check, size_check
from .values import Compared, compare, type_name
from .words import word_checks, words_of

_WORKERS = 2
_LISTED = 20

Advance = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class GgufProof:
    """``type``: the type of most of its weights. ``loss``: ‖error‖ ÷ ‖weights‖, None where values were not compared."""

    checks: tuple[Check, ...]
    type: str = ""
    loss: float | None = None

    @property
    def is_right(self) -> bool:
        """Whether nothing speaks against it."""
        return all(check.status is not CheckStatus.FAIL for check in self.checks)


def text_config(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The text model's part of a config, with what stands around it."""
    inner = config.get("text_config")
    return {**config, **inner} if isinstance(inner, Mapping) else config


def prove(
    file: Path, checkpoint: Checkpoint, counter: Callable[[int], Advance], check: Callable[[], None]
) -> GgufProof:
    """``counter`` is told how many bytes there are to look at, ``check`` may raise. Raises UserError(read_failed)."""
    try:
        header = read_gguf_header(file)
    except UserError as trouble:
        return GgufProof((check_of(CheckCode.GGUF_HEADER, False, reason=trouble.data.get("reason", "")),))
    whole = _whole_check(header)
    config = text_config(checkpoint.config)
    described = [
        whole,
        size_check(header, config),
        rope_check(header, config),
        *word_checks(header, words_of(checkpoint.folder)),
    ]
    if whole.status is CheckStatus.FAIL:
        return GgufProof(tuple(described), _main_type(header))
    with open_files() as files:
        expectation = expectation_of(checkpoint, config, header, files)
        return _held_against(header, expectation, described, counter, check)


def prove_adapter(
    file: Path, adapter: Adapter, base: Checkpoint, counter: Callable[[int], Advance], check: Callable[[], None]
) -> GgufProof:
    """The same of a GGUF LoRA against the adapter that it was made of. Raises UserError(gguf_broken, read_failed)."""
    header = read_gguf_header(file)
    described = [_whole_check(header), _alpha_check(header, adapter)]
    if described[0].status is CheckStatus.FAIL:
        return GgufProof(tuple(described), _main_type(header))
    with open_files() as files:
        expectation = adapter_expectation(adapter, text_config(base.config), header, files)
        return _held_against(header, expectation, described, counter, check)


def _alpha_check(header: GgufHeader, adapter: Adapter) -> Check:
    """All that a GGUF LoRA says of itself beside its tensors and the architecture that they are named by."""
    alpha, wanted = header.values.get("adapter.lora.alpha"), float(adapter.config.get("lora_alpha") or 0)
    stored = alpha if isinstance(alpha, float) else None
    same = stored is not None and math.isclose(stored, wanted, rel_tol=1e-6)
    return check_of(CheckCode.GGUF_ALPHA, same, stored=stored, wanted=wanted)


def _held_against(
    header: GgufHeader,
    expectation: Expectation | None,
    described: list[Check],
    counter: Callable[[int], Advance],
    check: Callable[[], None],
) -> GgufProof:
    if expectation is None:
        return GgufProof((*described, _unknown(header)), _main_type(header))
    compared = _compared(header, expectation, counter, check)
    checks = (*described, _tensors_check(header, expectation), _values_check(header, compared))
    return GgufProof(checks, _main_type(header), _loss(compared))


def _whole_check(header: GgufHeader) -> Check:
    """Every tensor lies within the file, and has a type that ``gguf`` knows."""
    sizes = {name: stored_bytes(tensor) for name, tensor in header.tensors.items()}
    unknown = [name for name, size in sizes.items() if size is None]
    if unknown or not sizes:
        reason = f"{unknown[0]} has a type that is not known" if unknown else "there are no tensors in it"
        return check_of(CheckCode.GGUF_HEADER, False, reason=reason)
    missing = missing_bytes(header)
    return check_of(CheckCode.GGUF_READS, not missing, tensors=len(sizes), missing_bytes=missing)


def _main_type(header: GgufHeader) -> str:
    sizes: dict[str, int] = {}
    for tensor in header.tensors.values():
        name = type_name(tensor)
        sizes[name] = sizes.get(name, 0) + math.prod(tensor.shape)
    return max(sizes, key=sizes.__getitem__, default="")


def _unknown(header: GgufHeader) -> Check:
    """``gguf`` has no names for the tensors of such an architecture."""
    counts = {"count": len(header.tensors), "wanted": 0, "missing": 0, "extra": len(header.tensors)}
    return Check(CheckCode.GGUF_TENSORS, CheckStatus.WARN, {**counts, "names": [header.architecture]})


def _tensors_check(header: GgufHeader, expectation: Expectation) -> Check:
    missing = [name for name in expectation.tensors if name not in header.tensors]
    extra = [name for name in header.tensors if name not in expectation.tensors]
    shaped = [
        name for name, wanted in expectation.tensors.items()
        if name in header.tensors and not _fits(header, name, wanted.shape)
    ]  # fmt: skip
    missing += expectation.unplaced
    wrong = [*extra, *shaped]
    made = check_of(
        CheckCode.GGUF_TENSORS,
        not (missing or wrong),
        count=len(header.tensors),
        wanted=len(expectation.tensors),
        missing=len(missing),
        extra=len(wrong),
        names=[*missing, *wrong][:_LISTED],
    )
    return _weighed(made, header)


def _weighed(made: Check, header: GgufHeader) -> Check:
    """Of an architecture whose layout is not known here, what differs is told and refutes nothing."""
    known = header.architecture in KNOWN or made.status is not CheckStatus.FAIL
    return made if known else replace(made, status=CheckStatus.WARN)


def _fits(header: GgufHeader, name: str, shape: tuple[int, ...]) -> bool:
    """Rows of embeddings beyond the vocabulary may be left out."""
    stored = header.tensors[name].shape
    if stored == shape or math.prod(stored) == math.prod(shape) == (stored[-1] if stored else 1):
        return True
    tokens = header.values.get("tokenizer.ggml.tokens")
    count = len(tokens) if isinstance(tokens, list) else 0
    return name in ("token_embd.weight", "output.weight") and stored == (min(count, shape[0]), *shape[1:])


def _compared(
    header: GgufHeader, expectation: Expectation, counter: Callable[[int], Advance], check: Callable[[], None]
) -> dict[str, Compared]:
    """What has another shape is not looked at."""
    names = [
        name for name, wanted in expectation.tensors.items()
        if name in header.tensors and _fits(header, name, wanted.shape)
    ]  # fmt: skip
    advance = counter(sum(stored_bytes(header.tensors[name]) or 0 for name in names))

    def work(name: str) -> Compared:
        def step(nbytes: int) -> None:
            check()
            advance(nbytes, name)

        return compare(header, header.tensors[name], expectation.tensors[name], step)

    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="mergedesk-gguf") as pool:
        return dict(zip(names, pool.map(work, names), strict=True))


def _values_check(header: GgufHeader, compared: Mapping[str, Compared]) -> Check:
    wrong = [name for name, one in compared.items() if not one.is_right]
    made = check_of(
        CheckCode.GGUF_VALUES,
        not wrong,
        count=len(compared),
        wrong=len(wrong),
        names=wrong[:_LISTED],
        types=_types(compared),
        loss_percent=_short(_loss(compared)),
        architecture=header.architecture,
    )
    judged = bool(compared) and all(one.judged for one in compared.values())
    return _weighed(made, header) if wrong or judged else replace(made, status=CheckStatus.WARN)


def _types(compared: Mapping[str, Compared]) -> list[str]:
    return sorted({one.type for one in compared.values()})


def _loss(compared: Mapping[str, Compared]) -> float | None:
    noise, power = (sum(getattr(one, name) for one in compared.values()) for name in ("noise", "power"))
    return math.sqrt(noise / power) if power else None


def _short(loss: float | None) -> float | None:
    return None if loss is None else float(f"{100 * loss:.3g}")
