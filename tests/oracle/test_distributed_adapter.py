"""Adapters that sharded training pickled as DTensors: whole ones are merged, parts are refused for what they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.distributed as dist
from folders import assert_says, lora_tensors, make_lora, make_model, request, the
from safetensors.torch import load_file
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import DTensor, Partial, Placement, Replicate, Shard, distribute_tensor
from torch.testing._internal.distributed.fake_pg import FakeStore

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge


@contextmanager
def processes(count: int) -> Iterator[Any]:
    """This process as the first of several, which are not there; gives the mesh of them."""
    dist.init_process_group("fake", store=FakeStore(), rank=0, world_size=count)
    try:
        yield init_device_mesh("cpu", (count,))
    finally:
        dist.destroy_process_group()


def save(folder: Path, count: int, placement: Placement) -> Path:
    make_lora(folder)
    with processes(count) as mesh:
        spread = DTensor.from_local if isinstance(placement, Partial) else distribute_tensor
        torch.save(
            {name: spread(one, mesh, [placement]) for name, one in lora_tensors().items()}, folder / "adapter_model.bin"
        )
    (folder / "adapter_model.safetensors").unlink()
    return folder


@pytest.mark.parametrize(("count", "placement"), [(1, Shard(0)), (1, Replicate()), (2, Replicate())])
def test_whole_tensors_are_merged(count: int, placement: Placement, tmp_path: Path) -> None:
    base, plain = make_model(tmp_path / "base"), make_lora(tmp_path / "plain")
    adapter = save(tmp_path / "adapter", count, placement)
    for name, one in (("ours", adapter), ("theirs", plain)):
        assert merge(request(base, one, tmp_path / name)).status is MergeStatus.MERGED
    ours, theirs = (load_file(tmp_path / name / "model.safetensors") for name in ("ours", "theirs"))
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


@pytest.mark.parametrize("placement", [Shard(0), Shard(1), Partial()])
def test_parts_are_refused_with_a_way_out_that_works(placement: Placement, tmp_path: Path) -> None:
    base, adapter = make_model(tmp_path / "base"), save(tmp_path / "adapter", 2, placement)
    found = check(request(base, adapter))
    assert found.refused
    assert_says(the(found.findings, Code.PICKLE_OF_PARTS), Severity.ERROR, "DTensor", "full_tensor()")
    with processes(1) as mesh:
        gathered = {name: distribute_tensor(one, mesh, [Shard(0)]) for name, one in lora_tensors().items()}
        torch.save({name: one.full_tensor() for name, one in gathered.items()}, adapter / "adapter_model.bin")
    assert not check(request(base, adapter)).refused
