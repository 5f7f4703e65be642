"""Bases whose weights are no plain ones, or not all of the model: told by what is in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import (
    LLAMA,
    Tensors,
    assert_says,
    codes,
    llama_tensors,
    lora_tensors,
    make_lora,
    make_model,
    request,
    sparse_safetensors,
    the,
)

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge

Parts = Callable[[int, int], Mapping[str, torch.Tensor]]
HALF = torch.float16


def ints(dtype: torch.dtype, *shape: int) -> torch.Tensor:
    return torch.ones(shape, dtype=dtype)


# What each format stores in the place of a weight of (outputs, inputs).
FORMATS: Mapping[str, Parts] = {
    "aqlm": lambda o, i: {
        "codes": ints(torch.int16, o, i // 8, 1),
        "codebooks": torch.ones(1, 256, 1, 8, dtype=HALF),
        "scales": torch.ones(o, 1, 1, 1, dtype=HALF),
    },
    "spqr": lambda o, i: {"dense_weights": ints(torch.int64, o * i // 16), "row_offsets": ints(torch.int32, o + 1)},
    "higgs": lambda o, i: {"weight": ints(torch.int16, o, i // 4), "scales": torch.ones(o, 1), "tables": torch.ones(9)},
    "quip": lambda o, i: {"Qidxs": ints(torch.int64, o, i // 8), "SU": torch.ones(i), "SV": torch.ones(o)},
    "exl3": lambda o, i: {"trellis": ints(torch.int16, i // 16, o // 16, 64), "suh": torch.ones(i, dtype=HALF)},
    "of tomorrow": lambda o, i: {"code": ints(torch.uint16, o, i // 2), "book": torch.ones(16)},
}


def packed(parts: Parts) -> Tensors:
    tensors: Tensors = {}
    for name, weight in llama_tensors().items():
        if "_proj" in name:
            made = parts(*weight.shape)
            tensors |= {f"{name.removesuffix('.weight')}.{part}": one for part, one in made.items()}
        else:
            tensors[name] = weight
    return tensors


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize("name", FORMATS)
def test_packed_weights_of_formats_that_are_not_read(name: str, stated: bool, tmp_path: Path) -> None:
    config: dict[str, Any] = {"quantization_config": {"quant_method": name}} if stated else {}
    found = inspect_folder(make_model(tmp_path / "base", packed(FORMATS[name]), **config))
    assert found.quantization == (name if stated or name != "of tomorrow" else "packed")
    finding = the(found.findings, Code.QUANTIZED_UNMERGEABLE)
    assert_says(finding, Severity.ERROR, found.quantization)
    assert Code.QUANTIZATION_LEFTOVER not in codes(found.findings)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("model.embeddings.position_ids", torch.arange(512)[None]),
        ("model.layers.0.relative_position_index", torch.zeros(300, 300, dtype=torch.int64)),
        ("model.layers.0.mlp.gate.tid2eid", torch.zeros(99, 600, dtype=torch.int64)),
        ("model.layers.0.attn.bias", torch.ones(1, 1, 200, 200, dtype=torch.bool)),
    ],
)
@pytest.mark.parametrize("config", [{}, {"quantization_config": {"quant_method": "gptq", "bits": 4}}])
def test_tables_of_integers_are_plain(name: str, table: torch.Tensor, config: dict[str, Any], tmp_path: Path) -> None:
    found = inspect_folder(make_model(tmp_path / "base", {**llama_tensors(), name: table}, **config))
    assert found.quantization is None
    assert codes(found.findings) == ({Code.QUANTIZATION_LEFTOVER} if config else set())


@pytest.mark.parametrize(
    "stated",
    [
        {"quant_method": "bitnet", "quantization_mode": "online", "linear_class": "autobitlinear"},
        {"quant_method": "compressed-tensors", "quantization_status": "frozen", "format": "dense"},
        {"quant_method": "of_tomorrow"},
    ],
)
@pytest.mark.parametrize("nested", [False, True])
def test_a_config_that_governs_the_forward_pass(nested: bool, stated: dict[str, Any], tmp_path: Path) -> None:
    config = {"text_config": {"quantization_config": stated}} if nested else {"quantization_config": stated}
    base, adapter = make_model(tmp_path / "base", **config), make_lora(tmp_path / "adapter")
    found = check(request(base, adapter))
    assert found.refused
    assert_says(the(found.findings, Code.COMPUTES_QUANTIZED), Severity.ERROR, str(stated["quant_method"]))
    (base / "config.json").write_text(json.dumps(LLAMA))  # the way out that the sentence names
    assert not check(request(base, adapter)).refused


@pytest.mark.parametrize("method", ["bitsandbytes", "gptq", "awq", "hqq", "fp8", "mxfp4", "compressed-tensors"])
def test_an_entry_that_unpacking_left_over(method: str, tmp_path: Path) -> None:
    found = inspect_folder(make_model(tmp_path / "base", quantization_config={"quant_method": method}))
    assert codes(found.findings) == {Code.QUANTIZATION_LEFTOVER}


@pytest.mark.parametrize(
    "entry",
    [{"quantization_config": {}}, {"quantization_config": []}, {"quantization_config": "fp8"},
     {"compression_config": {"quant_method": "compressed-tensors"}}],
)  # fmt: skip
def test_an_entry_that_keeps_the_model_from_loading_is_left_out(entry: dict[str, object], tmp_path: Path) -> None:
    base, adapter = make_model(tmp_path / "base", **entry), make_lora(tmp_path / "adapter")
    assert Code.QUANTIZATION_LEFTOVER in codes(inspect_folder(base).findings)
    report = merge(request(base, adapter, tmp_path / "out"))
    assert report.status is MergeStatus.MERGED, report.findings
    written = json.loads((tmp_path / "out/config.json").read_text())
    assert not {"quantization_config", "compression_config"} & {*written, *written.get("text_config", {})}


def test_links_that_lead_in_a_circle(tmp_path: Path) -> None:
    base, adapter = make_model(tmp_path / "base"), make_lora(tmp_path / "adapter")
    for folder in (base, adapter):
        (folder / "tokenizer.json").symlink_to("tokenizer.json")
        assert Code.LINKS_LEAVE_FOLDER not in codes(inspect_folder(folder).findings)
    found = check(request(base, adapter))
    assert the(found.findings, Code.COMPANION_ABSENT).data["count"] == 2


@pytest.mark.parametrize("prefix", ["base_model.model.", "", "module."])
@pytest.mark.parametrize("adapter_name", ["default.", ""])
def test_a_base_that_holds_an_unmerged_adapter(prefix: str, adapter_name: str, tmp_path: Path) -> None:
    """Whether or not the adapter that is given touches the same modules."""
    inner = "model.layers.0.self_attn.q_proj"
    pairs = {
        name.removeprefix("base_model.model.").replace(".weight", f".{adapter_name}weight"): one
        for name, one in lora_tensors([inner]).items()
    }
    tensors = {name.replace(inner, f"{inner}.base_layer"): one for name, one in llama_tensors().items()}
    base = make_model(tmp_path / "base", {f"{prefix}{name}": one for name, one in {**tensors, **pairs}.items()})
    other = "model.layers.0.mlp.down_proj"
    adapter = make_lora(tmp_path / "adapter", lora_tensors([other]), target_modules=["down_proj"])
    found = check(request(base, adapter))
    assert found.refused
    said = the(found.findings, Code.OWN_ADAPTER_NEEDS_ALPHA)
    assert_says(said, Severity.ERROR, "never merged", f"{inner}.base_layer", "--own-alpha")
    said = the(inspect_folder(base).findings, Code.BASE_HOLDS_ADAPTER)
    assert_says(said, Severity.ERROR, "never merged", f"{inner}.base_layer", "merge_and_unload")


def repository(folder: Path, *snapshots: str, main: str | None = None) -> Path:
    """A folder as it lies in the hub's cache."""
    for name in snapshots:
        make_model(folder / "snapshots" / name)
    if main:
        (folder / "refs").mkdir()
        (folder / "refs/main").write_text(main, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("snapshots", "main", "meant"),
    [(("abc",), "abc", "abc"), (("abc",), None, "abc"), (("abc",), "gone", "abc"), (("abc", "def"), "abc", "abc")],
)
def test_the_folder_of_a_hub_repository(
    snapshots: tuple[str, ...], main: str | None, meant: str, tmp_path: Path
) -> None:
    folder = repository(tmp_path / "models--me--base", *snapshots, main=main)
    found = inspect_folder(folder)
    assert (found.kind, found.path) == (FolderKind.MODEL, folder / "snapshots" / meant)
    assert not check(request(folder, make_lora(tmp_path / "adapter"))).refused


def test_several_snapshots_and_no_main(tmp_path: Path) -> None:
    found = inspect_folder(repository(tmp_path / "models--me--base", "abc", "def"))
    assert codes(found.findings) == {Code.TRAINING_RUN}


def test_more_dimensions_than_torch_holds(tmp_path: Path) -> None:
    """safetensors has no limit; nobody could load the result."""
    base = make_model(tmp_path / "base")
    sparse_safetensors(base / "model.safetensors", {"deep.weight": (1,) * 65})
    found = check(request(base, make_lora(tmp_path / "adapter")))
    assert_says(the(found.findings, Code.TOO_MANY_DIMENSIONS), Severity.ERROR, "deep.weight", "64")
