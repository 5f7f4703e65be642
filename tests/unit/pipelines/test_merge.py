"""The whole job: two folders in, a verified folder out, and a report that says what happened."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
    linear_modules,
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
)
from safetensors.torch import load_file
from tiny_models import assert_same_tensors, merge_with_peft, same_bits, tensors

from mergedesk.domain.findings import Check, CheckCode, CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus, report_json
from mergedesk.domain.progress import CancelToken, Progress, Stage
from mergedesk.domain.requests import AdapterChoice, Engine, MergeRequest, Precision
from mergedesk.pipelines import write_output
from mergedesk.pipelines.merge import merge

PREFIX = "base_model.model."
Q = "model.layers.0.self_attn.q_proj"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with ``base`` and ``adapter`` in it."""
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    return tmp_path


def run(home: Path, report: Callable[[Progress], None] = lambda _: None, **options: Any) -> MergeReport:
    options = {"output": home / "out", **options}
    return merge(request(home / "base", home / "adapter", **options), report, CancelToken())


def assert_failed(report: MergeReport, code: Code, home: Path, *parts: str) -> None:
    """The job failed with ``code`` and kept nothing."""
    assert report.status is MergeStatus.FAILED
    assert_says(the(report.findings, code), Severity.ERROR, *parts)
    assert not [path.name for path in home.iterdir() if "out" in path.name]


def check_of(report: MergeReport, code: CheckCode) -> Check:
    [hit] = [check for check in report.checks if check.code is code]
    return hit


def test_merged(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    make_tokenizer(home / "base")
    before = contents(home)
    report = run(home)
    assert report.status is MergeStatus.MERGED
    assert [check.code for check in report.checks if check.status is not CheckStatus.PASS] == [CheckCode.INDEX_TRUE]
    of_a_proof = {
        CheckCode.CONFIG_AS_BASE,
        CheckCode.TARGETED_AS_EXPECTED,
        CheckCode.BEHAVES_AS_UNMERGED,
        CheckCode.DIFFERS_FROM_BASE,
    }
    of_others = {
        CheckCode.REPLACED_EQUAL_ADAPTER,
        CheckCode.PACKED_UNTOUCHED,
        CheckCode.PACKED_NEAREST,
        CheckCode.PACKED_AS_ROUNDED,
    }
    of_others |= {code for code in CheckCode if code.startswith("gguf_")}
    assert {check.code for check in report.checks} == set(CheckCode) - of_others - of_a_proof
    theirs = merge_with_peft("llama", home / "base", home / "adapter", tmp_path_factory.mktemp("peft"), "bfloat16")
    assert_same_tensors(home / "out", theirs)
    assert {name: digest for name, digest in contents(home).items() if not name.startswith("out/")} == before
    assert {path.name for path in home.iterdir()} == {"base", "adapter", "out"}
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        assert (home / "out" / name).read_bytes() == (home / "base" / name).read_bytes()


def test_report_s_fields(home: Path) -> None:
    report = run(home)
    shown = report_json(report)
    assert json.loads(json.dumps(shown)) == shown
    assert (shown["status"], shown["output"], shown["engine"]) == ("merged", str(home / "out"), "streaming")
    assert "stream" in str(shown["engine_reason"])
    assert shown["precision"] == "auto"
    assert shown["classes"] == {"adapter": "PeftModelForCausalLM", "merged": "LlamaForCausalLM"}
    files = {path.name: path.stat().st_size for path in (home / "out").iterdir()}
    assert {file["name"]: file["bytes"] for file in shown["files"]} == files  # type: ignore[index, union-attr, call-overload]
    assert shown["total_bytes"] == sum(files.values())
    assert shown["tensors"] == {"total": 21, "merged": 14, "replaced": 0, "copied": 7, "cast": 0}
    assert shown["modules"] == {"targeted": 14, "matched": 14}
    assert all(set(check) == {"code", "status", "message", "data"} for check in shown["checks"])  # type: ignore[union-attr, arg-type]
    assert isinstance(shown["seconds"], float)
    assert 0 < shown["seconds"] < 60
    assert isinstance(shown["peak_rss_bytes"], int)
    assert shown["peak_rss_bytes"] > 50_000_000
    assert isinstance(shown["peak_rss_beyond_imports_bytes"], int)
    assert 0 < shown["peak_rss_beyond_imports_bytes"] < shown["peak_rss_bytes"]
    assert {"mergedesk", "torch", "transformers", "peft"} <= set(shown["versions"])  # type: ignore[arg-type]


@pytest.mark.slow
def test_report_in_the_folder_is_the_one_given_back(home: Path) -> None:
    make_tokenizer(home / "base")
    write_json(home / "base" / "adapter_config.json", lora_config())
    report = report_json(run(home))
    stored = read_json(home / "out" / "mergedesk-report.json")
    assert stored["output"] == "out"
    assert [one["code"] for one in stored["findings"]] == [one["code"] for one in report["findings"]]
    varying = {"files", "total_bytes", "seconds", "peak_rss_bytes", "peak_rss_beyond_imports_bytes", "stage_seconds"}
    varying |= {"output", "findings"}  # without the paths in them
    assert {key: value for key, value in stored.items() if key not in varying} == {
        key: value for key, value in report.items() if key not in varying
    }
    assert [finding["code"] for finding in stored["findings"]] == ["leftover_adapter_config"]
    assert not (home / "out" / "adapter_config.json").exists()


def test_progress_is_honest(home: Path) -> None:
    seen: list[Progress] = []
    run(home, seen.append)
    stages = list(dict.fromkeys(one.stage for one in seen))
    assert stages == list(Stage)
    for stage in (Stage.MERGE, Stage.VERIFY):
        readings = [one for one in seen if one.stage is stage]
        assert max(one.done_bytes for one in readings) == readings[0].total_bytes > 0
        assert {one.total_bytes for one in readings} == {readings[0].total_bytes}


def test_refusal_leaves_nothing(home: Path) -> None:
    before = everything(home)
    make_lora(home / "adapter", lora_tensors(["model.layers.7.mlp.up_proj"]))
    report = run(home, output=home / "new" / "out")
    assert report.status is MergeStatus.REFUSED
    assert the(report.findings, Code.KEYS_UNMATCHED).severity is Severity.ERROR
    assert report.files == ()
    assert everything(home) == before


def test_there_is_no_merge_without_an_output(home: Path) -> None:
    with pytest.raises(TypeError, match="output"):
        MergeRequest(home / "base", (AdapterChoice(home / "adapter"),))


# Twice the same adapter


def test_second_merge_of_the_same_adapter_is_refused(home: Path) -> None:
    make_lora(home / "second", lora_tensors(seed=9))
    assert run(home).status is MergeStatus.MERGED
    again = merge(request(home / "out", home / "adapter", home / "twice"), lambda _: None, CancelToken())
    assert again.status is MergeStatus.REFUSED
    assert_says(the(again.findings, Code.ALREADY_MERGED), Severity.ERROR, "out", "adapter")
    other = merge(request(home / "out", home / "second", home / "both"), lambda _: None, CancelToken())
    assert other.status is MergeStatus.MERGED
    assert [one.name for one in other.adapters] == ["second"]
    assert [one.name for one in other.inherited_adapters] == ["adapter"]
    third = merge(request(home / "both", home / "adapter", home / "three"), lambda _: None, CancelToken())
    assert the(third.findings, Code.ALREADY_MERGED).data["base"] == "both"


# Files and sizes


def test_sharded_base_keeps_its_files(home: Path) -> None:
    make_sharded_model(home / "sharded", 3)
    report = merge(request(home / "sharded", home / "adapter", home / "out"), lambda _: None, CancelToken())
    assert failed(report.checks) == set()
    assert check_of(report, CheckCode.INDEX_TRUE).status is CheckStatus.PASS
    index = "model.safetensors.index.json"
    assert (home / "out" / index).read_bytes() == (home / "sharded" / index).read_bytes()
    weights = {path.name for path in (home / "out").glob("*.safetensors")}
    assert weights == {path.name for path in (home / "sharded").glob("*.safetensors")}
    run(home, output=home / "whole")
    assert_same_tensors(home / "out", home / "whole")


def test_wrong_total_in_the_base_s_index_is_put_right(home: Path) -> None:
    make_sharded_model(home / "sharded")
    index = read_json(home / "sharded" / "model.safetensors.index.json")
    write_json(home / "sharded" / "model.safetensors.index.json", {**index, "metadata": {"total_size": 21}})
    report = merge(request(home / "sharded", home / "adapter", home / "out"), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED
    stated = read_json(home / "out" / "model.safetensors.index.json")["metadata"]["total_size"]
    assert stated == sum(tensor.numel() * 2 for tensor in llama_tensors().values())


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_max_shard_size(engine: Engine, home: Path) -> None:
    report = run(home, max_shard_size=20_000, engine=engine)
    assert failed(report.checks) == set()
    assert check_of(report, CheckCode.INDEX_TRUE).status is CheckStatus.PASS
    weights = sorted((home / "out").glob("*.safetensors"))
    assert [file.name for file in weights] == [f"model-{number:05d}-of-00003.safetensors" for number in (1, 2, 3)]
    assert all(sum(one.numel() * 2 for one in load_file(file).values()) <= 20_000 for file in weights)
    run(home, output=home / "whole")
    assert_same_tensors(home / "out", home / "whole")


# Precision and what it cannot hold


@pytest.mark.parametrize("precision", [Precision.FLOAT32, Precision.FLOAT16])
def test_precision(precision: Precision, home: Path) -> None:
    report = run(home, precision=precision)
    assert failed(report.checks) == set()
    dtype = getattr(torch, precision.value)
    assert {tensor.dtype for tensor in tensors(home / "out").values()} == {dtype}
    assert read_json(home / "out" / "config.json") == {**LLAMA, "dtype": precision.value}
    assert report.tensors.cast == 7
    assert (Code.SIZE_GROWS in codes(report.findings)) == (precision is Precision.FLOAT32)


def test_precision_that_changes_nothing_is_a_copy(home: Path) -> None:
    report = run(home, precision=Precision.BFLOAT16)
    assert (report.tensors.cast, report.tensors.copied) == (0, 7)


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_what_float16_cannot_hold_names_the_tensor(engine: Engine, home: Path) -> None:
    large = llama_tensors()
    large[f"{Q}.weight"][3, 3] = 3e5
    make_model(home / "base", large)
    report = run(home, precision=Precision.FLOAT16, engine=engine)
    assert_failed(report, Code.FLOAT16_OVERFLOW, home, f"{Q}.weight", "bfloat16")


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
@pytest.mark.parametrize("sign", [1, -1])
def test_adapter_that_makes_no_numbers(sign: int, engine: Engine, home: Path) -> None:
    """Numbers all of them, until they are multiplied: ∞ + ∞, or ∞ - ∞."""
    broken = lora_tensors()
    broken[f"{PREFIX}{Q}.lora_A.weight"][:2] = 1e9
    broken[f"{PREFIX}{Q}.lora_B.weight"][2, :2] = torch.tensor([3e38, sign * 3e38])
    make_lora(home / "adapter", broken)
    assert_failed(run(home, engine=engine), Code.NOT_FINITE, home, f"{Q}.weight")


def test_saved_module_that_holds_no_numbers(home: Path) -> None:
    copy = torch.randn(VOCABULARY, HIDDEN)
    copy[-1, -1] = float("nan")  # past what preflight looks at
    make_lora(home / "adapter", lora_tensors() | {f"{PREFIX}lm_head.weight": copy}, modules_to_save=["lm_head"])
    assert_failed(run(home), Code.NOT_FINITE, home, "lm_head.weight")


def test_numbers_that_the_base_already_lacked_are_its_own(home: Path) -> None:
    holed = llama_tensors()
    holed["model.norm.weight"][0] = float("nan")
    make_model(home / "base", holed)
    assert run(home).status is MergeStatus.MERGED


# Modules that are replaced


def test_modules_to_save(home: Path) -> None:
    copy = torch.randn(VOCABULARY, HIDDEN)
    make_lora(home / "adapter", lora_tensors() | {f"{PREFIX}lm_head.weight": copy}, modules_to_save=["lm_head"])
    report = run(home)
    assert report.tensors.replaced == 1
    assert check_of(report, CheckCode.REPLACED_EQUAL_ADAPTER).status is CheckStatus.PASS
    assert torch.equal(tensors(home / "out")["lm_head.weight"], copy.bfloat16())


def test_tied_embeddings_that_come_apart(home: Path) -> None:
    tied = llama_tensors()
    del tied["lm_head.weight"]
    make_model(home / "base", tied, tie_word_embeddings=True)
    copy = torch.randn(VOCABULARY, HIDDEN)
    make_lora(home / "adapter", lora_tensors() | {f"{PREFIX}lm_head.weight": copy}, modules_to_save=["lm_head"])
    report = run(home)
    assert failed(report.checks) == set()
    assert Code.TIED_EMBEDDINGS_SPLIT in codes(report.findings)
    assert read_json(home / "out" / "config.json")["tie_word_embeddings"] is False
    assert torch.equal(tensors(home / "out")["lm_head.weight"], copy.bfloat16())
    assert torch.equal(tensors(home / "out")["model.embed_tokens.weight"], tied["model.embed_tokens.weight"])


# Deltas that do not show


def tiny_delta(modules: list[str]) -> dict[str, torch.Tensor]:
    """A LoRA whose delta in ``modules`` is far below half a unit in the last place of bfloat16."""
    pairs = lora_tensors()
    for module in modules:
        pairs[f"{PREFIX}{module}.lora_B.weight"] *= 1e-9
    return pairs


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_delta_too_small_in_one_module_is_warned_of(engine: Engine, home: Path) -> None:
    make_lora(home / "adapter", tiny_delta([Q]))
    report = run(home, engine=engine)
    assert report.status is MergeStatus.MERGED
    check = check_of(report, CheckCode.TARGETED_CHANGED)
    assert (check.status, check.data["names"], check.data["count"]) == (CheckStatus.WARN, [f"{Q}.weight"], 13)


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_delta_too_small_everywhere_fails(engine: Engine, home: Path) -> None:
    make_lora(home / "adapter", tiny_delta(linear_modules()))
    report = run(home, engine=engine)
    assert failed(report.checks) == {"targeted_changed"}
    assert_failed(report, Code.VERIFICATION_FAILED, home, "targeted_changed")


def test_dead_module_is_warned_of(home: Path) -> None:
    pairs = lora_tensors()
    pairs[f"{PREFIX}{Q}.lora_B.weight"].zero_()
    make_lora(home / "adapter", pairs)
    assert check_of(run(home), CheckCode.TARGETED_CHANGED).status is CheckStatus.WARN


def test_adapter_that_changes_nothing_fails(home: Path) -> None:
    pairs = {name: value * (".lora_B." in name) for name, value in lora_tensors().items()}
    make_lora(home / "adapter", pairs)
    report = run(home)
    assert_failed(report, Code.VERIFICATION_FAILED, home)
    assert (report.files, report.total_bytes) == ((), 0)  # nothing was kept


# Several adapters


def test_two_adapters_at_their_strengths(home: Path) -> None:
    make_lora(home / "second", lora_tensors(seed=8, rank=2), r=2)
    choices = (AdapterChoice(home / "adapter", 0.5), AdapterChoice(home / "second", -1.25))
    report = merge(MergeRequest(home / "base", choices, home / "out"), lambda _: None, CancelToken())
    assert failed(report.checks) == set()
    assert [(one.name, one.weight) for one in report.adapters] == [("adapter", 0.5), ("second", -1.25)]
    exact = llama_tensors()[f"{Q}.weight"].double()
    for pairs, scaling in ((lora_tensors(), 0.5 * 2), (lora_tensors(seed=8, rank=2), -1.25 * 4)):
        a, b = (pairs[f"{PREFIX}{Q}.lora_{part}.weight"].double() for part in "AB")
        exact += scaling * (b @ a)
    torch.testing.assert_close(tensors(home / "out")[f"{Q}.weight"].double(), exact, atol=0, rtol=2**-7)


# Overwriting


def test_overwriting(home: Path) -> None:
    make_model(home / "out", llama_tensors(seed=5))
    (home / "out" / "old.txt").write_text("", encoding="utf-8")
    assert run(home).status is MergeStatus.REFUSED
    report = run(home, overwrite=True)
    assert report.status is MergeStatus.MERGED
    assert not (home / "out" / "old.txt").exists()
    assert {path.name for path in home.iterdir()} == {"base", "adapter", "out"}


def test_output_that_filled_during_the_merge_is_left_alone(home: Path) -> None:
    def fill(progress: Progress) -> None:
        if progress.stage is Stage.VERIFY:
            write_json(home / "out" / "mine.json", {})

    report = run(home, fill)
    assert report.status is MergeStatus.FAILED
    assert_says(the(report.findings, Code.OUTPUT_NOT_EMPTY), Severity.ERROR)
    assert everything(home / "out") == {"mine.json"}


# What can go wrong underneath


def test_base_that_is_cut_during_the_merge(home: Path) -> None:
    def cut(progress: Progress) -> None:
        if progress.stage is Stage.PLAN:
            os.truncate(home / "base" / "model.safetensors", 20_000)

    assert_failed(run(home, cut), Code.INPUT_CHANGED, home, "model.safetensors")


def test_adapter_that_disappears_during_the_merge(home: Path) -> None:
    def remove(progress: Progress) -> None:
        if progress.stage is Stage.PLAN:
            (home / "adapter" / "adapter_model.safetensors").unlink(missing_ok=True)

    assert_failed(run(home, remove), Code.READ_FAILED, home, "adapter_model.safetensors")


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (RuntimeError("boom"), Code.INTERNAL),
        (KeyError("boom"), Code.INTERNAL),
        (IndexError("boom"), Code.INTERNAL),
        (ZeroDivisionError("boom"), Code.INTERNAL),
        (ImportError("boom"), Code.INTERNAL),
        (UnicodeDecodeError("utf-8", b"", 0, 1, "boom"), Code.INTERNAL),
        (OSError(5, "boom"), Code.INTERNAL),
        (MemoryError(), Code.OUT_OF_MEMORY),
        (torch.OutOfMemoryError("boom"), Code.OUT_OF_MEMORY),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 byte"), Code.OUT_OF_MEMORY),
    ],
)
def test_unexpected_trouble_is_one_sentence(
    trouble: Exception, code: Code, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(write_output, "write_output", fail)
    report = run(home)
    assert_failed(report, code, home, *(["boom"] if code is Code.INTERNAL else []))
    assert "\n" not in str(the(report.findings, code).data.get("reason", ""))


# What the base brings along


def test_leftover_quantization_config_is_dropped(home: Path) -> None:
    make_model(home / "base", quantization_config={"load_in_4bit": True, "quant_method": "bitsandbytes"})
    report = run(home)
    assert failed(report.checks) == set()
    assert Code.QUANTIZATION_LEFTOVER in codes(report.findings)
    assert read_json(home / "out" / "config.json") == LLAMA


def test_code_of_the_model_is_copied_and_never_run(home: Path) -> None:
    mark = home / "ran"
    own = {"AutoConfig": "mine.Mine"}
    make_model(home / "base", model_type="mine", architectures=["MineForCausalLM"], auto_map=own)
    (home / "base" / "mine.py").write_text(f"open({str(mark)!r}, 'w')\nclass Mine: pass\n", encoding="utf-8")
    report = run(home)
    assert report.status is MergeStatus.MERGED
    assert (home / "out" / "mine.py").is_file()
    assert not mark.exists()
    assert check_of(report, CheckCode.LOADS_AS_PLAIN_MODEL).status is CheckStatus.SKIPPED
    assert report.merged_class is None
    refused = run(home, output=home / "other", engine=Engine.PEFT)
    assert refused.status is MergeStatus.REFUSED
    assert_says(the(refused.findings, Code.CUSTOM_CODE_NEEDS_STREAMING), Severity.ERROR, "MineForCausalLM")
    assert not (home / "other").exists()
    assert not mark.exists()


def test_tensors_in_forms_that_torch_has_no_name_for_are_copied(home: Path) -> None:
    file = home / "base" / "model.safetensors"
    raw = file.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    end = max(entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__")
    header["model.odd"] = {"dtype": "F8_E8M0", "shape": [4], "data_offsets": [end, end + 4]}
    text = json.dumps(header).encode()
    file.write_bytes(len(text).to_bytes(8, "little") + text + raw[8 + length :] + b"\x01\x02\x03\x04")
    config = {"model_type": "mine", "architectures": ["MineForCausalLM"]}
    write_json(home / "base" / "config.json", {**LLAMA, **config})
    report = run(home)
    assert failed(report.checks) == set()
    assert (home / "out" / "model.safetensors").read_bytes().endswith(b"\x01\x02\x03\x04")


def test_peft_engine_writes_the_same_bytes(home: Path) -> None:
    run(home)
    report = run(home, output=home / "other", engine=Engine.PEFT)
    assert failed(report.checks) == set()
    assert (report.engine, report.engine_reason) == ("peft", Code.ENGINE_CHOSEN)
    name = "model.safetensors"
    assert (home / "out" / name).read_bytes() == (home / "other" / name).read_bytes()
    for one, other in zip(tensors(home / "out").values(), tensors(home / "other").values(), strict=True):
        assert same_bits(one, other)


def test_a_folder_that_is_shared_names_nobody_s_paths(home: Path) -> None:
    """The report and the card go with the model to whoever gets it."""
    own = home / "alice" / "client"
    make_model(own / "base", quantization_config={"quant_method": "gptq", "bits": 4})
    write_json(own / "base" / "adapter_config.json", {"peft_type": "LORA"})
    make_lora(own / "adapter", base_model_name_or_path=str(own / "another"))
    make_model(own / "out")
    report = merge(request(own / "base", own / "adapter", own / "out", overwrite=True))
    assert report.status is MergeStatus.MERGED
    assert any(str(own) in str(one.data) for one in report.findings)
    assert report.output == own / "out"
    for file in (own / "out").iterdir():
        if file.suffix in (".json", ".md"):
            assert "alice" not in file.read_text(encoding="utf-8"), file.name
    assert json.loads((own / "out/mergedesk-report.json").read_text(encoding="utf-8"))["output"] == "out"


def test_as_many_files_are_counted_as_are_listed(home: Path) -> None:
    make_tokenizer(home / "base")
    report = run(home)
    assert check_of(report, CheckCode.FILES_AS_PLANNED).data["count"] == len(report.files)
    assert len(report.files) == len([one for one in (home / "out").rglob("*") if one.is_file()])
