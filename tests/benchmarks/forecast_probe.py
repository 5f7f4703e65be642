"""How near the forecast of a merge's time comes: forecast and merge in turn, a JSON line each.

``python forecast_probe.py WORKDIR [ROUNDS]`` makes models of three sizes there. The merge's seconds are those of its
report, from the job's start to publication; the forecast is made anew each time.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from make_models import LLAMA_1B, Shape, lora_adapter, written_base

from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines.check import check

SHAPES = (
    Shape("llama-0.15b", "0.15 B", 32000, 1024, 4096, 8, 16, 4, tied=True),
    Shape("llama-0.5b", "0.5 B", 64000, 1536, 6144, 14, 16, 4, tied=True),
    LLAMA_1B,
)


def main() -> None:
    """Every size, as often as is asked for."""
    workdir, rounds = Path(sys.argv[1]), int([*sys.argv, "3"][2])
    for shape in SHAPES:
        base, adapter = written_base(workdir, shape), lora_adapter(workdir, shape)
        ratios = [_round(shape, base, adapter, workdir / "forecast-out") for _ in range(rounds)]
        print(json.dumps({"model": shape.label, "median": round(statistics.median(ratios), 2)}), flush=True)


def _round(shape: Shape, base: Path, adapter: Path, output: Path) -> float:
    """Forecast ÷ what it took."""
    shutil.rmtree(output, ignore_errors=True)
    expected = check(MergeRequest(base, (AdapterChoice(adapter),), output)).expected_seconds or 0.0
    command = [sys.executable, "-m", "mergedesk", "merge", "--base", base, "--adapter", adapter, "--output", output]
    done = subprocess.run([*map(str, command), "--json"], capture_output=True, check=True)
    seconds = json.loads(done.stdout)["seconds"]
    shutil.rmtree(output)
    print(json.dumps({"model": shape.label, "forecast": round(expected, 2), "seconds": seconds}), flush=True)
    return expected / seconds


if __name__ == "__main__":
    main()
