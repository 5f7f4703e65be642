"""What holds in the processes in which llama.cpp's code runs: no code of a model folder, no network, no orphans."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

_CODE = (".py", ".pyc", ".pyd", ".so", ".dll", ".dylib")
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def end_with_parent() -> None:
    """End this process once its parent closes the pipe to it, as the system does when that one ends."""

    def wait() -> None:
        while os.read(0, 1):  # not Python's own stream, whose lock is wanted when the interpreter ends
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def stay_offline() -> None:
    """Nothing is looked for on the hub. To be called before its library is imported."""
    os.environ.update(_OFFLINE)


def refuse_code_within(folder: Path) -> None:
    """From now on no file of ``folder`` that holds code can be opened, for whatever reason."""
    inside = os.path.realpath(folder) + os.sep

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and arguments[0].endswith(_CODE):
            path = os.path.realpath(arguments[0])
            if path.startswith(inside) or os.path.abspath(arguments[0]).startswith(inside):  # noqa: PTH100
                raise PermissionError("a model folder's own code is never run")

    sys.addaudithook(refuse)


def trust_no_remote_code() -> None:
    """transformers' classes take only what transformers itself has, whatever the converter asks of them."""
    from transformers import dynamic_module_utils

    def resolve(_trust: Any, _name: str, has_local_code: bool, *_more: Any, **_named: Any) -> bool:
        if not has_local_code:
            raise ValueError("The model needs code of its own, which is never run.")
        return False

    def never(*_: Any, **__: Any) -> Any:
        raise ValueError("The model needs code of its own, which is never run.")

    replaced: dict[str, Callable[..., Any]] = {
        "resolve_trust_remote_code": resolve, "get_class_from_dynamic_module": never, "get_cached_module_file": never,
    }  # fmt: skip
    for name, function in replaced.items():
        setattr(dynamic_module_utils, name, function)
