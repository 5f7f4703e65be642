"""A folder of packed weights as GGUF files in one go: what its weights stand for, proved, and nothing left beside."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from folders import contents, read_json, write_json, write_tensors
from gguf_models import tiny_model
from packed_samples import header_of, sample
from tiny_models import tensors
from typer.testing import CliRunner

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.cli import commands as cli
from mergedesk.domain.findings import Code
from mergedesk.domain.gguf_export import ExportProgress, ExportStage, GgufReport, GgufRequest
from mergedesk.domain.packed_export import ExportStatus
from mergedesk.engines import streaming
from mergedesk.pipelines.export_gguf import export_gguf
from mergedesk.planning import export_checks
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.quantization.reference import as_library_rounds, packed_rows

pytestmark = pytest.mark.slow
SIZES = {"hidden_size": 192, "intermediate_size": 192, "num_key_value_heads": 4, "head_dim": 48}
FORMATS = ("bitsandbytes_4bit", "gptq", "float8", "pack_quantized", "mxfp4_pack_quantized")
NAMES = {"self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "mlp.down_proj": "ffn_down"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("plain") / "model", "Llama", **SIZES)


def packed_folder(name: str, plain: Path, folder: Path) -> Path:
    """The model with each linear layer packed, of values drawn at random."""
    shutil.copytree(plain, folder)
    stored, config = dict[str, torch.Tensor](), dict[str, Any]()
    for weight, tensor in tensors(plain).items():
        if weight.endswith("_proj.weight"):
            parts, config = sample(name, weight.removesuffix(".weight"), *tensor.shape)
            stored |= {part: value.clone() for part, value in parts.items()}
        else:
            stored[weight] = tensor
    write_tensors(folder / "model.safetensors", stored, header_of(stored))
    write_json(folder / "config.json", {**read_json(plain / "config.json"), "quantization_config": config})
    return folder


def exported(folder: Path, output: Path, **options: Any) -> tuple[GgufReport, list[ExportProgress]]:
    said = list[ExportProgress]()
    report = export_gguf(GgufRequest(folder, output, types=("BF16",), answer=False, **options), said.append)
    return report, said


@pytest.mark.parametrize("name", FORMATS)
def test_the_file_holds_what_the_weights_stand_for(name: str, plain: Path, tmp_path: Path) -> None:
    folder = packed_folder(name, plain, tmp_path / "packed")
    before = contents(folder)
    report, said = exported(folder, tmp_path / "made")
    assert report.status is ExportStatus.EXPORTED, report
    assert report.files[0].loss == 0.0
    assert ExportStage.DEQUANTIZE in {progress.stage for progress in said}
    told = next(one for one in report.findings if one.code is Code.GGUF_DEQUANTIZES)
    assert told.data["bytes"] == sum(tensor.nbytes for tensor in tensors(plain).values())
    read = gguf.GGUFReader(tmp_path / "made" / report.files[0].name)
    found = {tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type) for tensor in read.tensors}
    compared = 0
    for packed in packed_in(unpacked(read_checkpoint(folder))):
        layer, _, module = packed.name.removeprefix("model.layers.").removesuffix(".weight").partition(".")
        if module in NAMES:
            due = as_library_rounds(packed, packed_rows(packed)(0, packed.rows)).float().numpy()
            ours = found[f"blk.{layer}.{NAMES[module]}.weight"]
            assert np.array_equal(ours, due.reshape(packed.shape)), packed.name
            compared += 1
    assert compared == 6
    assert contents(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "packed"]


def test_by_command_with_an_answer(plain: Path, tmp_path: Path) -> None:
    folder = packed_folder("float8", plain, tmp_path / "packed")
    given = ["export", str(folder), "--to", "gguf", "--type", "Q8_0", "--output", str(tmp_path / "made"), "--json"]
    done = CliRunner().invoke(cli.app, given)
    assert done.exit_code == 0, done.stdout
    told = json.loads(done.stdout)
    assert "gguf_dequantizes" in [finding["code"] for finding in told["findings"]]
    assert {check["code"] for check in told["files"][0]["checks"]} >= {"gguf_answers", "gguf_tokenizes"}


def verified(file: Path, folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(cli.app, ["verify-export", str(file), str(folder), "--json", *options])
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize("name", FORMATS)
def test_the_file_is_verified_against_the_packed_folder(name: str, plain: Path, tmp_path: Path) -> None:
    folder, other = (packed_folder(name, plain, tmp_path / at) for at in ("packed", "other"))
    report, _ = exported(folder, tmp_path / "made.gguf")
    assert report.status is ExportStatus.EXPORTED, report
    before = contents(tmp_path)
    code, told = verified(tmp_path / "made.gguf", folder, "--no-answer")
    assert (code, told["verdict"], told["loss"]) == (0, "match", 0.0), told
    stored = tensors(folder)  # two layers take each other's place
    swapped = [name for name in stored if name.startswith("model.layers.0.mlp.down_proj.")]
    for name in swapped:
        twin = name.replace("layers.0", "layers.1")
        stored[name], stored[twin] = stored[twin], stored[name]
    write_tensors(other / "model.safetensors", stored, header_of(stored))
    code, told = verified(tmp_path / "made.gguf", other, "--no-answer")
    assert (code, told["verdict"]) == (4, "mismatch"), told
    now = contents(tmp_path)
    assert {path: one for path, one in now.items() if not path.startswith("other/")} == {
        path: one for path, one in before.items() if not path.startswith("other/")
    }


def test_it_is_verified_with_both_answers(plain: Path, tmp_path: Path) -> None:
    folder = packed_folder("float8", plain, tmp_path / "packed")
    exported(folder, tmp_path / "made.gguf")
    code, told = verified(tmp_path / "made.gguf", folder)
    assert (code, told["verdict"]) == (0, "match"), told
    assert {check["code"]: check["status"] for check in told["checks"]}["gguf_answers"] == "pass"


def test_a_wrong_value_is_not_exported(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, load = packed_folder("float8", plain, tmp_path / "packed"), streaming.load_unpacker

    def wrong(*given: Any) -> Any:
        unpacker = load(*given)
        values = unpacker.values
        monkeypatch.setattr(unpacker, "values", lambda start, stop: values(start, stop) * 1.1, raising=False)
        return unpacker

    monkeypatch.setattr(streaming, "load_unpacker", wrong)
    report, _ = exported(folder, tmp_path / "made")
    assert report.status is ExportStatus.FAILED, report
    assert not (tmp_path / "made").exists()


def test_the_copy_counts_for_the_room(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = packed_folder("gptq", plain, tmp_path / "packed")
    of_plain = export_checks.prepare_export(GgufRequest(plain, tmp_path / "made", types=("BF16",)))
    of_packed = export_checks.prepare_export(GgufRequest(folder, tmp_path / "made", types=("BF16",)))
    assert of_plain.plan is not None
    assert of_packed.plan is not None
    copy = sum(tensor.nbytes for tensor in tensors(plain).values())
    more = of_packed.plan.forecast.needed_bytes - of_plain.plan.forecast.needed_bytes
    assert 0.95 * copy < more < 1.05 * copy
    monkeypatch.setattr(export_checks, "free_bytes", lambda _: of_packed.plan.forecast.needed_bytes)  # type: ignore[union-attr]
    refused, _ = exported(folder, tmp_path / "made")
    assert refused.status is ExportStatus.REFUSED
    assert Code.DISK_FULL in {finding.code for finding in refused.findings}


def test_a_config_that_was_left_over_is_no_hindrance(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, tmp_path / "model")
    config = read_json(plain / "config.json") | {"quantization_config": {"quant_method": "bitsandbytes"}}
    write_json(tmp_path / "model" / "config.json", config)
    report, _ = exported(tmp_path / "model", tmp_path / "made")
    assert report.status is ExportStatus.EXPORTED, report
