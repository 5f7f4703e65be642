"""Verification against results that are wrong in one way each: the right check fails, and nothing is published."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from folders import (
    HIDDEN,
    LLAMA,
    VOCABULARY,
    assert_says,
    codes,
    contents,
    everything,
    failed,
    llama_tensors,
    lora_config,
    lora_tensors,
    make_lora,
    make_model,
    make_sharded_model,
    make_tokenizer,
    read_json,
    request,
    the,
    write_json,
    write_tensors,
)
from method_cases import train
from safetensors.torch import load_file
from staged_merges import codes_of, staged_merge
from tiny_models import MakeBase
from transformers import LlamaForCausalLM

from mergedesk.checkpoints.adapter import read_adapter
from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import Check, CheckCode, CheckStatus, Code, Severity, SkipReason
from mergedesk.domain.merge_report import MergeReport, MergeStatus, report_json
from mergedesk.domain.messages import check_message
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Engine, Precision
from mergedesk.pipelines import write_output
from mergedesk.pipelines.merge import merge as run_merge
from mergedesk.pipelines.merge_job import MergeJob
from mergedesk.pipelines.writing import Written
from mergedesk.planning.plan import PlannedTensor, make_plan
from mergedesk.planning.resolved_adapter import map_adapter
from mergedesk.runtime.transformers_class import let_go
from mergedesk.verification.compare import rows
from mergedesk.verification.staged import values as numbers
from mergedesk.verification.staged.registry import CHECKS
from mergedesk.verification.staged.structure import CHECK as STRUCTURE

Tamper = Callable[[Path], None]
Q = "model.layers.0.self_attn.q_proj.weight"
NORM = "model.norm.weight"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_tokenizer(make_model(tmp_path / "base"))
    copy = {"base_model.model.lm_head.weight": torch.randn(VOCABULARY, HIDDEN)}
    make_lora(tmp_path / "adapter", lora_tensors() | copy, modules_to_save=["lm_head"])
    return tmp_path


def merge(home: Path, **options: Any) -> MergeReport:
    return run_merge(request(home / "base", home / "adapter", home / "out", **options), lambda _: None, CancelToken())


@pytest.fixture
def tampered(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., MergeReport]:
    """``tampered(change)``: a merge whose staging folder is changed before it is verified."""

    def run(change: Tamper, **options: Any) -> MergeReport:
        real = write_output.write_output

        def write(job: MergeJob) -> Written:
            written = real(job)
            change(job.folder)
            return written

        monkeypatch.setattr(write_output, "write_output", write)
        return merge(home, **options)

    return run


def weights(change: Callable[[dict[str, torch.Tensor]], None]) -> Tamper:
    """Change the tensors of the result."""

    def tamper(folder: Path) -> None:
        tensors = load_file(folder / WEIGHTS)
        change(tensors)
        write_tensors(folder / WEIGHTS, tensors)

    return tamper


def config(**changes: Any) -> Tamper:
    """Change its config."""
    return lambda folder: void(write_json(folder / "config.json", {**read_json(folder / "config.json"), **changes}))


def void(_: object) -> None:
    """For lambdas that give something back."""


def put(name: str, value: Callable[[torch.Tensor], torch.Tensor]) -> Tamper:
    return weights(lambda tensors: tensors.update({name: value(tensors[name])}))


def one_value(value: float) -> Callable[[torch.Tensor], torch.Tensor]:
    def change(tensor: torch.Tensor) -> torch.Tensor:
        tensor.view(-1)[-1] = value
        return tensor

    return change


def base_values(folder: Path) -> None:
    write_tensors(folder / WEIGHTS, llama_tensors())


def cut(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:-1])


def header(change: Callable[[bytes], bytes]) -> Tamper:
    """The header in other words, which any JSON reader takes for the same."""

    def tamper(folder: Path) -> None:
        whole = (folder / WEIGHTS).read_bytes()
        length = int.from_bytes(whole[:8], "little")
        said = change(whole[8 : 8 + length])
        (folder / WEIGHTS).write_bytes(len(said).to_bytes(8, "little") + said + whole[8 + length :])

    return tamper


def adapter_applied(folder: Path) -> None:
    """An adapter that transformers finds beside the weights, and applies once more."""
    make_lora(folder, base_model_name_or_path=str(folder.parent / "base"))


WRONG: dict[str, tuple[Tamper, set[str]]] = {
    "the base unchanged": (base_values, {"targeted_changed", "samples_as_expected", "replaced_equal_adapter"}),
    "one targeted tensor unchanged": (
        put(Q, lambda _: llama_tensors()[Q]),
        {"targeted_changed", "samples_as_expected"},
    ),
    "half of the delta": (put(Q, lambda one: ((one + llama_tensors()[Q]) / 2).to(one.dtype)), {"samples_as_expected"}),
    "the delta twice": (put(Q, lambda one: 2 * one - llama_tensors()[Q]), {"samples_as_expected"}),
    "another delta": (put(Q, lambda one: one.flip(0)), {"samples_as_expected"}),
    "one merged value changed": (put(Q, one_value(9.0)), {"samples_as_expected"}),
    "one copied value changed": (put(NORM, one_value(0.5)), {"others_identical"}),
    "the sign of a zero": (put("model.embed_tokens.weight", one_value(-0.0)), {"others_identical"}),
    "not a number": (put(Q, one_value(float("nan"))), {"targeted_finite", "samples_as_expected"}),
    "infinite": (put(Q, one_value(float("-inf"))), {"targeted_finite", "samples_as_expected"}),
    "another head": (put("lm_head.weight", one_value(9.0)), {"replaced_equal_adapter"}),
    "a broken head": (put("lm_head.weight", one_value(float("nan"))), {"replaced_equal_adapter", "targeted_finite"}),
    "a tensor missing": (weights(lambda one: void(one.pop(NORM))), {"keys_as_planned", "no_keys_left_over"}),
    "a tensor too many": (
        weights(lambda one: one.update(extra=torch.ones(2))),
        {"keys_as_planned", "no_keys_left_over"},
    ),
    "a tensor under another name": (
        weights(lambda one: one.update({f"base_model.{Q}": one.pop(Q)})),
        {"keys_as_planned", "no_keys_left_over"},
    ),
    "another shape": (
        put(NORM, lambda one: one[:-1].contiguous()),
        {"shapes_as_planned", "others_identical", "loads_as_plain_model"},
    ),
    "another dtype": (put(NORM, lambda one: one.float()), {"dtypes_as_planned"}),
    "another dtype for merged values": (put(Q, lambda one: one.half()), {"dtypes_as_planned"}),
    "a wrong dtype in the config": (config(dtype="float32"), {"dtypes_as_planned"}),
    "a quantisation config": (
        config(quantization_config={"quant_method": "bitsandbytes", "load_in_4bit": True}),
        {"no_quantisation_left"},
    ),
    "a companion missing": (lambda folder: (folder / "tokenizer_config.json").unlink(), {"files_as_planned"}),
    "no config": (lambda folder: (folder / "config.json").unlink(), {"files_as_planned", "keys_as_planned"}),
    "no weights": (lambda folder: (folder / WEIGHTS).unlink(), {"files_as_planned", "keys_as_planned"}),
    "weights cut off": (cut, {"keys_as_planned", "opens_with_safetensors"}),
    "a file too many": (lambda folder: void(write_json(folder / "notes.json", {})), {"files_as_planned"}),
    "an adapter config": (
        lambda folder: void(write_json(folder / "adapter_config.json", lora_config())),
        {"files_as_planned", "no_adapter_files"},
    ),
    "adapter weights in a folder of their own": (
        lambda folder: void(write_tensors(folder / "sub" / "adapter_model.safetensors", {})),
        {"files_as_planned", "no_adapter_files"},
    ),
    "an adapter that is applied again": (adapter_applied, {"files_as_planned", "no_adapter_files", "class_is_plain"}),
    "a header with a byte order mark": (
        header(lambda said: b"\xef\xbb\xbf" + said),
        {"opens_with_safetensors", "keys_as_planned"},
    ),
    "a header in UTF-16": (
        header(lambda said: said.decode().encode("utf-16")),
        {"opens_with_safetensors", "keys_as_planned"},
    ),
    "a name in the header twice": (
        header(lambda said: said[:1] + said[1:-1].strip(b"} ") + b"}," + said[1:]),
        {"opens_with_safetensors", "keys_as_planned"},
    ),
    "another class": (config(architectures=["LlamaForSequenceClassification"]), {"no_keys_left_over"}),
    "a config of other sizes": (config(intermediate_size=40), {"loads_as_plain_model"}),
    "a config that no class takes": (config(num_attention_heads="four"), {"loads_as_plain_model"}),
    "a broken tokenizer": (
        lambda folder: void((folder / "tokenizer.json").write_text("{", encoding="utf-8")),
        {"tokenizer_loads"},
    ),
    "a tokenizer too long": (lambda folder: void(make_tokenizer(folder, VOCABULARY + 4)), {"vocabulary_fits"}),
}
ALSO_ALLOWED = {"loads_as_plain_model", "no_keys_left_over", "class_is_plain"}


@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_wrong_result(name: str, tampered: Callable[..., MergeReport], home: Path) -> None:
    change, expected = WRONG[name]
    before, names = contents(home), everything(home)
    report = tampered(change)
    found = failed(report.checks)
    assert expected <= found <= expected | ALSO_ALLOWED
    assert report.status is MergeStatus.FAILED
    finding = the(report.findings, Code.VERIFICATION_FAILED)
    assert_says(finding, Severity.ERROR, str(len(found)))
    assert set(finding.data["checks"]) == found  # type: ignore[arg-type]
    assert contents(home) == before
    assert everything(home) == names
    for check in report.checks:
        assert "{" not in check_message(check)


def test_every_check_is_made_to_fail() -> None:
    """Here, or where one file is not enough, where it only warns, or of bases that stay packed."""
    elsewhere = {CheckCode.INDEX_TRUE, CheckCode.END_TOKEN_AGREES, CheckCode.PACKED_UNTOUCHED}
    made = {CheckCode(code) for _, expected in WRONG.values() for code in expected}
    assert made | elsewhere == set().union(*map(codes_of, CHECKS))
    assert not made & elsewhere


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_right_result(engine: Engine, home: Path) -> None:
    report = merge(home, engine=engine)
    assert failed(report.checks) == set()
    [samples] = [one for one in report.checks if one.code is CheckCode.SAMPLES_AS_EXPECTED]
    assert (samples.status, samples.data["count"], samples.data["total"]) == (CheckStatus.PASS, 14, 14)


def test_samples_of_a_method_that_only_peft_knows(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", "bfloat16")
    adapter = train("HRA", "llama", base, tmp_path / "adapter")
    report = run_merge(request(base, adapter, tmp_path / "out"), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED
    [samples] = [one for one in report.checks if one.code is CheckCode.SAMPLES_AS_EXPECTED]
    assert (samples.status, samples.data["reason"]) == (CheckStatus.SKIPPED, SkipReason.ONLY_PEFT_KNOWS)
    assert "PEFT's own code" in check_message(samples)


def test_adapter_of_whole_copies_only_has_no_samples(home: Path) -> None:
    copy = {"base_model.model.lm_head.weight": torch.randn(VOCABULARY, HIDDEN)}
    make_lora(home / "adapter", copy, modules_to_save=["lm_head"])
    [samples] = [one for one in merge(home).checks if one.code is CheckCode.SAMPLES_AS_EXPECTED]
    assert (samples.status, samples.data["reason"]) == (CheckStatus.SKIPPED, SkipReason.NOTHING_ADDED)


def test_names_of_what_is_wrong_are_told(tampered: Callable[..., MergeReport]) -> None:
    report = tampered(put(Q, one_value(float("nan"))))
    checks = [one for one in report.checks if one.status is CheckStatus.FAIL]
    assert len(checks) == 2
    for check in checks:
        assert check.data["names"] == [Q]
        assert Q in check_message(check)


def test_folder_that_was_to_be_replaced_stays(tampered: Callable[..., MergeReport], home: Path) -> None:
    make_model(home / "out", llama_tensors(seed=4))
    before, names = contents(home), everything(home)
    report = tampered(base_values, overwrite=True)
    assert report.status is MergeStatus.FAILED
    assert contents(home) == before
    assert everything(home) == names


@pytest.mark.slow
@pytest.mark.parametrize("precision", [Precision.FLOAT32, Precision.FLOAT16])
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "the base unchanged",
            {"targeted_changed", "samples_as_expected", "replaced_equal_adapter", "dtypes_as_planned"},
        ),
        ("one copied value changed", {"others_identical"}),
        ("one targeted tensor unchanged", {"targeted_changed", "samples_as_expected", "dtypes_as_planned"}),
        ("half of the delta", {"samples_as_expected"}),
        ("a wrong dtype in the config", {"dtypes_as_planned"}),
    ],
)
def test_wrong_result_of_a_conversion(
    name: str, expected: set[str], precision: Precision, tampered: Callable[..., MergeReport]
) -> None:
    change = config(dtype="bfloat16") if "config" in name else WRONG[name][0]
    assert failed(tampered(change, precision=precision).checks) == expected


def shift_one(index: dict[str, Any]) -> dict[str, Any]:
    other = next(file for file in index["weight_map"].values() if file != index["weight_map"][Q])
    return {"weight_map": {**index["weight_map"], Q: other}}


@pytest.mark.parametrize(
    "change",
    [lambda _: {"metadata": {"total_size": 5}}, lambda _: {"metadata": {}}, lambda _: {"metadata": None}, shift_one],
    ids=["total", "no total", "no metadata", "other file"],
)
def test_untrue_index(
    change: Callable[[dict[str, Any]], dict[str, Any]], tampered: Callable[..., MergeReport], home: Path
) -> None:
    make_sharded_model(home / "base")

    def tamper(folder: Path) -> None:
        index = read_json(folder / INDEX)
        write_json(folder / INDEX, {**index, **change(index)})

    report = tampered(tamper)
    assert "index_true" in failed(report.checks)
    assert failed(report.checks) <= {"index_true"} | ALSO_ALLOWED


def test_fault_that_the_base_had_is_only_warned_of(home: Path) -> None:
    make_tokenizer(home / "base", VOCABULARY + 4)
    report = merge(home)
    assert report.status is MergeStatus.MERGED
    [check] = [one for one in report.checks if one.status is CheckStatus.WARN]
    assert check.code is CheckCode.VOCABULARY_FITS


def test_base_that_cannot_be_loaded_either_is_only_warned_of(home: Path) -> None:
    """A generation_config that transformers refuses is the base's own fault, and the merge keeps it to the byte."""
    odd = home / "base" / "generation_config.json"
    odd.write_text('{"do_sample": false, "temperature": 0.5, "num_return_sequences": "many"}', encoding="utf-8")
    report = merge(home)
    found = {check.code: check.status for check in report.checks}
    assert report.status is MergeStatus.MERGED
    assert found[CheckCode.LOADS_AS_PLAIN_MODEL] is CheckStatus.WARN
    assert (home / "out" / "generation_config.json").read_bytes() == odd.read_bytes()


def test_result_that_does_not_load_is_not_published_however_the_base_behaves(home: Path) -> None:
    make_model(home / "base", num_attention_heads="four")
    report = merge(home)
    assert report.status is MergeStatus.FAILED
    assert failed(report.checks) == {"loads_as_plain_model"}
    assert not (home / "out").exists()


def test_base_that_safetensors_does_not_open_is_never_merged(home: Path) -> None:
    """Its header would be the result's own: that the base does not load either is no excuse."""
    header(lambda said: b"\xef\xbb\xbf" + said)(home / "base")
    report = merge(home)
    assert report.status is MergeStatus.REFUSED
    assert Code.HEADER_BROKEN in codes(report.findings)
    assert not (home / "out").exists()


def test_no_tokenizer_is_nothing_to_check(home: Path) -> None:
    for file in (home / "base").glob("tokenizer*"):
        file.unlink()
    skipped = {one.code for one in merge(home).checks if one.status is CheckStatus.SKIPPED}
    assert {CheckCode.TOKENIZER_LOADS, CheckCode.VOCABULARY_FITS} <= skipped


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_verified_folder_is_not_held_open(engine: Engine, home: Path) -> None:
    """Nor the base, after PEFT had it; and no garbage collection is needed for that, which would stop every thread."""
    if not sys.platform.startswith("linux"):
        pytest.skip("looks at /proc")
    gc.disable()
    try:
        merge(home, engine=engine)
    finally:
        gc.enable()
    assert str(home) not in Path("/proc/self/maps").read_text(encoding="utf-8")
    held = [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    assert not [path for path in held if str(path).startswith(str(home))]


def test_model_that_holds_itself_lets_its_file_go(home: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("looks at /proc")
    model = LlamaForCausalLM.from_pretrained(home / "base", dtype="auto")
    model.itself = [model]
    mapped = str(home) in Path("/proc/self/maps").read_text(encoding="utf-8")
    let_go(model)
    assert mapped
    assert str(home) not in Path("/proc/self/maps").read_text(encoding="utf-8")


# Deltas that rounding loses


def planned_q(home: Path, size: float, dtype: torch.dtype = torch.bfloat16) -> PlannedTensor:
    make_model(home / "small", llama_tensors(dtype=dtype))
    pairs = lora_tensors([Q.removesuffix(".weight")])
    pairs = {name: tensor * (size if ".lora_B." in name else 1) for name, tensor in pairs.items()}
    base = read_checkpoint(home / "small")
    adapter = read_adapter(make_lora(home / "lost", pairs))
    plan = make_plan(base, [map_adapter(base, adapter)], Precision.AUTO)
    [tensor] = [one for one in plan.tensors if one.name == Q]
    return tensor


@pytest.mark.parametrize(("size", "lost"), [(0.0, True), (1e-9, True), (1e-2, False), (1.0, False)])
def test_whether_a_delta_is_lost(size: float, lost: bool, home: Path) -> None:
    assert numbers.delta_is_lost(planned_q(home, size), CancelToken()) is lost


def test_delta_that_bfloat16_loses_shows_in_float32(home: Path) -> None:
    assert numbers.delta_is_lost(planned_q(home, 1e-5), CancelToken())
    assert not numbers.delta_is_lost(planned_q(home, 1e-5, torch.float32), CancelToken())
    assert not numbers.delta_is_lost(msgspec.structs.replace(planned_q(home, 1e-5), dtype="F32"), CancelToken())


def test_delta_in_the_last_rows_only(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "BLOCK_ELEMENTS", 5 * 48)
    tensor = planned_q(home, 0.0)
    pairs = load_file(home / "lost" / "adapter_model.safetensors")
    [name] = [one for one in pairs if ".lora_B." in one]
    pairs[name][-1] = 1.0
    write_tensors(home / "lost" / "adapter_model.safetensors", pairs)
    assert not numbers.delta_is_lost(tensor, CancelToken())


def test_lost_delta_of_transposed_weights(home: Path) -> None:
    """Stored (inputs, outputs), as GPT-2 does: the delta is turned round before it is added."""
    write_tensors(home / "t" / WEIGHTS, {"transformer.h.0.attn.c_attn.weight": torch.ones(8, 24, dtype=torch.bfloat16)})
    write_json(home / "t" / "config.json", {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]})
    name = "base_model.model.transformer.h.0.attn.c_attn"
    for size, lost in ((1e-6, True), (1.0, False)):
        pairs = {f"{name}.lora_A.weight": torch.ones(4, 8), f"{name}.lora_B.weight": torch.full((24, 4), size)}
        adapter = read_adapter(make_lora(home / "ta", pairs, fan_in_fan_out=True))
        base = read_checkpoint(home / "t")
        [tensor] = make_plan(base, [map_adapter(base, adapter)], Precision.AUTO).tensors
        assert numbers.delta_is_lost(tensor, CancelToken()) is lost


@pytest.mark.parametrize(("size", "lost"), [(1e-6, True), (1.0, False)])
def test_lost_delta_of_a_bias(size: float, lost: bool, home: Path) -> None:
    name = Q.removesuffix(".weight")
    bias = {f"{name}.bias": torch.ones(HIDDEN, dtype=torch.bfloat16)}
    base = read_checkpoint(make_model(home / "biased", llama_tensors() | bias, attention_bias=True))
    pairs = lora_tensors([name]) | {f"base_model.model.{name}.lora_B.bias": torch.full((HIDDEN,), size)}
    adapter = read_adapter(make_lora(home / "bias", pairs, lora_bias=True))
    plan = make_plan(base, [map_adapter(base, adapter)], Precision.AUTO)
    [tensor] = [one for one in plan.tensors if one.name == f"{name}.bias"]
    assert numbers.delta_is_lost(tensor, CancelToken()) is lost


# The checks by themselves


def number_checks(home: Path, change: Tamper | None = None) -> dict[str, Check]:
    """The number checks on a merged folder, changed afterwards."""
    assert merge(home).status is MergeStatus.MERGED
    if change:
        change(home / "out")
    base = read_checkpoint(home / "base")
    plan = make_plan(base, [map_adapter(base, read_adapter(home / "adapter"))], Precision.AUTO)
    told: list[int] = []
    staged = staged_merge(home / "out", home / "base", plan.tensors, advance=lambda count, _: told.append(count))
    found = numbers.CHECK.run(staged)
    by_code = {check.code.value: check for check in found}
    assert sum(told) == plan.tensor_bytes
    return by_code


def test_every_value_is_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a tensor is compared in many blocks, and only its last value is another."""
    monkeypatch.setattr(rows, "BLOCK_BYTES", 64)
    checks = number_checks(home, put("model.embed_tokens.weight", one_value(0.123)))
    assert checks["others_identical"].data["names"] == ["model.embed_tokens.weight"]
    assert checks["targeted_changed"].status is CheckStatus.PASS


def test_one_changed_value_is_a_change(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BLOCK_BYTES", 64)

    def nearly_base(tensors: dict[str, torch.Tensor]) -> None:
        tensors[Q] = one_value(0.321)(llama_tensors()[Q])

    assert number_checks(home, weights(nearly_base))["targeted_changed"].status is CheckStatus.PASS


def test_counts(home: Path) -> None:
    checks = number_checks(home)
    assert checks["targeted_changed"].data == {"count": 14, "total": 14, "names": []}
    assert checks["targeted_finite"].data["count"] == 15
    assert checks["others_identical"].data["count"] == 6
    assert checks["replaced_equal_adapter"].data["count"] == 1


def test_large_sums_are_not_taken_for_infinities(home: Path) -> None:
    module = f"base_model.model.{Q.removesuffix('.weight')}"
    pairs = lora_tensors()
    pairs[f"{module}.lora_A.weight"] = torch.full((4, HIDDEN), 5e18)
    pairs[f"{module}.lora_B.weight"] = torch.full((HIDDEN, 4), 5e18)
    make_lora(home / "adapter", pairs)
    assert merge(home).status is MergeStatus.MERGED
    stored = load_file(home / "out" / WEIGHTS)[Q]
    assert stored.isfinite().all()
    assert stored.float().sum().isinf()


def structure(home: Path) -> dict[str, Check]:
    base = read_checkpoint(home / "base")
    planned = make_plan(base, [], Precision.AUTO).tensors
    merge = staged_merge(home / "base", home / "base", planned)
    return {one.code.value: one for one in STRUCTURE.run(merge)}


def test_structure_of_an_unchanged_folder(home: Path) -> None:
    assert {code for code, one in structure(home).items() if one.status is not CheckStatus.PASS} == {"index_true"}


@pytest.mark.parametrize(
    ("stated", "right"),
    [({"dtype": "float16"}, False), ({"torch_dtype": "bfloat16"}, True), ({"torch_dtype": 5}, False)],
)
def test_stated_dtype(stated: dict[str, Any], right: bool, home: Path) -> None:
    write_json(
        home / "base" / "config.json", {**{key: value for key, value in LLAMA.items() if key != "dtype"}, **stated}
    )
    check = structure(home)["dtypes_as_planned"]
    assert (check.status is CheckStatus.PASS) is right
    assert check.data["names"] == ([] if right else ["config.json"])


def test_report_of_a_failed_verification_is_told_whole(tampered: Callable[..., MergeReport]) -> None:
    shown = report_json(tampered(base_values))
    assert shown["status"] == "failed"
    json.dumps(shown)
    assert [check["code"] for check in shown["checks"] if check["status"] == "fail"] == [  # type: ignore[union-attr, index, call-overload]
        "targeted_changed", "replaced_equal_adapter", "samples_as_expected",
    ]  # fmt: skip
