"""A PEFT adapter: its config and every stored tensor, from headers alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.findings import Code, UserError
from ..storage.pickle.weights import read_pickled
from ..storage.safetensors_header import TensorRecord, read_tensors
from .files import ADAPTER_CONFIG, ADAPTER_WEIGHTS, PICKLED_ADAPTER, SAFETENSORS, read_json

_CONFIG_BYTES = 1_000_000
_MAX_TEXT = 60
_MOST = 1e12


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter folder, with ``adapter_config.json`` as stored.

    ``repaired``: its tensors go by other names here than in its file, so that PEFT cannot load the folder itself.
    ``unwrapped`` names what stood around a pickled state dict, which only this program takes off. ``outer`` is the
    folder that was chosen, where the adapter lies in a subfolder of it. ``folded``: trained weights that lay beside it
    in files of their own are among its tensors. ``inner``: they lie in the base's own files, and nothing
    else goes with them. ``origin``: the tool that wrote it, where that was not PEFT (``foreign_adapters``); the config
    is what PEFT would have written then.
    """

    folder: Path
    config: Mapping[str, Any]
    tensors: Mapping[str, TensorRecord]
    weights_file: Path
    repaired: bool = False
    unwrapped: tuple[str, ...] = ()
    outer: Path | None = None
    folded: bool = False
    inner: bool = False
    origin: str = ""

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where files that go with it may lie, the nearest last."""
        if self.inner:
            return ()
        return (self.outer, self.folder) if self.outer else (self.folder,)

    @property
    def chosen(self) -> Path:
        """The folder that was chosen for it."""
        return self.outer or self.folder

    @property
    def is_pickled(self) -> bool:
        """Whether its weights are a ``.bin`` file."""
        return self.weights_file.suffix != SAFETENSORS

    @property
    def peft_type(self) -> str:
        """The method's name in capitals, as PEFT writes it."""
        return str(self.config["peft_type"]).upper()

    @property
    def task_type(self) -> str | None:
        """The task it was trained for, e.g. ``CAUSAL_LM``."""
        task = self.config.get("task_type")
        return task if isinstance(task, str) else None

    @property
    def base_model_name_or_path(self) -> str | None:
        """Where it was trained from, as recorded."""
        name = self.config.get("base_model_name_or_path")
        return name if isinstance(name, str) and name else None


def read_adapter_config(folder: Path) -> dict[str, Any]:
    """The adapter's config.

    Raises UserError: adapter_config_is_model_config or adapter_config_without_method where ``peft_type`` is absent,
    json_broken where unreadable.
    """
    config = read_json(folder / ADAPTER_CONFIG)
    if isinstance(config.get("peft_type"), str):
        return config
    nearby, model = _adapter_configs_near(folder) or None, _model_named_in(config)
    if model is None:
        raise UserError(Code.ADAPTER_CONFIG_WITHOUT_METHOD, folder=str(folder), found=nearby)
    raise UserError(Code.ADAPTER_CONFIG_IS_MODEL_CONFIG, folder=str(folder), model=model, found=nearby)


def _model_named_in(config: Mapping[str, Any]) -> str | None:
    """What a model's config calls the model."""
    classes = config.get("architectures")
    named = [*(classes if isinstance(classes, list) else ()), config.get("model_type"), config.get("_name_or_path")]
    return next((name for name in named if isinstance(name, str) and name), None)


def _adapter_configs_near(folder: Path) -> list[str]:
    """JSON files in the folder, or adapter configs one level down, that name a PEFT method."""
    files = [*sorted(folder.glob("*.json")), *sorted(folder.glob(f"*/{ADAPTER_CONFIG}"))]
    return [file.relative_to(folder).as_posix() for file in files if _names_a_method(file)]


def _names_a_method(file: Path) -> bool:
    try:
        small = file.stat().st_size <= _CONFIG_BYTES
        return small and isinstance(read_json(file).get("peft_type"), str)
    except (UserError, OSError):
        return False


def _unusable_numbers(config: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Fields that the scaling is worked out from and that are no number, or one beyond all reason."""
    stated = {name: config[name] for name in ("r", "lora_alpha", "alpha") if name in config}
    for name in ("rank_pattern", "alpha_pattern"):
        patterns = config.get(name)
        stated |= {f"{name}.{key}": value for key, value in patterns.items()} if isinstance(patterns, dict) else {}
    is_lora = str(config["peft_type"]).upper() == "LORA"
    for name, value in stated.items():
        # Other methods may state neither rank nor alpha, if not in a pattern; AdaLoRA's list which ranks are left.
        is_absent = value is None and "." not in name
        may_differ = is_absent or (name.startswith("r") and isinstance(value, list))
        if (is_lora or not may_differ) and not _is_usable(value, whole=name.startswith("r")):
            yield name, value


def _is_usable(value: object, *, whole: bool) -> bool:
    is_number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    return is_number and abs(value) <= _MOST  # type: ignore[arg-type]


def read_usable_config(folder: Path) -> dict[str, Any]:
    """The adapter's config. Raises UserError as ``read_adapter_config`` does, or adapter_field_unusable."""
    config = read_adapter_config(folder)
    for name, value in _unusable_numbers(config):
        raise UserError(Code.ADAPTER_FIELD_UNUSABLE, name=name, value=json.dumps(value)[:_MAX_TEXT])
    return config


def read_adapter(folder: Path) -> Adapter:
    """Read config and header of an adapter folder; pickled weights where there are no safetensors, as PEFT does.

    Raises UserError where a file is missing, broken, truncated, or holds more than tensors.
    """
    config = read_usable_config(folder)
    weights, pickled = folder / ADAPTER_WEIGHTS, folder / PICKLED_ADAPTER
    if weights.is_file():
        return Adapter(folder, config, read_tensors(weights), weights)
    if not pickled.is_file():
        raise UserError(Code.ADAPTER_WEIGHTS_MISSING, folder=str(folder))
    read = read_pickled(pickled)
    return Adapter(folder, config, read.header.tensors, pickled, unwrapped=read.unwrapped)
