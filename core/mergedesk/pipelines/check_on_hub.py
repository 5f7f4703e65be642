"""The check of a merge whose base is on a hub: by its small files and the headers of its weights, not by its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ..checkpoints.checkpoint import read_checkpoint
from ..domain.findings import Code, Data, Finding, info
from ..domain.folder_info import FolderInfo
from ..domain.hub_reference import HubReference
from ..domain.progress import CancelToken
from ..domain.requests import CheckRequest
from ..hub.bring import outlined
from ..hub.questions import Outline
from ..inspection.inspect_folder import inspect_folder
from ..planning.preflight import Preflight
from .base_pieces import room_for_pieces
from .check import check_by_headers, check_with_libraries


@contextmanager
def outline_of(reference: HubReference, cancel: CancelToken, token: str | None = None) -> Iterator[Outline]:
    """The outline of a model, there while the block lasts; with no folder where only its values would tell enough.

    Raises UserError and Cancelled.
    """
    with TemporaryDirectory(prefix="mergedesk-") as place:
        outline = outlined(reference, Path(place), cancel, token)
        yield outline if tells_enough(outline) else replace(outline, folder=None)


def check_on_hub(
    request: CheckRequest, reference: HubReference, outline: Outline, spent: float = 0.0, *, asks: bool = True
) -> Preflight:
    """``check_with_libraries`` of a base that is ``outline``, and that what the values would tell was not looked at.

    It names the base as the hub does. ``asks``: whether libraries may be asked.
    """
    assert outline.folder is not None
    by_headers, here = outline.left_bytes > 0, replace(request, base=outline.folder)
    if asks or not by_headers:
        preflight = check_with_libraries(here, spent, by_headers=by_headers)
    else:
        preflight = check_by_headers(here)
    if not by_headers:
        return preflight
    said = info(Code.BASE_BY_HEADERS, name=reference.text, left_bytes=outline.left_bytes)
    beside = room_for_pieces(read_checkpoint(outline.folder)) if preflight.base_bytes else None
    return replace(_named(preflight, outline.folder, reference).saying([said]), pieces_bytes=beside)


def named_on_hub(findings: Iterable[Finding], folder: Path, reference: HubReference) -> list[Finding]:
    """What was found of an outline, with the hub's name in the place of its folder."""
    return [_finding_named(finding, folder, reference.text) for finding in findings]


def tells_enough(outline: Outline) -> bool:
    """Whether it says how weights are packed: not so where more is read for that than was fetched."""
    if outline.folder is None or not outline.left_bytes:
        return outline.folder is not None
    said = inspect_folder(outline.folder).findings
    return all(finding.code is not Code.QUANTIZED_UNMERGEABLE for finding in said)


def _named(preflight: Preflight, folder: Path, reference: HubReference) -> Preflight:
    findings = tuple(_finding_named(finding, folder, reference.text) for finding in preflight.findings)
    return replace(preflight, base=_info_named(preflight.base, folder, reference), findings=findings)


def _info_named(seen: FolderInfo, folder: Path, reference: HubReference) -> FolderInfo:
    findings = tuple(_finding_named(finding, folder, reference.text) for finding in seen.findings)
    return replace(seen, path=reference.path, findings=findings)


def _finding_named(finding: Finding, folder: Path, name: str) -> Finding:
    return replace(finding, data={key: _text_named(value, folder, name) for key, value in finding.data.items()})


def _text_named(value: Data, folder: Path, name: str) -> Data:
    """Also where it goes by the last part of its path, which is a commit."""
    return value.replace(str(folder), name).replace(folder.name, name) if isinstance(value, str) else value
