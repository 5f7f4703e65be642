"""How long the checks before a merge take, in a process of their own, and the peak of that process in bytes, with all
that it imported. Prints one JSON object.

``python preflight_probe.py BASE ADAPTER OUTPUT|- [dequantize]``; with ``-`` no disk is asked whether it has room.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from mergedesk.domain.requests import AdapterChoice, CheckRequest
from mergedesk.pipelines.check import check


def main() -> None:
    """Check once: the first time is the one a person waits for."""
    base, adapter, output = map(Path, sys.argv[1:4])
    written = None if output == Path("-") else output
    request = CheckRequest(base, (AdapterChoice(adapter),), written, dequantize="dequantize" in sys.argv[4:])
    started = time.perf_counter()
    preflight = check(request)
    seconds = time.perf_counter() - started
    if preflight.refused:
        raise SystemExit(f"refused: {preflight.findings}")
    if "torch" in sys.modules:
        raise SystemExit("the preflight imported torch")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main()
