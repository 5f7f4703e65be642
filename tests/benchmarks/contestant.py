"""One timed merge, alone in its own process: the imports first, then the clock. Prints one JSON object.

``python contestant.py mergedesk|peft CASE OUTPUT``, where CASE is a JSON object as ``cases.Case.as_json`` gives it.
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

from cases import Case
from peaks import Peaks

Run = Callable[[], float | None]
"""Merges, and returns the seconds that the tool itself claims, if it claims any."""


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

    def run() -> float:
        report = merge(request, lambda _: None, CancelToken())
        if report.status is not MergeStatus.MERGED:
            raise SystemExit(report_text(report))
        return report.seconds

    return run


def peft(case: Case, output: Path) -> Run:
    """The script everybody writes, from load to saved."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    _import_model_class(case)
    logging.disable_progress_bar()
    dtype = torch.bfloat16 if case.precision == "auto" else getattr(torch, case.precision)
    (first, _), *others = case.adapters

    def run() -> None:
        model = AutoModelForCausalLM.from_pretrained(case.base, dtype=dtype)
        if case.dequantize:
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


def _import_model_class(case: Case) -> None:
    """So that no run pays for this import."""
    __import__(f"transformers.models.{case.model_type}.modeling_{case.model_type}")


def _failure(trouble: BaseException) -> str:
    """The error's name and first line, or where it came from if it says nothing."""
    said = str(trouble).strip().splitlines()
    place = traceback.extract_tb(trouble.__traceback__)[-1]
    return f"{type(trouble).__name__}: {said[0] if said else f'in {place.name}'}"


CONTESTANTS: Mapping[str, Callable[[Case, Path], Run]] = {"mergedesk": mergedesk, "peft": peft}


def main() -> None:
    """Prepare, measure, print. A PEFT script that ends in an error is a result too."""
    warnings.simplefilter("ignore")
    name, text, output = sys.argv[1:]
    case = Case.from_json(json.loads(text))
    run = CONTESTANTS[name](case, Path(output))
    if name == "peft" and case.memory_limit:
        resource.setrlimit(resource.RLIMIT_AS, (case.memory_limit, case.memory_limit))
    claimed, failed = None, None
    with Peaks() as peaks:
        started = time.perf_counter()
        try:
            claimed = run()
        except Exception as trouble:
            if name != "peft":
                raise
            failed = _failure(trouble)
        seconds = time.perf_counter() - started
    result = {"seconds": seconds, "claimed": claimed, "resident": peaks.resident, "anonymous": peaks.anonymous}
    print(json.dumps({**result, "failed": failed}))


if __name__ == "__main__":
    main()
