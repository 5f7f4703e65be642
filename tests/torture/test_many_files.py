"""A model in more files than a process may have open."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from folders import llama_tensors, make_lora, make_model, request, write_json, write_tensors

from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.pipelines import merge as job

LAYERS, MOST = 30, 150


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_more_files_than_may_be_open(tmp_path: Path) -> None:
    import resource

    base = make_model(tmp_path / "base", num_hidden_layers=LAYERS)
    (base / "model.safetensors").unlink()
    tensors = llama_tensors(layers=LAYERS)
    names = {f"model-{number:05d}-of-{len(tensors):05d}.safetensors": name for number, name in enumerate(tensors, 1)}
    assert len(names) > MOST
    for file, name in names.items():
        write_tensors(base / file, {name: tensors[name]})
    weight_map = {name: file for file, name in names.items()}
    write_json(base / "model.safetensors.index.json", {"metadata": {"total_size": 0}, "weight_map": weight_map})
    make_lora(tmp_path / "adapter")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST, before[1]))
    try:
        done = job.merge(request(base, tmp_path / "adapter", tmp_path / "out"), lambda _: None, CancelToken())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert done.status is MergeStatus.MERGED, done.findings
    assert len(list((tmp_path / "out").glob("*.safetensors"))) == len(names)
