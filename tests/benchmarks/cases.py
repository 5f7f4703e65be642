"""What is merged in one group of the benchmark: which base, which adapters, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """One merge, for every contestant.

    ``auto_class`` is transformers's, for the PEFT script. ``memory_limit`` bounds the script's address space, in
    bytes; 0: not.
    """

    label: str
    base: Path
    adapters: tuple[tuple[Path, float], ...]
    precision: str = "auto"
    dequantize: bool = False
    model_type: str = "llama"
    auto_class: str = "AutoModelForCausalLM"
    memory_limit: int = 0

    def as_json(self) -> dict[str, Any]:
        """Everything, for another process."""
        adapters = [[str(folder), weight] for folder, weight in self.adapters]
        return {**asdict(self), "base": str(self.base), "adapters": adapters}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Case:
        """What ``as_json`` gave."""
        adapters = tuple((Path(folder), float(weight)) for folder, weight in content["adapters"])
        return cls(**{**content, "base": Path(content["base"]), "adapters": adapters})

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Every folder that is read."""
        return (self.base, *(folder for folder, _ in self.adapters))
