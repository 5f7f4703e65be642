"""One timed merge, alone in its own process: the imports first, then the clock. Prints one JSON object.

``python contestant.py mergedesk|peft BASE ADAPTER OUTPUT``
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from peaks import Peaks

Run = Callable[[], float | None]
"""Merges, and returns the seconds that the tool itself claims, if it claims any."""


def mergedesk(base: Path, adapter: Path, output: Path) -> Run:
    """MergeDesk, from Merge to the verified, published folder."""
    from mergedesk import job
    from mergedesk.progress import CancelToken
    from mergedesk.report import MergeStatus, report_text
    from mergedesk.request import AdapterChoice, MergeRequest

    job.warm_up()
    _import_model_class()
    request = MergeRequest(base, (AdapterChoice(adapter),), output)

    def run() -> float:
        report = job.merge(request, lambda _: None, CancelToken())
        if report.status is not MergeStatus.MERGED:
            raise SystemExit(report_text(report))
        return report.seconds

    return run


def peft(base: Path, adapter: Path, output: Path) -> Run:
    """The script everybody writes, from load to saved."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    _import_model_class()
    logging.disable_progress_bar()

    def run() -> None:
        model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16)
        merged = PeftModel.from_pretrained(model, adapter).merge_and_unload()
        merged.save_pretrained(output)

    return run


def _import_model_class() -> None:
    import transformers.models.llama.modeling_llama  # noqa: F401 (so that no run pays for this import)


CONTESTANTS: Mapping[str, Callable[[Path, Path, Path], Run]] = {"mergedesk": mergedesk, "peft": peft}


def main() -> None:
    """Prepare, measure, print."""
    warnings.simplefilter("ignore")
    name, *folders = sys.argv[1:]
    base, adapter, output = map(Path, folders)
    run = CONTESTANTS[name](base, adapter, output)
    with Peaks() as peaks:
        started = time.perf_counter()
        claimed = run()
        seconds = time.perf_counter() - started
    result = {"seconds": seconds, "claimed": claimed, "resident": peaks.resident, "anonymous": peaks.anonymous}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
