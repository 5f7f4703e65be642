"""An adapter of another tool becomes a folder that PEFT loads, with the values that PEFT would have saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import codes, contents, make_lora, make_model, read_json, write_json, write_tensors
from foreign_folders import PREFIX, as_litgpt, as_mistral, as_mlx, as_torchtune, peft_tensors, turns_of
from peft import PeftModel
from pickled_files import pickle_adapter
from safetensors.torch import load_file
from tiny_models import MakeBase, load, make_adapter, same_bits, tensors, third_party_noise_off
from typer.testing import CliRunner

from mergedesk.cli.commands import app
from mergedesk.domain.conversion_report import ConversionReport, ConversionStatus
from mergedesk.domain.findings import Code
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.pipelines.convert_adapter import ConversionRequest, convert_adapter

pytestmark = pytest.mark.slow
FORMS: dict[str, Callable[[Path, Path, Path], Path]] = {
    "MLX": lambda peft, folder, _: as_mlx(peft, folder),
    "torchtune": lambda peft, folder, base: as_torchtune(peft, folder, turns_of(base)),
    "mistral-finetune": lambda peft, folder, base: as_mistral(peft, folder, turns_of(base)),
    "litgpt": lambda peft, folder, base: as_litgpt(peft, folder, base),
}


def converted(adapter: Path, output: Path, base: Path | None = None, **options: Any) -> ConversionReport:
    return convert_adapter(ConversionRequest(adapter, output, base, **options), CancelToken())


@pytest.mark.parametrize("form", FORMS)
def test_peft_loads_what_is_written(form: str, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("mistral")
    peft = make_adapter("mistral", base, tmp_path / "peft")
    foreign = FORMS[form](peft, tmp_path / "foreign", base)
    report = converted(foreign, tmp_path / "out", base)
    assert (report.status, report.origin, report.r, report.lora_alpha) == (ConversionStatus.CONVERTED, form, 4, 6)
    ours, theirs = (peft_tensors(folder) for folder in (tmp_path / "out", peft))
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if not same_bits(ours[name], theirs[name])] == []
    with third_party_noise_off():
        model = PeftModel.from_pretrained(load("mistral", base), tmp_path / "out")
    loaded = {name.replace(".default", ""): value for name, value in model.state_dict().items()}
    assert all(torch.equal(loaded[PREFIX + name], value) for name, value in theirs.items())


def test_whole_weights_load_as_modules_to_save(base_of: MakeBase, tmp_path: Path) -> None:
    base, folder = base_of("llama"), tmp_path / "mlx"
    trained = {name: value + 1 for name, value in tensors(base).items() if "layers.1." in name}
    write_tensors(folder / "adapters.safetensors", trained)
    write_json(folder / "adapter_config.json", {"fine_tune_type": "full", "num_layers": 1})
    assert converted(folder, tmp_path / "out").status is ConversionStatus.CONVERTED
    with third_party_noise_off():
        model = PeftModel.from_pretrained(load("llama", base), tmp_path / "out").merge_and_unload()
    found = model.state_dict()
    assert all(torch.equal(found[name], value) for name, value in trained.items())


def test_layout_that_depends_on_the_base_asks_for_it(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    foreign = as_torchtune(make_adapter("llama", base, tmp_path / "peft"), tmp_path / "tune", turns_of(base))
    report = converted(foreign, tmp_path / "out")
    assert report.status is ConversionStatus.REFUSED
    assert Code.FOREIGN_NEEDS_BASE in codes(report.findings)
    assert not (tmp_path / "out").exists()


def test_pickled_adapters_become_safetensors(tmp_path: Path) -> None:
    adapter = make_lora(tmp_path / "adapter")
    before = load_file(adapter / "adapter_model.safetensors")
    pickle_adapter(adapter)
    assert converted(adapter, tmp_path / "out").status is ConversionStatus.CONVERTED
    after = load_file(tmp_path / "out" / "adapter_model.safetensors")
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], value) for name, value in before.items())


def test_nothing_is_replaced_unasked_and_nothing_half_is_left(tmp_path: Path) -> None:
    adapter, output = make_lora(tmp_path / "adapter"), make_lora(tmp_path / "out", {})
    before = contents(output)
    assert Code.OUTPUT_NOT_EMPTY in codes(converted(adapter, output).findings)
    assert contents(output) == before
    assert converted(adapter, output, overwrite=True).status is ConversionStatus.CONVERTED
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        convert_adapter(ConversionRequest(adapter, tmp_path / "never"), cancel)
    assert {path.name for path in tmp_path.iterdir()} == {"adapter", "out"}


def test_a_model_is_no_adapter(tmp_path: Path) -> None:
    model = make_model(tmp_path / "model")
    report = converted(model, tmp_path / "out")
    assert (report.status, codes(report.findings)) == (ConversionStatus.REFUSED, {Code.ADAPTER_NOT_AN_ADAPTER})
    wrong = converted(make_lora(tmp_path / "lora"), tmp_path / "out", tmp_path / "lora")
    assert Code.BASE_NOT_A_MODEL in codes(wrong.findings)


def test_command(tmp_path: Path) -> None:
    adapter, run = make_lora(tmp_path / "adapter"), CliRunner()
    arguments = ["convert-adapter", str(adapter), "--output", str(tmp_path / "out")]
    told = run.invoke(app, arguments)
    assert (told.exit_code, "Wrote 28 tensors to" in told.stdout) == (0, True), told.output
    again = run.invoke(app, [*arguments, "--json"])
    assert again.exit_code == 3
    (tmp_path / "report.json").write_text(again.stdout)
    shown = read_json(tmp_path / "report.json")
    assert (shown["status"], shown["findings"][0]["code"]) == ("refused", "output_not_empty")
