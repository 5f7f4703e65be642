"""What is worked out once for all modules that are alike is what each by itself would give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from hollow import WideModel, attention_modules, expert_modules, kimi, moe, write_adapter, write_base
from safetensors.torch import save_file

from mergedesk.checkpoints.adapter import Adapter, read_adapter
from mergedesk.checkpoints.checkpoint import Checkpoint, read_checkpoint
from mergedesk.domain.findings import Code, Finding
from mergedesk.domain.requests import AdapterChoice, CheckRequest, Precision
from mergedesk.methods.lora import LowRankUpdate
from mergedesk.planning import keymap
from mergedesk.planning.checks import untrained
from mergedesk.planning.checks.adapter_health import lora_config_findings
from mergedesk.planning.checks.fit import Fit
from mergedesk.planning.checks.shape_checks import dtype_findings, key_findings, shape_findings
from mergedesk.planning.checks.untrained import UsedRows, slice_findings, value_findings
from mergedesk.planning.plan import make_plan
from mergedesk.planning.preflight import Ready, plan_of, prepare
from mergedesk.planning.resolved_adapter import map_adapter
from mergedesk.planning.transformers_conversion import conversion_for, stacked_names
from mergedesk.storage import stored_values
from mergedesk.storage.open_files import OpenFiles
from mergedesk.storage.safetensors_header import TensorRecord, read_header

WIDTH = 6
LAYERS = 5


def write_layers(folder: Path) -> Checkpoint:
    """A base of square and oblong matrices, some with a bias, and whole numbers."""
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "gpt2"}), encoding="utf-8")
    tensors: dict[str, torch.Tensor] = {"h.wte.weight": torch.ones(9, WIDTH), "h.table.weight": torch.ones(3, 4).int()}
    for layer in range(LAYERS):
        tensors |= {
            f"h.{layer}.c_proj.weight": torch.ones(WIDTH, WIDTH),
            f"h.{layer}.up.weight": torch.ones(8, WIDTH),
            f"h.{layer}.up.bias": torch.ones(8),
        }
    save_file(tensors, folder / "model.safetensors")
    return read_checkpoint(folder)


def factors(module: str, rows: int, columns: int, rank: int = 2) -> dict[str, torch.Tensor]:
    name = f"base_model.model.{module}"
    return {f"{name}.lora_A.weight": torch.ones(rank, columns), f"{name}.lora_B.weight": torch.ones(rows, rank)}


def plain() -> dict[str, torch.Tensor]:
    layers = [
        factors(f"h.{layer}.c_proj", WIDTH, WIDTH) | factors(f"h.{layer}.up", 8, WIDTH) for layer in range(LAYERS)
    ]
    return {name: value for layer in layers for name, value in layer.items()}


def write_factors(folder: Path, tensors: dict[str, torch.Tensor], **fields: object) -> Adapter:
    folder.mkdir()
    config = {"peft_type": "LORA", "r": 2, "lora_alpha": 4, "target_modules": ["c_proj", "up"], **fields}
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    save_file(tensors, folder / "adapter_model.safetensors")
    return read_adapter(folder)


def with_biases_and_magnitudes() -> dict[str, torch.Tensor]:
    tensors = plain()
    tensors["base_model.model.h.1.up.lora_B.bias"] = torch.ones(8)
    tensors["base_model.model.h.2.up.lora_magnitude_vector.weight"] = torch.ones(8)
    tensors["base_model.model.h.wte.lora_embedding_A"] = torch.ones(2, 9)
    tensors["base_model.model.h.wte.lora_embedding_B"] = torch.ones(WIDTH, 2)
    return tensors


@pytest.mark.parametrize("make", [plain, with_biases_and_magnitudes])
def test_an_outline_is_the_plan_but_for_whose_factors_are_added(
    make: Callable[[], dict[str, torch.Tensor]], tmp_path: Path
) -> None:
    base = write_layers(tmp_path / "base")
    mapped = map_adapter(base, write_factors(tmp_path / "adapter", make()))
    whole, outline = (make_plan(base, [mapped], Precision.AUTO, outline=one) for one in (False, True))
    for full, short in zip(whole.tensors, outline.tensors, strict=True):
        assert (full.name, full.dtype, full.shape, full.action) == (short.name, short.dtype, short.shape, short.action)
        kinds = [[(type(one), one.rows, one.width, one.shape) for one in tensor.updates] for tensor in (full, short)]
        assert kinds[0] == kinds[1]
    assert len({id(update) for tensor in outline.tensors for update in tensor.updates}) < len(mapped.contents.lora)
    assert (whole.splits_tie, whole.targeted_modules) == (outline.splits_tie, outline.targeted_modules)


def test_what_is_told_of_values_is_told_of_each_module_s_own(tmp_path: Path) -> None:
    base = write_layers(tmp_path / "base")
    write_factors(tmp_path / "adapter", plain())
    asked = CheckRequest(base.folder, (AdapterChoice(tmp_path / "adapter"),))
    ready = prepare(asked)
    assert isinstance(ready, Ready), ready.preflight.findings
    plan = plan_of(asked, ready)
    assert plan is not None
    updates = {tensor.name: update for tensor in plan.tensors for update in tensor.updates}
    assert len(updates) == 2 * LAYERS
    for name, update in updates.items():
        assert isinstance(update, LowRankUpdate)
        module = f"base_model.model.{name.removesuffix('.weight')}"
        assert (update.a.record.name, update.b.record.name) == (f"{module}.lora_A.weight", f"{module}.lora_B.weight")


def said(base: Checkpoint, adapter: Adapter) -> dict[Code, Finding]:
    fit = Fit(base, map_adapter(base, adapter))
    checks = (lora_config_findings, key_findings, shape_findings, dtype_findings, slice_findings)
    return {finding.code: finding for check in checks for finding in check(fit)}


@pytest.mark.parametrize("wrong", [(LAYERS - 1,), (0,), (1, 3)])
def test_one_that_does_not_fit_among_many_that_do(wrong: tuple[int, ...], tmp_path: Path) -> None:
    base, tensors = write_layers(tmp_path / "base"), plain()
    for layer in wrong:
        tensors |= factors(f"h.{layer}.up", 7, WIDTH)
    finding = said(base, write_factors(tmp_path / "adapter", tensors))[Code.SHAPE_MISMATCH]
    assert finding.data["count"] == len(wrong)
    assert finding.data["module"] == f"h.{wrong[0]}.up"


def test_one_of_another_rank_among_many(tmp_path: Path) -> None:
    base, tensors = write_layers(tmp_path / "base"), plain() | factors("h.3.up", 8, WIDTH, rank=3)
    finding = said(base, write_factors(tmp_path / "other", tensors))[Code.RANK_DIFFERS]
    assert (finding.data["module"], finding.data["count"]) == ("h.3.up", 1)
    patterned = said(base, write_factors(tmp_path / "said", tensors, rank_pattern={r"h\.3\.up": 3}))
    assert Code.RANK_DIFFERS not in patterned
    elsewhere = said(base, write_factors(tmp_path / "wrong", plain(), rank_pattern={r"h\.3\.up": 3}))
    assert elsewhere[Code.RANK_DIFFERS].data["stored"] == 2


def test_one_that_is_scaled_by_nothing_among_many(tmp_path: Path) -> None:
    base = write_layers(tmp_path / "base")
    still = said(base, write_factors(tmp_path / "one", plain(), alpha_pattern={r"h\.1\.up": 0}))[Code.SCALING_ZERO]
    assert still.data["modules"] == ["h.1.up"]
    every = said(base, write_factors(tmp_path / "all", plain(), lora_alpha=0))[Code.SCALING_ZERO]
    assert every.data["count"] == 2 * LAYERS
    assert Code.SCALING_ZERO not in said(base, write_factors(tmp_path / "none", plain()))


def test_one_on_whole_numbers_among_many(tmp_path: Path) -> None:
    base, tensors = write_layers(tmp_path / "base"), plain() | factors("h.table", 3, 4)
    finding = said(base, write_factors(tmp_path / "adapter", tensors))[Code.TARGETS_NOT_FLOATING]
    assert finding.data["names"] == ["h.table.weight"]


@pytest.mark.parametrize(
    ("targets", "missing"),
    [
        (["up", "c_proj"], ["h.4.up"]),
        (["h.4.up", "h.3.up"], ["h.4.up"]),
        (["4.up"], ["h.4.up"]),
        (["p"], []),
        (r".*\.up", ["h.4.up"]),
        ("h", []),
    ],
)
def test_targets_are_found_by_the_ends_of_names(targets: object, missing: list[str], tmp_path: Path) -> None:
    base, tensors = write_layers(tmp_path / "base"), plain()
    for part in ("A", "B"):
        del tensors[f"base_model.model.h.4.up.lora_{part}.weight"]
    findings = said(base, write_factors(tmp_path / "adapter", tensors, target_modules=targets))
    named = findings[Code.MODULES_MISSING].data["names"] if Code.MODULES_MISSING in findings else []
    assert named == missing


def test_stacked_experts_are_told_as_each_alone(tmp_path: Path) -> None:
    model = kimi(layers=3, experts=12)
    write_base(model, tmp_path / "base")
    base = read_checkpoint(tmp_path / "base")
    names = [f"{module}.weight" for module, _ in (*expert_modules(model), *attention_modules(model))]
    names += ["experts.3.down_proj.weight", "my_experts.4.w1.weight", "model.experts.x.5.weight", "experts.experts.6.w"]
    names += [f"model.layers.1.mlp.experts.{number}.other.weight" for number in range(3)]
    numbered = [name for name in names if keymap._EXPERT.search(name)]
    alone = {name for name in numbered for _ in stacked_names(conversion_for(base.config, ()), [name])}
    assert keymap._stacked(dict.fromkeys(names, ""), base.config) == alone
    assert len(alone) >= 2 * 12 * 3


PARTS = {"LORA": ["lora_B", "lora_embedding_A"], "PSOFT": ["psoft_R.weight", "psoft_R.vector_a"], "IA3": ["ia3_l"]}


def spelled(parts: list[str]) -> Iterator[str]:
    for part in (*parts, "lora_A"):
        for module in ("model.layers.0.up", "a.lora_B", "lora_B", ""):
            for end in ("", ".weight", ".bias", ".0", ".default.weight", ".weight.weight", "\n"):
                yield f"{module}.{part}{end}".lstrip(".")
                yield f"base_model.model.{module}.{part}{end}".replace("..", ".")


@pytest.mark.parametrize("method", PARTS)
def test_neutral_parts_are_those_of_the_pattern(method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [*spelled(PARTS[method])]
    record = TensorRecord("t", "F32", (1,), tmp_path, 0, 4)
    adapter = Adapter(tmp_path, {"peft_type": method}, dict.fromkeys(names, record), tmp_path)
    quick = untrained._neutral_parts(adapter)
    monkeypatch.setattr(untrained, "_plain_part", lambda _name, _parts: None)
    assert untrained._neutral_parts(adapter) == quick
    assert quick


@pytest.mark.parametrize("model", [moe(layers=4, experts=16), kimi(layers=3, experts=24)], ids=["small", "larger"])
def test_values_are_read_once_for_all_checks(model: WideModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_adapter(tmp_path / "experts", expert_modules(model))
    adapter = read_adapter(tmp_path / "experts")
    sizes: list[int] = []
    real = OpenFiles.read

    def read(files: OpenFiles, record: TensorRecord, begin: int, end: int) -> bytearray:
        sizes.append(end - begin)
        return real(files, record, begin, end)

    monkeypatch.setattr(OpenFiles, "read", read)
    used: UsedRows = {}
    assert list(value_findings(adapter, used)) == []
    assert sum(sizes) <= 1.2 * adapter.weights_file.stat().st_size
    before = len(sizes)
    write_base(model, tmp_path / "base")
    base = read_checkpoint(tmp_path / "base")
    assert list(slice_findings(Fit(base, map_adapter(base, adapter), used=used))) == []
    assert len(sizes) == before
    assert len(set(used.values())) == 2


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize(("value", "place", "trained"), [
    (0.0, None, False), (-0.0, None, False), (-0.0, -1, True), (0.0, 0, True), (2.0**-14, None, True),
])  # fmt: skip
def test_a_zero_of_either_sign_is_where_training_began(
    value: float, place: int | None, trained: bool, dtype: torch.dtype, tmp_path: Path
) -> None:
    tensors = factors("h.0.up", 900, WIDTH)
    b = torch.full((900, 2), value, dtype=dtype)
    if place is not None:
        b.view(-1)[place] = torch.finfo(dtype).smallest_normal
    tensors["base_model.model.h.0.up.lora_B.weight"] = b
    codes = [finding.code for finding in value_findings(write_factors(tmp_path / "adapter", tensors))]
    assert codes == ([] if trained else [Code.ADAPTER_UNTRAINED])


def test_rows_of_a_small_matrix_are_those_of_a_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = torch.zeros(40, 9)
    places = [[], [(0, 0)], [(39, 8)], [(7, 3), (20, 0)], [(39, 0), (0, 8)]]
    tensors = {}
    for number, place in enumerate(places):
        tensors[f"{number}"] = values.clone()
        for row, column in place:
            tensors[f"{number}"][row, column] = -1e-30
    save_file(tensors, tmp_path / "model.safetensors")
    stored = read_header(tmp_path / "model.safetensors").tensors
    records = [stored[name] for name in sorted(stored)]
    with stored_values.reading() as read:
        small = [stored_values.rows_in_use(read, record) for record in records]
        monkeypatch.setattr(stored_values, "_FIRST_BYTES", 0)
        assert [stored_values.rows_in_use(read, record) for record in records] == small
    assert small == [(0, 0), (0, 1), (39, 40), (7, 21), (0, 40)]
