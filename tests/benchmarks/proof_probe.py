"""One timed check of a merged folder, alone in its own process: imports first, then the clock. Prints one JSON object.

``python proof_probe.py full|quick CASE MERGED``, where CASE is a JSON object as ``cases.Case.as_json`` gives it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from cases import Case
from peaks import Peaks

from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, VerifyRequest
from mergedesk.domain.verdict import VerifyStatus, verdict_json
from mergedesk.pipelines.verify import verify
from mergedesk.pipelines.warm_up import warm_up


def main() -> None:
    """Prepare, measure, print. A refuted merge is a result, a check that could not be made is none."""
    how, text, merged = sys.argv[1:]
    case = Case.from_json(json.loads(text))
    adapters = tuple(AdapterChoice(folder, weight) for folder, weight in case.adapters)
    request = VerifyRequest(case.base, adapters, Path(merged), quick=how == "quick")
    warm_up()
    __import__("mergedesk.verification.compare.prove")
    with Peaks(sampled=False) as peaks:
        started = time.perf_counter()
        verdict = verify(request, lambda _: None, CancelToken())
        seconds = time.perf_counter() - started
    shown = verdict_json(verdict)
    if verdict.status is not VerifyStatus.PROVED or verdict.reason is None:
        raise SystemExit(json.dumps(shown["findings"]))
    result = {"seconds": seconds, "claimed": shown["seconds"], "resident": peaks.resident}
    print(json.dumps({**result, "verdict": shown["verdict"], "reason": verdict.reason.code.value}))


if __name__ == "__main__":
    main()
