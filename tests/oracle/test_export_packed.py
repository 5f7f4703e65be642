"""A model packed for servers: each bit compressed-tensors', loaded by transformers, the same in one pass as in two."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from compressed_tensors.compressors.base import BaseCompressor
from compressed_tensors.quantization import QuantizationConfig
from families import EXPERTS, save_base
from folders import codes, failed, read_json, the, write_json, write_tensors
from repacked import ranges
from tiny_models import make_adapter, make_base, merge_with_mergedesk, same_bits, tensors, third_party_noise_off
from transformers import AutoModelForCausalLM

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import CheckCode, CheckStatus, Code, SkipReason
from mergedesk.domain.merge_report import MergeReport, MergeStatus, report_json
from mergedesk.domain.messages import finding_text
from mergedesk.domain.packed_export import ExportStatus, PackedExport, export_json
from mergedesk.domain.progress import Cancelled, CancelToken, unheard
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.export.packed.linear_layers import linear_weights
from mergedesk.export.packed.scheme import SCHEMES
from mergedesk.pipelines import packing_plan
from mergedesk.pipelines.export_packed import ExportRequest, export_packed
from mergedesk.pipelines.merge_packed import merge_packed
from mergedesk.pipelines.packed_forecast import foretell_packed
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.quantization.reference import packed_rows

SIZES = {"hidden_size": 256, "intermediate_size": 512, "num_key_value_heads": 4, "head_dim": 64}
EVERY = pytest.mark.parametrize("form", SCHEMES)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 16-bit Llama, and an adapter for all of it."""
    folder = tmp_path_factory.mktemp("plain")
    torch.manual_seed(0)
    make_base("llama", folder / "base", "bfloat16", **SIZES)
    make_adapter("llama", folder / "base", folder / "adapter")
    return folder


@pytest.fixture(autouse=True)
def _asked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in another process, which would import transformers each time."""
    monkeypatch.setattr(packing_plan, "bounded", lambda _asked, folder, **_limits: linear_weights(folder))


def packed(model: Path, output: Path, form: str, **options: Any) -> PackedExport:
    return export_packed(ExportRequest(model, output, form, **options), unheard, CancelToken())


def in_one_pass(base: Path, adapter: Path, output: Path, form: str, **options: Any) -> MergeReport:
    request = MergeRequest(base, (AdapterChoice(adapter),), output, **options)
    return merge_packed(request, form, unheard, CancelToken())


def stored_by_library(values: torch.Tensor, config: QuantizationConfig) -> dict[str, torch.Tensor]:
    """What compressed-tensors stores of a weight by the config that was written."""
    from compressed_tensors.quantization.utils import calculate_qparams

    [scheme] = config.config_groups.values()
    args = scheme.weights
    assert args is not None
    scales, zeros = calculate_qparams(*ranges(values.float(), args), args)
    scales = scales.to(values.dtype)
    state = {"weight": values.float(), "weight_scale": scales.float(), "weight_zero_point": zeros}
    made = dict(BaseCompressor.get_value_from_registry(config.format).compress(state, scheme))
    return {**made, "weight_scale": scales}


@EVERY
def test_every_bit_is_the_library_s(form: str, plain: Path, tmp_path: Path) -> None:
    report = packed(plain / "base", tmp_path / "out", form)
    assert report.status is ExportStatus.EXPORTED, (report.findings, failed(report.checks))
    config = QuantizationConfig.model_validate(read_json(tmp_path / "out" / "config.json")["quantization_config"])
    before, found = tensors(plain / "base"), tensors(tmp_path / "out")
    linear = {name for name in before if name.endswith("_proj.weight")}
    assert {f"{module.name}.weight" for module in report.modules} == linear
    for name in linear:
        for part, theirs in stored_by_library(before.pop(name), config).items():
            ours = found.pop(f"{name.removesuffix('.weight')}.{part}")
            assert same_bits(ours.view(theirs.shape), theirs), (name, part)
    assert found.keys() == before.keys()
    assert all(same_bits(found[name], before[name]) for name in found)


@EVERY
def test_transformers_loads_it_and_answers_as_the_rounded_model(form: str, plain: Path, tmp_path: Path) -> None:
    assert packed(plain / "base", tmp_path / "out", form).status is ExportStatus.EXPORTED
    seen = unpacked(read_checkpoint(tmp_path / "out"))
    values = {one.name: torch.from_numpy(packed_rows(one)(0, one.rows)).to(torch.bfloat16) for one in packed_in(seen)}
    write_tensors(tmp_path / "rounded" / "model.safetensors", {**tensors(plain / "base"), **values})
    write_json(tmp_path / "rounded" / "config.json", read_json(plain / "base" / "config.json"))
    answers = [answer(tmp_path / name) for name in ("out", "rounded")]
    assert answers[0].isfinite().all()
    off = (answers[0] - answers[1]).norm() / answers[1].norm()
    assert off < (0.02 if form.startswith("int4") else 0.1)  # of eight bits, inputs are rounded as well


def answer(folder: Path) -> torch.Tensor:
    with third_party_noise_off():
        model = AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    with torch.no_grad():
        logits: torch.Tensor = model(torch.arange(2, 12).unsqueeze(0)).logits.float()
    return logits


@EVERY
def test_one_pass_gives_the_bytes_of_two(form: str, plain: Path, tmp_path: Path) -> None:
    merge_with_mergedesk(plain / "base", plain / "adapter", tmp_path / "merged")
    assert packed(tmp_path / "merged", tmp_path / "two", form).status is ExportStatus.EXPORTED
    report = in_one_pass(plain / "base", plain / "adapter", tmp_path / "one", form)
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    one, two = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two
    assert read_json(tmp_path / "one" / "config.json") == read_json(tmp_path / "two" / "config.json")
    assert read_json(tmp_path / "one" / "mergedesk-report.json")["options"]["output_format"] == form
    json.dumps(report_json(report))


@pytest.mark.parametrize("kind", ["mixtral", "qwen3_moe"])
def test_experts_are_packed_one_by_one_and_routers_are_not(kind: str, tmp_path: Path) -> None:
    save_base(EXPERTS[kind], tmp_path / "base", "bfloat16")
    report = packed(tmp_path / "base", tmp_path / "out", "fp8")
    assert report.status is ExportStatus.EXPORTED, (report.findings, failed(report.checks))
    names = {module.name for module in report.modules}
    experts = {name.removesuffix(".weight") for name in tensors(tmp_path / "base") if ".experts." in name}
    assert experts
    assert experts <= names
    assert not any(name.endswith(".gate") or "lm_head" in name or "embed" in name for name in names)
    ignored = read_json(tmp_path / "out" / "config.json")["quantization_config"]["ignore"]
    assert any(name.endswith(".gate") for name in ignored)
    assert "lm_head" in ignored


def test_stacked_experts_stay_and_it_is_told(tmp_path: Path) -> None:
    save_base(EXPERTS["gpt_oss"], tmp_path / "base", "bfloat16")
    report = packed(tmp_path / "base", tmp_path / "out", "fp8")
    assert report.status is ExportStatus.EXPORTED, (report.findings, failed(report.checks))
    told = the(report.findings, Code.EXPORT_STACKED)
    stacked = {name for name, tensor in tensors(tmp_path / "base").items() if tensor.ndim == 3}
    assert set(told.data["names"]) == stacked


def test_a_class_without_linear_layers_is_told_apart(tmp_path: Path) -> None:
    make_base("gpt2", tmp_path / "base", "bfloat16")
    report = packed(tmp_path / "base", tmp_path / "out", "fp8")
    assert codes(report.findings) >= {Code.EXPORT_NOTHING_LINEAR}


def test_an_adapter_on_what_stays_plain_is_merged_there(tmp_path: Path) -> None:
    make_base("llama", tmp_path / "base", "bfloat16", **SIZES)
    make_adapter("llama", tmp_path / "base", tmp_path / "adapter", target_modules=["q_proj", "lm_head"])
    merge_with_mergedesk(tmp_path / "base", tmp_path / "adapter", tmp_path / "merged")
    report = in_one_pass(tmp_path / "base", tmp_path / "adapter", tmp_path / "out", "int8")
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    ours, merged = tensors(tmp_path / "out"), tensors(tmp_path / "merged")
    assert same_bits(ours["lm_head.weight"], merged["lm_head.weight"])


def test_what_is_lost_and_kept_is_told(plain: Path, tmp_path: Path) -> None:
    report = in_one_pass(plain / "base", plain / "adapter", tmp_path / "out", "int4")
    merge_with_mergedesk(plain / "base", plain / "adapter", tmp_path / "merged")
    base, merged = tensors(plain / "base"), tensors(tmp_path / "merged")
    worth = {
        one.name: torch.from_numpy(packed_rows(one)(0, one.rows))
        for one in packed_in(unpacked(read_checkpoint(tmp_path / "out")))
    }
    delta = torch.cat([(merged[name].double() - base[name].double()).flatten() for name in worth])
    shift = torch.cat([(worth[name] - base[name].double()).flatten() for name in worth])
    [kept] = [one.data["kept"] for one in report.findings if one.code is Code.EXPORT_KEPT]
    assert kept == pytest.approx(100 * float(torch.dot(shift, delta) / torch.dot(delta, delta)), abs=3)
    whole = torch.cat([merged[name].double().flatten() for name in worth])
    off = torch.cat([(worth[name] - merged[name].double()).flatten() for name in worth])
    [loss] = [one.data["loss"] for one in report.findings if one.code is Code.EXPORT_PACKED]
    assert loss == pytest.approx(100 * float(off.norm() / whole.norm()), rel=0.01)


Break = Callable[[pytest.MonkeyPatch], None]


def codes_one_off(patch: pytest.MonkeyPatch) -> None:
    from mergedesk.quantization.pack_quantized import repack

    real = repack.integers
    patch.setattr(repack, "integers", lambda *given: (real(*given) + 1).clamp(max=7))


def written_elsewhere(patch: pytest.MonkeyPatch) -> None:
    from mergedesk.export.packed import write

    real = write._write
    patch.setattr(
        write, "_write", lambda filling, packed, repacks, begin, parts: real(filling, packed, repacks, 0, parts)
    )


def one_tile_left_out(patch: pytest.MonkeyPatch) -> None:
    from mergedesk.export.packed import write

    real = write._write

    def leave_out(filling: Any, packed: Any, repacks: Any, begin: int, parts: Any) -> None:
        if not (packed.name.endswith("layers.1.mlp.up_proj.weight") and begin):
            real(filling, packed, repacks, begin, parts)

    patch.setattr(write, "_write", leave_out)


def another_tensor(patch: pytest.MonkeyPatch) -> None:
    from mergedesk.export.packed import write

    real = write.rows_of_weight
    patch.setattr(
        "mergedesk.pipelines.packing.rows_of_weight",
        lambda files, tensor, cancel: (
            lambda begin, end: write.Tile(None, real(files, tensor, cancel)(begin, end).values.flip(1))
        ),
    )


@pytest.mark.parametrize("breakage", [codes_one_off, written_elsewhere, one_tile_left_out, another_tensor])
def test_what_is_wrong_is_not_published(
    breakage: Break, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mergedesk.export.packed.write._TILE_ELEMENTS", 16384)
    breakage(monkeypatch)
    report = packed(plain / "base", tmp_path / "out", "int4")
    assert report.status is ExportStatus.FAILED
    assert Code.VERIFICATION_FAILED in codes(report.findings)
    [check] = [one for one in report.checks if one.code is CheckCode.PACKED_NEAREST]
    assert check.status is CheckStatus.FAIL
    assert check.data["names"]
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_packed_is_refused_in_words(plain: Path, tmp_path: Path) -> None:
    assert packed(plain / "base", tmp_path / "out", "fp8").status is ExportStatus.EXPORTED
    again = packed(tmp_path / "out", tmp_path / "twice", "int8")
    assert codes(again.findings) >= {Code.EXPORT_PACKED_ALREADY}
    occupied = packed(plain / "base", tmp_path / "out", "int8")
    assert codes(occupied.findings) >= {Code.OUTPUT_NOT_EMPTY}
    assert packed(plain / "base", tmp_path / "out", "int8", overwrite=True).status is ExportStatus.EXPORTED
    adapter = packed(plain / "adapter", tmp_path / "none", "int8")
    assert codes(adapter.findings) >= {Code.BASE_NOT_A_MODEL}
    unknown = tmp_path / "unknown"
    write_tensors(unknown / "model.safetensors", tensors(plain / "base"))
    write_json(
        unknown / "config.json", {**read_json(plain / "base" / "config.json"), "architectures": ["OddForCausalLM"]}
    )
    assert codes(packed(unknown, tmp_path / "none", "int8").findings) >= {Code.EXPORT_CLASS_UNKNOWN}
    config = read_json(unknown / "config.json")
    del config["architectures"]
    write_json(unknown / "config.json", config)
    assert codes(packed(unknown, tmp_path / "none", "int8").findings) >= {Code.EXPORT_CLASS_UNNAMED}
    assert not (tmp_path / "none").exists()


def test_a_tokenizer_that_is_missing_or_broken_is_told(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain / "base", tmp_path / "base")
    told = {Code.EXPORT_NO_TOKENIZER, Code.GGUF_TOKENIZER_BROKEN}
    assert codes(packed(tmp_path / "base", tmp_path / "none", "int8").findings) & told == {Code.EXPORT_NO_TOKENIZER}
    (tmp_path / "base" / "tokenizer.json").write_text("{", encoding="utf-8")
    broken = packed(tmp_path / "base", tmp_path / "broken", "int8")
    assert codes(broken.findings) & told == {Code.GGUF_TOKENIZER_BROKEN}
    assert broken.status is ExportStatus.EXPORTED, "weights are one thing, and their tokenizer is another"


def test_links_out_of_the_folder_are_followed_where_that_is_allowed(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain / "base", tmp_path / "base")
    (tmp_path / "base" / "model.safetensors").rename(tmp_path / "elsewhere.safetensors")
    (tmp_path / "base" / "model.safetensors").symlink_to(tmp_path / "elsewhere.safetensors")
    refused = packed(tmp_path / "base", tmp_path / "out", "int8")
    assert codes(refused.findings) >= {Code.LINKS_LEAVE_FOLDER}
    assert not (tmp_path / "out").exists()
    assert packed(tmp_path / "base", tmp_path / "out", "int8", follow_links=True).status is ExportStatus.EXPORTED


def test_rows_that_are_no_whole_groups_stay_plain_or_are_refused(tmp_path: Path) -> None:
    make_base("llama", tmp_path / "base", "bfloat16", hidden_size=96, intermediate_size=80)
    report = packed(tmp_path / "base", tmp_path / "out", "int4")
    assert report.status is ExportStatus.REFUSED
    assert codes(report.findings) >= {Code.EXPORT_NOTHING_FITS}
    fits = packed(tmp_path / "base", tmp_path / "small", "int4-32")
    assert fits.status is ExportStatus.EXPORTED, fits.findings
    assert fits.modules
    assert not any(module.name.endswith("down_proj") for module in fits.modules)
    assert any(name.endswith("down_proj") for name in fits.left)
    told = the(fits.findings, Code.EXPORT_UNFIT)
    left = {name for name in fits.left if name.endswith(("o_proj", "down_proj"))}  # what takes 48 or 80 values in
    assert set(told.data["names"]) == left
    json.dumps(export_json(fits))


@pytest.mark.parametrize("form", ["int4", "int4-32", "fp8-block"])
def test_groups_of_32_are_offered_only_where_they_fit(form: str, tmp_path: Path) -> None:
    make_base("llama", tmp_path / "base", "bfloat16", hidden_size=40, intermediate_size=80)
    report = packed(tmp_path / "base", tmp_path / "out", form)
    told = the(report.findings, Code.EXPORT_NO_GROUP_FITS)
    assert "32 values" not in finding_text(told).hint
    assert packed(tmp_path / "base", tmp_path / "rows", "fp8").status is ExportStatus.EXPORTED


@EVERY
@pytest.mark.parametrize(("hidden", "inner"), [(192, 256), (256, 320), (160, 96)])
def test_whatever_is_packed_answers(form: str, hidden: int, inner: int, tmp_path: Path) -> None:
    """Widths that are no whole blocks: each layer is packed so that it runs, or left out."""
    sizes = {"hidden_size": hidden, "intermediate_size": inner, "num_key_value_heads": 4, "head_dim": 32}
    make_base("llama", tmp_path / "base", "bfloat16", **sizes)
    report = packed(tmp_path / "base", tmp_path / "out", form)
    if report.status is ExportStatus.REFUSED:
        assert form in ("int4", "fp8-block")
        assert codes(report.findings) & {Code.EXPORT_NOTHING_FITS, Code.EXPORT_NO_GROUP_FITS}
        return
    off = answer(tmp_path / "out") - answer(tmp_path / "base")
    assert off.norm() < 0.5 * answer(tmp_path / "base").norm()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["layers.1.mlp.up_proj", "embed_tokens", "norm"])
def test_a_weight_that_is_not_finite_is_named_and_not_published(
    name: str, value: float, plain: Path, tmp_path: Path
) -> None:
    weights, name = tensors(plain / "base"), f"model.{name}.weight"
    weights[name].view(-1)[3] = value
    write_tensors(tmp_path / "bad" / "model.safetensors", weights)
    write_json(tmp_path / "bad" / "config.json", read_json(plain / "base" / "config.json"))
    report = packed(tmp_path / "bad", tmp_path / "out", "fp8")
    assert report.status is ExportStatus.FAILED
    assert the(report.findings, Code.EXPORT_NOT_FINITE).data["name"] == name
    merged = in_one_pass(tmp_path / "bad", plain / "adapter", tmp_path / "out", "int4")
    assert the(merged.findings, Code.EXPORT_NOT_FINITE).data["name"] == name
    assert not (tmp_path / "out").exists()


def test_a_cancelled_export_leaves_nothing(plain: Path, tmp_path: Path) -> None:
    cancel = CancelToken()
    request = ExportRequest(plain / "base", tmp_path / "out", "fp8")
    with pytest.raises(Cancelled):
        export_packed(request, lambda progress: cancel.cancel() if progress.done_bytes else None, cancel)
    assert not list(tmp_path.iterdir())


@EVERY
def test_its_size_is_foretold_from_headers(form: str, plain: Path, tmp_path: Path) -> None:
    foretold = foretell_packed(plain / "base", tmp_path)
    report = packed(plain / "base", tmp_path / "out", form)
    assert foretold.bytes_by_form[form] == (tmp_path / "out" / "model.safetensors").stat().st_size
    assert foretold.free_bytes
    assert report.total_bytes >= foretold.bytes_by_form[form]


def test_nothing_is_foretold_of_what_is_no_model(plain: Path) -> None:
    assert foretell_packed(plain / "adapter", plain).bytes_by_form == {}


@EVERY
def test_a_model_whose_head_is_its_embeddings_loads(form: str, tmp_path: Path) -> None:
    make_base("qwen2", tmp_path / "base", "bfloat16", hidden_size=256, intermediate_size=512)
    make_adapter("qwen2", tmp_path / "base", tmp_path / "adapter")
    report = in_one_pass(tmp_path / "base", tmp_path / "adapter", tmp_path / "out", form)
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    assert report.merged_class == "Qwen2ForCausalLM"
    [load] = [one for one in report.checks if one.code is CheckCode.LOADS_AS_PLAIN_MODEL]
    assert load.status is CheckStatus.PASS


def test_what_is_not_loaded_says_why(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mergedesk.pipelines.packed_load.find_spec", lambda _name: None)
    report = packed(plain / "base", tmp_path / "out", "fp8")
    [load] = [one for one in report.checks if one.code is CheckCode.LOADS_AS_PLAIN_MODEL]
    assert load.status is CheckStatus.SKIPPED
    assert load.data["reason"] == SkipReason.NO_COMPRESSED_TENSORS
