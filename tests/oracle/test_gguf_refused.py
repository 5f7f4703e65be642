"""What an export to GGUF, and the proof of a file, refuse before anything is written, and in which words."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from gguf_models import tiny_model
from safetensors.torch import load_file, save_file
from tiny_models import make_adapter
from typer.testing import CliRunner, Result

from mergedesk.cli.commands import app
from mergedesk.domain.findings import Check, CheckCode, CheckStatus
from mergedesk.domain.gguf_export import ExportedFile
from mergedesk.pipelines import export_gguf

pytestmark = pytest.mark.slow


def ran(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model and its GGUF file."""
    folder = tmp_path_factory.mktemp("gguf")
    tiny_model(folder / "model", "Llama")
    given = ("--to", "gguf", "--type", "BF16", "--output", folder / "all", "--no-answer")
    done = ran("export", folder / "model", *given)
    assert done.exit_code == 0, done.output
    return folder


def test_an_adapter_of_another_base_is_refused_as_a_merge_would_be(home: Path, tmp_path: Path) -> None:
    small = tiny_model(tmp_path / "small", "Llama", hidden_size=128, intermediate_size=96)
    adapter = make_adapter("llama", small, tmp_path / "adapter")
    given = ("--to", "gguf-lora", "--output", tmp_path / "lora.gguf", "--json")
    done = ran("export", adapter, *given, "--base", home / "model")
    assert done.exit_code == 3, done.output
    assert "shape_mismatch" in [finding["code"] for finding in json.loads(done.stdout)["findings"]]
    assert not (tmp_path / "lora.gguf").exists()
    fits = ran("export", adapter, *given, "--base", small)
    assert fits.exit_code == 0, fits.output
    codes = [check["code"] for check in json.loads(fits.stdout)["checks"]]
    assert "gguf_alpha" in codes
    assert "gguf_sizes" not in codes
    verified = ran("verify-export", tmp_path / "lora.gguf", small)
    assert verified.exit_code == 3
    assert "is the GGUF LoRA of an adapter" in verified.output


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "it is empty"), (b"hello", "does not begin as one"), (None, "ends within its header")]
)
def test_what_cannot_be_read_is_told_in_a_sentence(
    content: bytes | None, said: str, home: Path, tmp_path: Path
) -> None:
    whole = (home / "all" / "model-BF16.gguf").read_bytes()
    (tmp_path / "odd.gguf").write_bytes(whole[:200] if content is None else content)
    done = ran("verify-export", tmp_path / "odd.gguf", home / "model")
    assert done.exit_code == 4, done.output
    told = " ".join(done.output.split())
    assert f"It cannot be read as a GGUF file: {said}" in told or f": it {said}" in told
    assert "0 bytes" not in told


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused_by_name(value: float, home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "model", tmp_path / "model")
    file, name = tmp_path / "model" / "model.safetensors", "model.layers.1.mlp.up_proj.weight"
    tensors = load_file(file)
    tensors[name][3, 5] = value
    save_file(tensors, file, {"format": "pt"})
    given = ("--to", "gguf", "--type", "BF16", "--output", tmp_path / "out", "--no-answer")
    done = ran("export", tmp_path / "model", *given)
    assert done.exit_code == 3, done.output
    assert name in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()
    verified = ran("verify-export", home / "all" / "model-BF16.gguf", tmp_path / "model")
    assert verified.exit_code == 3
    assert name in " ".join(verified.output.split())


def test_a_failed_proof_is_never_called_cancelled(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = ExportedFile("x.gguf", "F16", 1, (Check(CheckCode.GGUF_HEADER, CheckStatus.FAIL, {"reason": "odd"}),))
    monkeypatch.setattr(export_gguf, "prove_file", lambda *_: proof)
    given = ("--to", "gguf", "--type", "F16", "--output", tmp_path / "out", "--no-answer")
    done = ran("export", home / "model", *given)
    assert done.exit_code == 4, done.output
    assert "Cancelled" not in done.output
    assert "The proof failed" in done.output
    assert not (tmp_path / "out").exists()


def test_no_file_is_written_into_an_input(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "model", tmp_path / "model")
    for output in (tmp_path / "model" / "in.gguf", tmp_path / "model" / "deep" / "in.gguf", tmp_path / "model"):
        done = ran("export", tmp_path / "model", "--to", "gguf", "--output", output, "--json")
        assert done.exit_code == 3, done.output
        assert "output_is_input" in [finding["code"] for finding in json.loads(done.stdout)["findings"]]


@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer_config.json"])
def test_a_broken_tokenizer_is_named_beforehand(name: str, home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "model", tmp_path / "model")
    (tmp_path / "model" / name).write_text('{"a":', encoding="utf-8")
    done = ran("export", tmp_path / "model", "--to", "gguf", "--output", tmp_path / "out")
    assert done.exit_code == 3, done.output
    assert name in done.output


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize("kind", ["F16", "Q4_0"])
def test_a_file_that_may_not_grow_is_told_as_such(kind: str, home: Path, tmp_path: Path) -> None:
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    given = ("--to", "gguf", "--type", kind, "--output", str(tmp_path / "out"), "--no-answer", "--json")
    command = [sys.executable, "-m", "mergedesk", "export", str(home / "model"), *given]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "gguf_file_too_big" in [finding["code"] for finding in json.loads(done.stdout)["findings"]]


def test_links_out_of_the_folder_are_followed_where_that_is_allowed(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "model", tmp_path / "model")
    (tmp_path / "model" / "model.safetensors").rename(tmp_path / "elsewhere.safetensors")
    (tmp_path / "model" / "model.safetensors").symlink_to(tmp_path / "elsewhere.safetensors")
    given = ("--to", "gguf", "--type", "BF16", "--output", tmp_path / "all", "--no-answer")
    refused = ran("export", tmp_path / "model", *given)
    assert refused.exit_code == 3
    assert "--follow-links" in refused.output
    done = ran("export", tmp_path / "model", *given, "--follow-links")
    assert done.exit_code == 0, done.output


def test_a_config_without_a_class_is_told_as_such(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "model", tmp_path / "model")
    config = json.loads((tmp_path / "model" / "config.json").read_text(encoding="utf-8"))
    del config["architectures"]
    (tmp_path / "model" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    done = ran("export", tmp_path / "model", "--to", "gguf", "--output", tmp_path / "out")
    assert done.exit_code == 3
    assert "names no architecture" in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--to", "fp8", "--type", "Q8_0"), "--type has no meaning with --to fp8"),
        (("--to", "int8", "--no-answer"), "--no-answer has no meaning with --to int8"),
        (("--to", "gguf", "--type", "Q9"), "Q9 is no type of a GGUF file here"),
        (("--to", "gguf", "--type", "Q8_0", "--type", "F16"), "out.gguf can be of one type only"),
        (("--to", "gguf-lora", "--type", "F32", "--type", "F16"), "An adapter is written as one type only"),
        (("--to", "gguf", "--scales", "block"), "--scales has a meaning for a result packed as fp8 only"),
        (("--to", "int8", "--group-size", "32"), "--group-size has a meaning for a result packed as int4 only"),
    ],
)
def test_options_that_do_not_go_together_are_told_in_a_sentence(
    given: tuple[str, ...], said: str, home: Path, tmp_path: Path
) -> None:
    done = ran("export", home / "model", *given, "--output", tmp_path / "out.gguf")
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())


def test_what_only_packing_heeds_is_not_ignored_in_a_merge(home: Path, tmp_path: Path) -> None:
    given = ("--base", home / "model", "--adapter", home / "model", "--output", tmp_path / "out")
    done = ran("merge", *given, "--group-size", "32")
    assert done.exit_code == 2
    assert "--group-size has a meaning" in " ".join(done.output.replace("│", " ").split())
