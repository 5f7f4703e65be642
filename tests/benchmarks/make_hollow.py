"""Makes the hollow models of ``tests/tools/hollow.py``, whole or a few layers of them.

``python make_hollow.py kimi|moe whole|tiny FOLDER``
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tools"))

import hollow


def make_tiny(kind: str, folder: Path) -> None:
    """Two layers of four experts each, with the adapters of the whole one."""
    if kind == "kimi":
        model = hollow.kimi(layers=2, experts=4, shards=2)
        attention = hollow.attention_modules(model, ("q_a_proj", "kv_a_proj_with_mqa"))
        hollow.write_adapter(folder / "attention", attention, rank=8)
    else:
        model = hollow.moe(layers=2, experts=4, shards=2)
    hollow.write_base(model, folder / "base")
    hollow.write_adapter(folder / "experts", hollow.expert_modules(model))


if __name__ == "__main__":
    kind, size, folder = sys.argv[1:]
    make_tiny(kind, Path(folder)) if size == "tiny" else hollow.MAKERS[kind](Path(folder))
