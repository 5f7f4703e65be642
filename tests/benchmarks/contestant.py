"""One timed merge, alone in its own process: the imports first, then the clock. Prints one JSON object.

``python contestant.py mergedesk|peft|bare|PEER CASE OUTPUT [unsynced] [sampled]``, where CASE is a JSON object as
``cases.Case.as_json`` gives it. ``unsynced``: without waiting for the disk; ``sampled``: looks at the memory all the
time, so that the times mean nothing.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bare import bare
from cases import Case
from peaks import Peaks
from peer_runs import PEERS
from prepared import Claim, Run
from spent import Spent
from unsynced import stop_waiting_for_the_disk


def mergedesk(case: Case, output: Path) -> Run:
    """MergeDesk, from Merge to the verified, published folder."""
    from mergedesk.domain.merge_report import MergeStatus, report_text
    from mergedesk.domain.progress import CancelToken
    from mergedesk.domain.requests import AdapterChoice, MergeRequest, Precision
    from mergedesk.pipelines.merge import merge
    from mergedesk.pipelines.warm_up import warm_up

    warm_up()
    _import_model_class(case)
    adapters = tuple(AdapterChoice(folder, weight) for folder, weight in case.adapters)
    options: dict[str, Any] = {"dequantize": True} if case.dequantize else {}
    request = MergeRequest(case.base, adapters, output, Precision(case.precision), **options)

    def run() -> Claim:
        report = merge(request, lambda _: None, CancelToken(), apart=True)  # as in the window's worker
        if report.status is not MergeStatus.MERGED:
            raise SystemExit(report_text(report))
        return Claim(report.seconds, report.stage_seconds)

    return run


def peft(case: Case, output: Path) -> Run:
    """The script everybody writes, from load to saved."""
    import torch
    import transformers
    from peft import PeftModel
    from transformers.utils import logging

    _import_model_class(case)
    logging.disable_progress_bar()
    dtype = torch.bfloat16 if case.precision == "auto" else getattr(torch, case.precision)
    load = getattr(transformers, case.auto_class)
    options = _dequantised_at_load(case)
    (first, _), *others = case.adapters

    def run() -> None:
        model = load.from_pretrained(case.base, dtype=dtype, **options)
        if case.dequantize and not options:
            model = model.dequantize().to(dtype)
        wrapped = PeftModel.from_pretrained(model, first, adapter_name="0")
        for number, (folder, _) in enumerate(others, 1):
            wrapped.load_adapter(folder, adapter_name=str(number))
        if others:
            names = [str(number) for number in range(len(case.adapters))]
            weights = [weight for _, weight in case.adapters]
            wrapped.add_weighted_adapter(names, weights, "sum", combination_type="cat")
            wrapped.set_adapter("sum")
        wrapped.merge_and_unload().save_pretrained(output)

    return run


def _dequantised_at_load(case: Case) -> dict[str, Any]:
    """What ``from_pretrained`` is told where transformers dequantises at load, and ``dequantize()`` cannot."""
    from transformers import CompressedTensorsConfig

    config = json.loads((case.base / "config.json").read_text(encoding="utf-8"))
    packed = config.get("quantization_config", {}).get("quant_method") == "compressed-tensors"
    return {"quantization_config": CompressedTensorsConfig(dequantize=True)} if packed and case.dequantize else {}


def _import_model_class(case: Case) -> None:
    """So that no run pays for this import."""
    __import__(f"transformers.models.{case.model_type}.modeling_{case.model_type}")


def _failure(trouble: BaseException) -> str:
    """The error's name and first line, or where it came from if it says nothing."""
    said = str(trouble).strip().splitlines()
    place = traceback.extract_tb(trouble.__traceback__)[-1]
    return f"{type(trouble).__name__}: {said[0] if said else f'in {place.name}'}"


CONTESTANTS: Mapping[str, Callable[[Case, Path], Run]] = {"mergedesk": mergedesk, "peft": peft, "bare": bare, **PEERS}


def main() -> None:
    """Prepare, measure, print. Another's merge that ends in an error is a result too."""
    warnings.simplefilter("ignore")
    name, text, output, *options = sys.argv[1:]
    if "unsynced" in options:
        stop_waiting_for_the_disk()
    case = Case.from_json(json.loads(text))
    run = CONTESTANTS[name](case, Path(output))
    if name == "peft" and case.memory_limit:
        resource.setrlimit(resource.RLIMIT_AS, (case.memory_limit, case.memory_limit))
    print(json.dumps(measured(run, may_fail=name != "mergedesk", sampled="sampled" in options)))


def measured(run: Run, *, may_fail: bool, sampled: bool) -> dict[str, Any]:
    """What a merge took: seconds of the clock and of processors, bytes of memory; or what it failed by."""
    claim, failed = None, None
    with Peaks(sampled=sampled) as peaks, Spent() as spent:
        started = time.perf_counter()
        try:
            claim = run()
        except Exception as trouble:
            if not may_fail:
                raise
            failed = _failure(trouble)
        seconds = time.perf_counter() - started
    memory = {"resident": peaks.resident, "anonymous": peaks.anonymous, "mapped": peaks.mapped}
    claims = {"claimed": claim.seconds, "stages": dict(claim.stages)} if claim else {"claimed": None, "stages": {}}
    return {"seconds": seconds, "cpu": spent.seconds, "failed": failed, **claims, **memory}


if __name__ == "__main__":
    main()
