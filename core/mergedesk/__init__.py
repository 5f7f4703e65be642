"""MergeDesk's engine: folds a PEFT adapter into its base model and proves the result.

>>> from pathlib import Path
>>> import mergedesk
>>> adapters = (mergedesk.AdapterChoice(Path("adapter")),)
>>> asked = mergedesk.MergeRequest(Path("base"), adapters, Path("merged"))
>>> mergedesk.preflight(asked).refused
False
>>> report = mergedesk.merge(asked)
>>> print(report.status, report.merged_class)
merged LlamaForCausalLM
>>> mergedesk.verify(mergedesk.VerifyRequest(asked.base, adapters, report.output)).matches
True

Names are looked up when they are first used, so that importing the package costs nothing. Only those in ``__all__``
are promised; every other module may change.
"""

import os
import sys

if sys.argv[:1] == ["-m"]:  # so it is while ``python -m mergedesk`` is being looked for: the program starts here
    # Python puts the current folder first, where a person's model may have a ``json.py`` beside it.
    if not sys.flags.safe_path:
        del sys.path[0]

    def _interrupted(kind: type[BaseException], error: BaseException, trace: object) -> None:
        """Answer Ctrl+C while the module is looked for that does so from then on."""
        if issubclass(kind, KeyboardInterrupt):
            os.write(2, b"Cancelled.\n")
            os._exit(130)
        sys.__excepthook__(kind, error, trace)  # type: ignore[arg-type]

    sys.excepthook = _interrupted
    import mergedesk_start as _start  # noqa: F401

import importlib
import logging
from typing import TYPE_CHECKING, Any

from .runtime.version import __version__ as __version__

if TYPE_CHECKING:
    from .domain.findings import Check, Finding
    from .domain.folder_info import FolderInfo
    from .domain.merge_report import MergeReport
    from .domain.progress import Cancelled, CancelToken, Progress
    from .domain.requests import (
        AdapterChoice,
        CheckRequest,
        Combination,
        CombinationMethod,
        Engine,
        MergeRequest,
        Precision,
        VerifyRequest,
    )
    from .domain.verdict import Verdict
    from .inspection.inspect_folder import inspect_folder
    from .pipelines.check import check as preflight
    from .pipelines.merge import merge
    from .pipelines.verify import verify
    from .planning.preflight import Preflight

__all__ = [
    "AdapterChoice", "CancelToken", "Cancelled", "Check", "CheckRequest", "Combination", "CombinationMethod", "Engine",
    "Finding", "FolderInfo", "MergeReport", "MergeRequest", "Precision", "Preflight", "Progress", "Verdict",
    "VerifyRequest", "inspect_folder", "merge", "preflight", "verify",
]  # fmt: skip
_REQUESTS = (
    "AdapterChoice", "CheckRequest", "Combination", "CombinationMethod", "Engine", "MergeRequest", "Precision",
    "VerifyRequest",
)  # fmt: skip
_PLACES = {
    **dict.fromkeys(("Check", "Finding"), "domain.findings"),
    **dict.fromkeys(("Cancelled", "CancelToken", "Progress"), "domain.progress"),
    **dict.fromkeys(_REQUESTS, "domain.requests"),
    "FolderInfo": "domain.folder_info",
    "MergeReport": "domain.merge_report",
    "Preflight": "planning.preflight",
    "Verdict": "domain.verdict",
    "inspect_folder": "inspection.inspect_folder",
    "merge": "pipelines.merge",
    "preflight": "pipelines.check",
    "verify": "pipelines.verify",
}

# A library says nothing by itself; whoever starts it decides where its log goes.
for _logger in (__name__, "bitsandbytes"):  # PEFT imports the latter, which tells the terminal what it lacks
    logging.getLogger(_logger).addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_PLACES[name]}", __name__), {"preflight": "check"}.get(name, name))


def __dir__() -> list[str]:
    return [*globals(), *__all__]
