"""The load of the reload check in another process: what it tells, and what becomes of it without one."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from folders import make_lora, make_model
from fresh_python import run_python

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.runtime.bounded_call import waiting
from mergedesk.verification.staged.load_beside import LoadBeside, loading_beside
from mergedesk.verification.staged.model_load import Loaded, NotLoaded, load_here, load_model

MERGE = """
import json, sys
from pathlib import Path
from mergedesk.domain.merge_report import report_json
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines.merge import merge
home = Path({home!r})
done = merge(MergeRequest(home / "base", (AdapterChoice(home / "adapter"),), home / "out"))
imported = ["torch" in sys.modules, "transformers" in sys.modules]
print(json.dumps([report_json(done)["status"], done.merged_class, *imported]))
"""


def nothing() -> None:
    """What may raise while a load goes on elsewhere."""


@pytest.mark.slow
def test_a_merge_loads_its_result_without_importing_transformers_itself(tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    assert run_python(MERGE.format(home=str(tmp_path))) == '["merged", "LlamaForCausalLM", true, false]\n'


@pytest.mark.slow
def test_the_other_process_tells_what_this_one_would(tmp_path: Path) -> None:
    checkpoint = read_checkpoint(make_model(tmp_path / "base"))
    started = time.perf_counter()
    with waiting(load_here.__module__) as process:
        loads = LoadBeside(process)
        assert loads.load(checkpoint, nothing) == load_model(checkpoint, nothing)
        assert loads.process is None, "it answers once"
    assert process is not None
    assert process.returncode is not None, "it ended with the block"
    assert 0 < loads.imported_after(started) < time.perf_counter() - started
    assert loads.imported_after(time.perf_counter()) == 0


@pytest.mark.slow
def test_what_does_not_load_is_told_from_there(tmp_path: Path) -> None:
    base = make_model(tmp_path / "base")
    checkpoint = read_checkpoint(base)
    (base / "model.safetensors").unlink()
    with waiting() as process:
        told = LoadBeside(process).load(checkpoint, nothing)
    assert isinstance(told, NotLoaded)


def test_a_process_that_ended_leaves_the_load_to_this_one(tmp_path: Path) -> None:
    checkpoint = read_checkpoint(make_model(tmp_path / "base"))
    with waiting() as process:
        assert process is not None
        process.kill()
        process.wait()
        loads = LoadBeside(process)
        assert isinstance(loads.load(checkpoint, nothing), Loaded)
    assert loads.imported_after(0.0) == 0


def test_no_process_where_transformers_is_there_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers.modeling_utils", sys)
    with loading_beside() as loads:
        assert loads.process is None
