"""An adapter of any known tool, written anew as PEFT saves one."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..checkpoints.adapter import Adapter, read_adapter
from ..domain.conversion_report import ConversionReport, ConversionStatus
from ..domain.findings import Code, Finding, UserError, any_error, error
from ..domain.progress import CancelToken
from ..foreign_adapters.registry import needs_base, settled
from ..inspection.inspect_folder import read_folder
from ..output.adapter_files import write_adapter
from ..output.companions import carried_by_adapter
from ..output.staging import staged
from ..planning.adapter_repair import repair
from ..planning.checks.output_folder import output_findings
from ..storage.file_identity import FileIdentity, changed_among, identities_in
from ..storage.strided_path import true_file


@dataclass(frozen=True, slots=True)
class ConversionRequest:
    """What is to be written where. ``base``: the model it is for, where its form depends on that."""

    adapter: Path
    output: Path
    base: Path | None = None
    overwrite: bool = False


def convert_adapter(request: ConversionRequest, cancel: CancelToken) -> ConversionReport:
    """Write the adapter to ``output`` in PEFT's form. Trouble becomes findings; nothing half is left.

    Raises Cancelled.
    """
    began, before = time.monotonic(), identities_in([request.adapter])
    adapter, findings = _prepared(request)
    if adapter is None or any_error(findings):
        return ConversionReport(ConversionStatus.REFUSED, request.output, tuple(findings))
    try:
        findings += _written(adapter, request, before, cancel)
    except UserError as trouble:
        return ConversionReport(ConversionStatus.FAILED, request.output, (*findings, trouble.finding()))
    done = _described(adapter, request.output)
    return replace(done, findings=tuple(findings), seconds=time.monotonic() - began)


def _prepared(request: ConversionRequest) -> tuple[Adapter | None, list[Finding]]:
    """The adapter in PEFT's form, and what is to be said of it and of the output."""
    contents = read_folder(request.adapter)
    inputs = [path for path in (request.adapter, request.base) if path]
    findings = [*contents.folder_info.findings, *output_findings(request.output, inputs, request.overwrite)]
    adapter = contents.adapter
    if adapter is None or contents.checkpoint is not None:
        wrong = [] if any_error(findings) else [error(Code.ADAPTER_NOT_AN_ADAPTER, path=str(request.adapter))]
        return None, [*findings, *wrong]
    fitted, said = _fitted(adapter, request.base)
    return fitted, [*findings, *said]


def _fitted(adapter: Adapter, base: Path | None) -> tuple[Adapter, list[Finding]]:
    """The adapter with what the base tells of its layout, and its names put right."""
    if base is None:
        return adapter, [error(Code.FOREIGN_NEEDS_BASE, tool=adapter.origin)] if needs_base(adapter) else []
    contents = read_folder(base)
    if contents.checkpoint is None:
        of_base = list(contents.folder_info.findings)
        return adapter, of_base if any_error(of_base) else [error(Code.BASE_NOT_A_MODEL, path=str(base))]
    adapter, of_origin = settled(adapter, contents.checkpoint)
    adapter, of_names = repair(adapter, contents.checkpoint)
    return adapter, [*of_origin, *of_names]


def _written(
    adapter: Adapter, request: ConversionRequest, before: Mapping[Path, FileIdentity], cancel: CancelToken
) -> list[Finding]:
    """Write, look at what lies on the disk, publish. Raises UserError and Cancelled."""
    with staged(request.output) as staging:
        for name, file in carried_by_adapter(adapter.folder).items():
            shutil.copyfile(file, staging.folder / name)
        write_adapter(adapter, staging.folder, cancel.check)
        if _headers(read_adapter(staging.folder)) != _headers(adapter):
            raise UserError(Code.WRITE_FAILED, file=str(request.output), reason="")
        files = {true_file(record.file) for record in adapter.tensors.values()}
        if (changed := changed_among(files, before)) is not None:
            raise UserError(Code.INPUT_CHANGED, file=changed.name)
        return staging.publish(request.overwrite)


def _headers(adapter: Adapter) -> dict[str, Any]:
    return {name: (record.dtype, record.shape) for name, record in adapter.tensors.items()}


def _described(adapter: Adapter, output: Path) -> ConversionReport:
    config = adapter.config
    return ConversionReport(
        ConversionStatus.CONVERTED,
        output,
        origin=adapter.origin,
        r=config.get("r"),
        lora_alpha=config.get("lora_alpha"),
        tensors=len(adapter.tensors),
        bytes=sum(file.stat().st_size for file in output.iterdir()),
    )
