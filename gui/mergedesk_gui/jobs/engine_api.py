"""The engine's functions the window calls, gathered so that tests can put others in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .demo_api import DemoBackend
from .quiet_imports import importing_quietly
from .trial_api import TrialBackend
from .usage_api import UsageBackend

if TYPE_CHECKING:
    from mergedesk.domain.merge_report import MergeReport
    from mergedesk.domain.progress import CancelToken, Report
    from mergedesk.domain.requests import MergeRequest, VerifyRequest
    from mergedesk.domain.verdict import Verdict
    from mergedesk.inspection.inspect_folder import FolderInfo
    from mergedesk.pipelines.merge import Preflight
    from mergedesk.planning.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Backend:
    """Everything the window asks of the engine. All of it is called off the GUI thread."""

    inspect_folder: Callable[[Path], FolderInfo]
    find_base: Callable[[FolderInfo], Path | None]
    check: Callable[[MergeRequest], Preflight]
    merge: Callable[[MergeRequest, Report, CancelToken], MergeReport]
    warm_up: Callable[[], None]
    peft_script: Callable[[MergeRequest], str]
    verify: Callable[[VerifyRequest, Report, CancelToken], Verdict]
    find_origins: Callable[[Path, Sequence[Path]], Provenance | None]
    trials: TrialBackend = field(default_factory=TrialBackend)
    usage: UsageBackend = field(default_factory=UsageBackend)
    demo: DemoBackend = field(default_factory=DemoBackend)


def engine() -> Backend:
    """The real engine. Each part is imported at its first call, so that the window can appear before."""
    return Backend(
        inspect_folder=_inspect_folder,
        find_base=_find_base,
        check=_check,
        merge=_merge,
        warm_up=_warm_up,
        peft_script=_peft_script,
        verify=_verify,
        find_origins=_find_origins,
    )


def _inspect_folder(folder: Path) -> FolderInfo:
    from mergedesk.inspection.inspect_folder import inspect_folder

    return inspect_folder(folder)


def _find_base(adapter: FolderInfo) -> Path | None:
    from mergedesk.inspection.find_local import find_base

    return find_base(adapter)


def _check(request: MergeRequest) -> Preflight:
    from mergedesk.pipelines.merge import check

    return check(request)


def _merge(request: MergeRequest, report: Report, cancel: CancelToken) -> MergeReport:
    from mergedesk.pipelines.merge import merge

    return merge(request, report, cancel)


def _warm_up() -> None:
    from mergedesk.pipelines.merge import warm_up

    with importing_quietly():
        warm_up()


def _peft_script(request: MergeRequest) -> str:
    from mergedesk.reports.equivalent_code import peft_script

    return peft_script(request)


def _verify(request: VerifyRequest, report: Report, cancel: CancelToken) -> Verdict:
    from mergedesk.pipelines.verify import verify

    return verify(request, report, cancel)


def _find_origins(merged: Path, known: Sequence[Path]) -> Provenance | None:
    from mergedesk.planning.provenance import find_origins

    return find_origins(merged, known)
