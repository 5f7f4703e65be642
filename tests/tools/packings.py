"""The page of packing formats, written from what the cases give: ``python tests/tools/packings.py``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

from packing_cases import TARGETS, WAYS, formats, make_home, outcome

PAGE = Path(__file__).parents[2] / "assets" / "docs" / "packings.md"
Key = tuple[str, str, str]
_HEAD = """# Packed bases, and what becomes of them

Every packing format that MergeDesk reads. For each row a tiny model of experts was made in bfloat16, its experts packed
in that format and the rest left plain, and adapters of attention, of experts and of both merged into it.
`make packings` runs all of it and writes this page; `tests/oracle/test_packings.py` keeps it true.

- **in place**: nothing is dequantised. Plain tensors are merged, packed ones and config.json copied, without leave.
  Where packed weights are targeted this cannot be.
- **dequantised**: with leave, every packed weight is turned back into a 16-bit one first.
- **kept** (`--keep-quantization`): packed weights that are targeted are written in their format again, under the base's
  names, dtypes and shapes; headers and config.json are the base's to the byte. The scale of each group is worked out
  anew by the format's own rule, as its library does it with min-max observers (NVFP4's overall scale stays the base's
  while it can); rows that nothing changes keep their bytes. What the format keeps of the adapter is told: under 10 %,
  the merge is refused unless the loss is accepted (`--accept-loss`). Where a format is not written again, its row says
  why.
- **nearest codes**: every code is the nearest there is to base plus adapter, in float64, which `verify` proves; in
  place, plain tensors are as above.
- **same bytes**: every tensor equals what PEFT's `merge_and_unload` gives for the plain weights, bit for bit; in place,
  packed tensors equal the base's.

Formats that cannot be turned back (AQLM, SpQR, VPTQ, HIGGS, QuIP#, EXL2, EXL3, BitNet) are named for what they are; an
adapter that changes only plain tensors beside them is merged in place all the same.
"""


def keys() -> Iterator[Key]:
    """Every case there is: format, target, way."""
    return ((name, target, way) for name in formats() for target in TARGETS for way in WAYS)


def render(outcomes: Mapping[Key, str]) -> str:
    """The page."""
    columns = [(target, way) for target in TARGETS for way in WAYS]
    lines = [_HEAD, "| Format | " + " | ".join(f"{target}, {way}" for target, way in columns) + " |"]
    lines += ["| --- " * (len(columns) + 1) + "|"]
    for name in formats():
        lines.append(f"| `{name}` | " + " | ".join(outcomes[name, *column] for column in columns) + " |")
    return "\n".join(lines) + "\n"


def read(page: str) -> dict[Key, str]:
    """What a page says of each case."""
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    columns = [(target, way) for target in TARGETS for way in WAYS]
    return {(row[0].strip("`"), *column): cell for row in rows for column, cell in zip(columns, row[1:], strict=True)}


def main() -> None:
    """Run every case, one format after the other."""
    outcomes: dict[Key, str] = {}
    for name in formats():
        with tempfile.TemporaryDirectory() as place:
            home = make_home(name, Path(place) / "home")
            for number, (target, way) in enumerate((target, way) for target in TARGETS for way in WAYS):
                outcomes[name, target, way] = outcome(home, target, way, Path(place) / str(number) / "ours")
        print(name, flush=True)
    PAGE.write_text(render(outcomes), encoding="utf-8")


if __name__ == "__main__":
    main()
