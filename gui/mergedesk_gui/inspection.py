"""Look at the chosen folders, in whatever thread calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mergedesk.checkpoints.recognise import FolderKind

from .choices import Choices, proposed_output
from .failures import Failure, failure_of

if TYPE_CHECKING:
    from mergedesk.checkpoints.recognise import Recognition
    from mergedesk.findings import Finding
    from mergedesk.job import Preflight

    from .backend import Backend

MODEL_KINDS = frozenset({FolderKind.MODEL, FolderKind.QUANTISED_MODEL, FolderKind.GGUF})


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is known about ``choices``. While it is not ``complete``, more is on its way.

    ``output`` is the chosen folder, or the proposed one where none is chosen.
    """

    choices: Choices
    base: Recognition | None = None
    adapters: tuple[Recognition, ...] = ()
    found_base: Path | None = None
    output: Path | None = None
    preflight: Preflight | None = None
    failure: Failure | None = None
    complete: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything to tell the person before the merge."""
        if self.preflight is not None:
            return self.preflight.findings
        seen = [recognition.findings for recognition in (self.base, *self.adapters) if recognition]
        return tuple(finding for findings in seen for finding in findings)


def inspect(backend: Backend, choices: Choices, deliver: Callable[[Inspection], None]) -> None:
    """Inspect ``choices`` and deliver what is known, first what the folders are, then all the rest."""
    known = Inspection(choices, output=choices.output)
    try:
        known = _recognise(backend, known)
        deliver(known)
        known = _look_further(backend, known)
    except Exception as error:
        known = replace(known, failure=failure_of(error))
    deliver(replace(known, complete=True))


def _recognise(backend: Backend, known: Inspection) -> Inspection:
    base = known.choices.base
    return replace(
        known,
        base=backend.recognise(base) if base else None,
        adapters=tuple(backend.recognise(adapter.folder) for adapter in known.choices.adapters),
    )


def _look_further(backend: Backend, known: Inspection) -> Inspection:
    choices = known.choices
    if choices.base is None:
        adapter = next((one for one in known.adapters if one.kind is FolderKind.ADAPTER), None)
        return replace(known, found_base=backend.find_base(adapter) if adapter else None)
    if not choices.adapters:
        return known
    output = choices.output or proposed_output(choices.base, [one.folder for one in choices.adapters])
    return replace(known, output=output, preflight=backend.check(choices.request(output)))
