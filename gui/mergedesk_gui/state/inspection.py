"""Look at the chosen folders, in whatever thread calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mergedesk.domain.findings import Code, UserError, all_about, error
from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.hub_reference import as_typed, folder_or_name, reference_of
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.storage.file_identity import real_path
from mergedesk.support.failures import Failure, failure_of

from .consents import is_about_consent
from .form import Form, proposed_output
from .mode import FolderRole
from .output_naming import BESIDE, OutputNaming

if TYPE_CHECKING:
    from mergedesk.domain.findings import Finding
    from mergedesk.domain.folder_info import FolderInfo
    from mergedesk.domain.precision_advice import PrecisionAdvice
    from mergedesk.domain.requests import MergeRequest
    from mergedesk.planning.preflight import Preflight

    from ..jobs.engine_api import EngineApi

_CHECKPOINT = "checkpoint-"
_WANT_ANOTHER_BASE = frozenset(
    {
        Code.WRONG_BASE_NAME,
        Code.BASE_NOT_A_MODEL,
        Code.ALREADY_MERGED,
        Code.KEYS_UNMATCHED,
        Code.SHAPE_MISMATCH,
        Code.TARGETS_NOT_FLOATING,
        Code.PEFT_FAILED,
    }
)
_WANT_ANOTHER_CHECKPOINT = frozenset({Code.ADAPTER_UNTRAINED, Code.MODULES_UNTRAINED, Code.ADAPTER_NOT_FINITE})
MODEL_KINDS = frozenset({FolderKind.MODEL, FolderKind.QUANTIZED_MODEL, FolderKind.GGUF})


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is known about ``choices``. While it is not ``complete``, more is on its way.

    ``output`` is the chosen folder, or the proposed one where none is chosen.
    """

    choices: Form
    base: FolderInfo | None = None
    adapters: tuple[FolderInfo, ...] = ()
    found_base: Path | None = None
    output: Path | None = None
    preflight: Preflight | None = None
    failure: Failure | None = None
    complete: bool = False
    merged: FolderInfo | None = None
    merged_is_also: FolderRole | None = None
    """The input that is the very folder of the merged model, where one is."""
    hub_base: str | None = None
    """The name of the base on a hub, where it is not on this computer."""
    siblings: tuple[Path, ...] = ()
    """The checkpoints of the run that the adapter in trouble is one of, the latest last."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything to tell the person before the merge, or before the verification of one."""
        of_merged = all_about(self.merged.path, self.merged.findings) if self.merged else ()
        if self.preflight is not None:
            return (*self._of_preflight(self.preflight), *of_merged)
        seen = [all_about(info.path, info.findings) for info in (self.base, *self.adapters) if info]
        return (*(finding for findings in seen for finding in findings), *of_merged)

    def _of_preflight(self, preflight: Preflight) -> tuple[Finding, ...]:
        if not self.choices.verifies:
            return preflight.findings
        # What a merge asks consent for is nothing to decide about one that was made.
        return tuple(finding for finding in preflight.findings if not is_about_consent(finding))


def inspect(
    backend: EngineApi,
    choices: Form,
    deliver: Callable[[Inspection], None],
    cancel: CancelToken | None = None,
    naming: OutputNaming = BESIDE,
) -> None:
    """Inspect ``choices`` and deliver what is known, first what the folders are, then all the rest.

    ``cancel`` ends waiting for what other processes are asked; ``naming`` proposes the output.
    """
    known = Inspection(choices, output=choices.output)
    try:
        known = _inspect_folder(backend, known)
        deliver(known)
        known = _look_further(backend, known, cancel or CancelToken(), naming)
    except Exception as error:
        known = replace(known, failure=failure_of(error))
    deliver(replace(known, complete=True))


def advise(backend: EngineApi, known: Inspection, cancel: CancelToken) -> PrecisionAdvice | None:
    """What each precision would keep of the adapter, where the merge can start; None where that is not known."""
    preflight, output = known.preflight, known.output
    if known.choices.verifies or preflight is None or preflight.refused or output is None:
        return None
    if preflight.pieces_bytes is not None:  # of a base whose values are not here
        return None
    try:
        return backend.advise(known.choices.request(output), cancel)
    except (Cancelled, OSError):
        return None


def _inspect_folder(backend: EngineApi, known: Inspection) -> Inspection:
    base = known.choices.base
    merged = known.choices.merged if known.choices.verifies else None
    return replace(
        known,
        base=backend.inspect_folder(base) if base else None,
        adapters=tuple(backend.inspect_folder(adapter.folder) for adapter in known.choices.adapters),
        merged=backend.inspect_folder(merged) if merged else None,
        merged_is_also=_also(known.choices, merged) if merged else None,
    )


def _also(choices: Form, merged: Path) -> FolderRole | None:
    if choices.base is not None and _is_same(choices.base, merged):
        return FolderRole.BASE
    return FolderRole.ADAPTER if any(_is_same(adapter.folder, merged) for adapter in choices.adapters) else None


def _is_same(path: Path, other: Path) -> bool:
    return path == other or real_path(path) == real_path(other)


def _with_base(backend: EngineApi, known: Inspection, adapter: FolderInfo) -> Inspection:
    """Where the base that an adapter names lies, or what it is called on a hub."""
    if (found := backend.find_base(adapter)) is not None:
        return replace(known, found_base=found)
    named = backend.hub_base(adapter)
    return replace(known, hub_base=named.repository if named else None)


def _with_ways_out(backend: EngineApi, known: Inspection) -> Inspection:
    """The same with what may be chosen instead, where that is on this computer."""
    return _with_siblings(backend, _with_named_base(backend, known))


def _with_named_base(backend: EngineApi, known: Inspection) -> Inspection:
    """With the base that an adapter names, where what is chosen as the base does not go with it."""
    wrong = [one for one in known.findings if one.code in _WANT_ANOTHER_BASE]
    if not wrong or not known.adapters:
        return known
    named = {str(adapter.path): adapter for adapter in known.adapters}
    found = backend.find_base(named.get(wrong[0].about, known.adapters[0]))
    is_chosen = found is None or known.choices.base is None or _is_same(found, known.choices.base)
    return known if is_chosen else replace(known, found_base=found)


def _with_siblings(backend: EngineApi, known: Inspection) -> Inspection:
    """With the checkpoints beside one that is of no use."""
    idle = next((one.about for one in known.findings if one.code in _WANT_ANOTHER_CHECKPOINT and one.about), None)
    folder = Path(idle) if idle else None
    if folder is None or not folder.name.startswith(_CHECKPOINT):
        return known
    return replace(known, siblings=backend.inspect_folder(folder.parent).checkpoint_folders)


def _preflight_on_hub(backend: EngineApi, request: MergeRequest, cancel: CancelToken) -> Preflight | None:
    """What headers tell of a base that is named on a hub; None of others, and where nobody tells.

    Why not, the field of that name says. One that shall be kept must be downloaded first.
    """
    reference = reference_of(folder_or_name(as_typed(request.base)))
    if reference is None:
        return None
    try:
        preflight = backend.check_on_hub(replace(request, base=reference.path), cancel)
    except (Cancelled, UserError, OSError):
        return None
    if preflight is None or not request.keep_base:
        return preflight
    wants_it = error(Code.LOOKS_LIKE_HUB_NAME, name=reference.text)
    return preflight.saying([replace(wants_it, about=str(request.base))])


def _seen(known: Inspection, preflight: Preflight) -> FolderInfo:
    """The base by its headers, once it need not be downloaded; else as its field says."""
    return preflight.base if known.base is None or not known.choices.keep_base else known.base


def _look_further(backend: EngineApi, known: Inspection, cancel: CancelToken, naming: OutputNaming) -> Inspection:
    choices = known.choices
    if choices.base is None:
        adapter = next((adapter for adapter in known.adapters if adapter.kind is FolderKind.ADAPTER), None)
        return _with_base(backend, known, adapter) if adapter else known
    if not choices.adapters:
        return known
    if choices.verifies:
        return _with_ways_out(backend, replace(known, preflight=backend.check(choices.preflight_request())))
    folders = [choice.folder for choice in choices.adapters]
    output = choices.output or proposed_output(choices.base, folders, naming)
    request = choices.request(output)
    on_hub = _preflight_on_hub(backend, request, cancel)
    if on_hub is not None:
        return _with_ways_out(backend, replace(known, output=output, preflight=on_hub, base=_seen(known, on_hub)))
    preflight = backend.check(request)
    if not preflight.refused:
        preflight = preflight.saying(backend.ask_libraries(request, cancel))
    return _with_ways_out(backend, replace(known, output=output, preflight=preflight))
