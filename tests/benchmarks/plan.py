"""How much is measured, and where."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from make_models import LLAMA_1B, LLAMA_8B, TINY, TINY_SHARDED, Shape, lora_adapter, saved_base


@dataclass(frozen=True)
class Plan:
    """``folder`` holds models and outputs; ``tiny`` tries the benchmark out; ``venvs`` holds those of other mergers."""

    folder: Path
    rounds: int
    tiny: bool
    venvs: Path

    @property
    def few_rounds(self) -> int:
        """Rounds of what has no target of its own, or takes long."""
        return min(self.rounds, 3)

    @property
    def main(self) -> Shape:
        """The model that is merged."""
        return TINY if self.tiny else LLAMA_1B

    @property
    def large(self) -> Shape:
        """The model of which memory and preflight are looked at."""
        return TINY_SHARDED if self.tiny else LLAMA_8B

    def base(self) -> Path:
        """The folder of the main model, made if it is not there."""
        return saved_base(self.folder, self.main)

    def adapter(self) -> Path:
        """The folder of its LoRA."""
        return lora_adapter(self.folder, self.main)


def say(text: str) -> None:
    """Tell on stderr what is going on; stdout is for the table."""
    print(text, file=sys.stderr, flush=True)
