"""What is known of an export before anything is converted: whether it can be, what it takes, where it may go."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import EXPORT_REPORT
from ..checkpoints.tokenizer_files import broken_tokenizer_files, has_tokenizer
from ..domain.findings import Code, Finding, any_error, error, info
from ..domain.gguf_export import ExportForecast, GgufForm, GgufRequest
from ..inspection.inspect_folder import FolderContents, read_folder
from ..llama_cpp.sources import class_to_convert, converter, has_quantizer, known_classes
from ..llama_cpp.types import DEFAULT, TYPES, GgufType, lossless_type
from ..methods.lora.one_alpha import with_one_alpha
from ..quantization.detect import stated_quantization
from .checks.output_folder import existing_parent, free_bytes, output_findings, space_findings
from .gguf_lora_checks import fit_findings, lora_findings
from .plan import bytes_of

# What a merge wants to be told of packed weights.
_OF_MERGES = (Code.QUANTIZED_BASE, Code.QUANTIZED_UNMERGEABLE)
# Measured on the machine that bench.py names; a forecast that is right within a factor of two.
_START_SECONDS = 12.0
_SECONDS_PER_WEIGHT = {"F32": 4e-9, "F16": 6e-9, "BF16": 6e-9, "Q8_0": 18e-9}
_QUANTIZE_SECONDS, _PROVE_SECONDS = 60e-9, 9e-9
_DEQUANTIZE_SECONDS = 10e-9


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """``first``: what the converter makes; ``then``: what that is quantised to. ``keeps``: the first is wanted too."""

    first: GgufType
    then: tuple[GgufType, ...]
    keeps: bool
    forecast: ExportForecast

    @property
    def wanted(self) -> tuple[GgufType, ...]:
        """The types of all files that are kept."""
        return (*((self.first,) if self.keeps else ()), *self.then)


@dataclass(frozen=True, slots=True)
class PreparedExport:
    """``plan`` is None exactly where an error is among the findings.

    ``dequantizes``: ``checkpoint`` has packed weights, or a config that says so; a plain copy is converted.
    """

    findings: tuple[Finding, ...]
    plan: ExportPlan | None = None
    checkpoint: Checkpoint | None = None
    adapter: Adapter | None = None
    dequantizes: bool = False


def prepare_export(request: GgufRequest) -> PreparedExport:
    """Look at folders and types. Trouble becomes findings."""
    contents = read_folder(request.source, request.follow_links)
    of_adapter = request.to is GgufForm.GGUF_LORA
    findings = [*_tools(), *(_adapter(contents, request) if of_adapter else _model(contents, request))]
    findings += _output(request)
    checkpoint = _base(request, contents, findings) if of_adapter else contents.dequantized or contents.checkpoint
    if any_error(findings) or checkpoint is None:
        return PreparedExport(tuple(findings))
    dequantizes = not of_adapter and says_packed(contents)
    plan = _plan(_types(request), checkpoint, contents.adapter if of_adapter else None, copied=dequantizes)
    if any(not kind.outtype for kind in (plan.first, *plan.then)) and not has_quantizer():
        findings.append(error(Code.GGUF_NO_QUANTIZER))
    findings += space_findings(request.output, plan.forecast.needed_bytes, free_bytes(request.output))
    if any_error(findings):
        return PreparedExport(tuple(findings))
    told = info(Code.GGUF_FORECAST, output_bytes=plan.forecast.bytes, seconds=round(plan.forecast.seconds))
    adapter = with_one_alpha(contents.adapter) if contents.adapter is not None else None
    said = [info(Code.GGUF_DEQUANTIZES, bytes=bytes_of(checkpoint.tensors.values()))] if dequantizes else []
    return PreparedExport((*findings, *said, told), plan, checkpoint, adapter or contents.adapter, dequantizes)


def _types(request: GgufRequest) -> tuple[GgufType, ...]:
    names = dict.fromkeys(name.upper() for name in request.types) or (
        DEFAULT if request.to is GgufForm.GGUF else "F16",
    )
    return tuple(TYPES[name] for name in names)


def _tools() -> Iterator[Finding]:
    if converter() is None:
        yield error(Code.GGUF_NO_CONVERTER)


def _model(contents: FolderContents, request: GgufRequest) -> Iterator[Finding]:
    checkpoint, refused = contents.checkpoint, refused_model(contents)
    if refused or checkpoint is None:
        yield from refused
        return
    yield from _class(checkpoint)
    if not has_tokenizer(checkpoint.folder):
        yield error(Code.GGUF_NO_TOKENIZER, path=str(request.source))
    yield from (error(Code.GGUF_TOKENIZER_BROKEN, file=name) for name in broken_tokenizer_files(checkpoint.folder))


def refused_model(contents: FolderContents) -> list[Finding]:
    """Why a folder is no model whose weights can be read, be they packed or not; nothing where it is one."""
    path = str(contents.folder_info.path)
    if contents.folder_info.quantization is not None and contents.dequantized is None:
        return [error(Code.GGUF_FROM_PACKED, path=path)]
    said = (finding for finding in contents.folder_info.findings if finding.code not in _OF_MERGES)
    errors = [finding for finding in said if any_error([finding])]
    return errors or ([error(Code.GGUF_NOT_A_MODEL, path=path)] if contents.checkpoint is None else [])


def says_packed(contents: FolderContents) -> bool:
    """Whether llama.cpp's converter, or transformers, would take the folder for one of packed weights."""
    config = contents.checkpoint.config if contents.checkpoint else {}
    return contents.dequantized is not None or stated_quantization(config) is not None


def _class(checkpoint: Checkpoint) -> Iterator[Finding]:
    name, known = class_to_convert(checkpoint.config), known_classes()
    if not name:
        yield error(Code.EXPORT_CLASS_UNNAMED, path=str(checkpoint.folder))
    elif known and name not in known:
        yield error(Code.GGUF_CLASS_UNKNOWN, name=name, count=len(known))


def _adapter(contents: FolderContents, request: GgufRequest) -> Iterator[Finding]:
    adapter = contents.adapter
    if adapter is None or contents.checkpoint is not None:
        yield error(Code.GGUF_NOT_AN_ADAPTER, path=str(request.source))
        return
    yield from lora_findings(adapter)


def _base(request: GgufRequest, adapter: FolderContents, findings: list[Finding]) -> Checkpoint | None:
    if request.base is None:
        findings.append(error(Code.GGUF_NEEDS_BASE))
        return None
    contents = read_folder(request.base, request.follow_links)
    checkpoint = contents.checkpoint
    if checkpoint is None:
        findings.append(error(Code.GGUF_NOT_A_MODEL, path=str(request.base)))
        return None
    findings.extend(_class(checkpoint))
    plain = contents.dequantized if contents.folder_info.quantization else checkpoint
    if adapter.adapter is not None and plain is not None and not any_error(findings):
        findings.extend(fit_findings(adapter.adapter, plain))
    return checkpoint


def _output(request: GgufRequest) -> Iterator[Finding]:
    if not request.is_one_file:
        yield from _folder(request)
        return
    output, parent = request.output, existing_parent(request.output)
    if inside := next((folder for folder in _inputs(request) if folder.resolve() in output.resolve().parents), None):
        yield error(Code.OUTPUT_IS_INPUT, path=str(output), input=str(inside))
    elif output.is_dir() or not parent.is_dir() or not os.access(parent, os.W_OK):
        yield error(Code.OUTPUT_NOT_WRITABLE, path=str(output))
    elif os.path.lexists(output):
        replaced = info(Code.OUTPUT_WILL_BE_REPLACED, path=str(output))
        yield replaced if request.overwrite else error(Code.GGUF_FILE_EXISTS, path=str(output))


def _inputs(request: GgufRequest) -> list[Path]:
    return [request.source, *([request.base] if request.base else [])]


def _folder(request: GgufRequest) -> Iterator[Finding]:
    """A folder that an export made may be replaced as well as a model."""
    for finding in output_findings(request.output, _inputs(request), request.overwrite):
        if finding.code is Code.OUTPUT_NOT_REPLACEABLE and is_export(request.output):
            yield info(Code.OUTPUT_WILL_BE_REPLACED, path=str(request.output))
        else:
            yield finding


def is_export(folder: Path) -> bool:
    """Whether there is nothing in a folder but what an export leaves."""
    names = {entry.name for entry in folder.iterdir()}
    return EXPORT_REPORT in names and all(name == EXPORT_REPORT or name.endswith(".gguf") for name in names)


def _plan(wanted: tuple[GgufType, ...], checkpoint: Checkpoint, adapter: Adapter | None, *, copied: bool) -> ExportPlan:
    """Converted once: to the one type that is wanted, else to one that holds every weight as it is.

    ``copied``: a plain copy is written before.
    """
    if adapter is not None:
        weights = sum(record.elements for record in adapter.tensors.values())
        return ExportPlan(wanted[0], (), True, _forecast(weights, 0, wanted[:1], None))
    dtypes = frozenset(record.dtype for record in checkpoint.tensors.values() if record.is_floating)
    whole = lossless_type(dtypes)
    first = wanted[0] if len(wanted) == 1 and wanted[0].outtype else whole
    then = tuple(kind for kind in wanted if kind is not first)
    beside = sum(file.stat().st_size for file in checkpoint.folder.glob("*.json"))
    forecast = _forecast(checkpoint.parameters, beside, wanted, None if first in wanted else first)
    if copied:
        needed = forecast.needed_bytes + bytes_of(checkpoint.tensors.values())
        seconds = forecast.seconds + checkpoint.parameters * _DEQUANTIZE_SECONDS
        forecast = replace(forecast, needed_bytes=needed, seconds=seconds)
    return ExportPlan(first, then, first in wanted, forecast)


def _forecast(weights: int, beside: int, wanted: tuple[GgufType, ...], between: GgufType | None) -> ExportForecast:
    """``beside``: bytes of configs and tokenizer, about as many as a file's metadata. ``between``: not kept."""
    sizes = [file_bytes(weights, beside, kind) for kind in wanted]
    needed = sum(sizes) + (file_bytes(weights, beside, between) if between else 0)
    first = between or wanted[0]
    seconds = _START_SECONDS + weights * _SECONDS_PER_WEIGHT.get(first.name, 6e-9)
    seconds += weights * (_QUANTIZE_SECONDS * (len(wanted) - (between is None)) + _PROVE_SECONDS * len(wanted))
    return ExportForecast(sum(sizes), needed, seconds)


def file_bytes(weights: int, beside: int, kind: GgufType) -> int:
    """A file's size, foretold."""
    return int(weights * kind.bits / 8) + beside
