"""A GGUF file that is not the model is told from one that is, and told why, whatever is wrong with it."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gguf_models import tiny_model
from tiny_models import make_adapter, peft_model
from typer.testing import CliRunner, Result

from mergedesk.checkpoints.checkpoint import Checkpoint, read_checkpoint
from mergedesk.cli.commands import app
from mergedesk.domain.findings import CheckCode, CheckStatus
from mergedesk.llama_cpp.types import TYPES
from mergedesk.storage.gguf_header import read_gguf_header
from mergedesk.verification.gguf_file.prove import GgufProof, prove

pytestmark = pytest.mark.slow
SIZES = {"hidden_size": 256, "intermediate_size": 512}
Damage = Callable[[bytearray, Path], None]


def ran(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, and all types of GGUF file made of it at once."""
    folder = tmp_path_factory.mktemp("gguf")
    tiny_model(folder / "model", "Llama", **SIZES)
    asked = [part for name in TYPES for part in ("--type", name)]
    given = ("--to", "gguf", *asked, "--output", folder / "all", "--no-answer", "--json")
    done = ran("export", folder / "model", *given)
    assert done.exit_code == 0, done.output
    (folder / "told.json").write_text(done.stdout, encoding="utf-8")
    return folder


def proof_of(file: Path, checkpoint: Checkpoint) -> GgufProof:
    return prove(file, checkpoint, lambda _: lambda *_: None, lambda: None)


def failed(proof: GgufProof) -> set[CheckCode]:
    return {check.code for check in proof.checks if check.status is CheckStatus.FAIL}


def test_every_type_is_made_at_once_and_loses_what_it_must(home: Path) -> None:
    told = json.loads((home / "told.json").read_text(encoding="utf-8"))
    assert told["status"] == "exported"
    losses = {file["type"]: file["loss"] for file in told["files"]}
    assert set(losses) == set(TYPES)
    assert all(losses[name] == 0.0 for name in ("F32", "BF16"))
    assert (
        losses["F16"]
        < 1e-4
        < losses["Q8_0"]
        < losses["Q6_K"]
        < losses["Q5_K_M"]
        < losses["Q4_K_M"]
        < losses["Q2_K"]
        < 0.4
    )
    assert {file["name"]: file["bytes"] for file in told["files"]} == {
        file.name: file.stat().st_size for file in (home / "all").glob("*.gguf")
    }
    assert told["bytes"] == sum(file["bytes"] for file in told["files"])
    assert 0.5 < told["bytes"] / told["forecast"]["bytes"] < 1.5
    assert [entry.name for entry in home.iterdir() if entry.name.startswith(".mergedesk")] == []


def place_of(name: str, file: Path) -> slice:
    header = read_gguf_header(file)
    tensor = header.tensors[name]
    return slice(tensor.offset, tensor.offset + 2 * int(np.prod(tensor.shape)))


def other_model(content: bytearray, file: Path) -> None:
    place = place_of("blk.1.ffn_up.weight", file)
    content[place] = np.random.default_rng(0).normal(0, 0.2, (place.stop - place.start) // 4).astype("<f4").tobytes()


def one_bit(content: bytearray, file: Path) -> None:
    content[place_of("blk.0.attn_v.weight", file).start + 7] ^= 64


def swapped(content: bytearray, file: Path) -> None:
    first, second = (place_of(f"blk.{layer}.ffn_down.weight", file) for layer in (0, 1))
    content[first], content[second] = content[second], content[first]


def as_the_folder_has_queries(content: bytearray, file: Path) -> None:
    """Rows of a head as pairs that lie apart: what is wrong where nobody puts them in llama.cpp's order."""
    place = place_of("blk.0.attn_q.weight", file)
    rows = np.frombuffer(bytes(content[place]), "<u2").reshape(4, -1, 2, 256)
    content[place] = rows.swapaxes(1, 2).tobytes()


def after(key: bytes, content: bytearray) -> int:
    """Where the value lies, after its type."""
    return content.index(key) + len(key) + 4


def wrong_rope(content: bytearray, _file: Path) -> None:
    place = after(b"llama.rope.freq_base", content)
    content[place : place + 4] = struct.pack("<f", 10000.0)


def shorter_context(content: bytearray, _file: Path) -> None:
    place = after(b"llama.context_length", content)
    content[place : place + 4] = struct.pack("<I", 64)


def more_heads(content: bytearray, _file: Path) -> None:
    place = after(b"llama.attention.head_count", content)
    content[place : place + 4] = struct.pack("<I", 8)


def lost_template(content: bytearray, _file: Path) -> None:
    place = content.index(b"tokenizer.chat_template")
    content[place : place + 23] = b"tokenizer.lost_template"


def other_template(content: bytearray, _file: Path) -> None:
    place = content.index(b"<reply>")
    content[place : place + 7] = b"<REPLY>"


def other_word(content: bytearray, _file: Path) -> None:
    place = content.index("▁the".encode())
    content[place + 3 : place + 6] = b"eht"


def other_end(content: bytearray, _file: Path) -> None:
    place = after(b"tokenizer.ggml.eos_token_id", content)
    content[place : place + 4] = struct.pack("<I", 5)


def cut_short(content: bytearray, _file: Path) -> None:
    del content[-4000:]


def lost_tensor(content: bytearray, _file: Path) -> None:
    place = content.index(b"blk.1.attn_norm.weight")
    content[place : place + 22] = b"blk.1.attn_nurm.weight"


DAMAGES: list[tuple[Damage, CheckCode]] = [
    (other_model, CheckCode.GGUF_VALUES),
    (one_bit, CheckCode.GGUF_VALUES),
    (swapped, CheckCode.GGUF_VALUES),
    (as_the_folder_has_queries, CheckCode.GGUF_VALUES),
    (wrong_rope, CheckCode.GGUF_ROPE),
    (shorter_context, CheckCode.GGUF_ROPE),
    (more_heads, CheckCode.GGUF_SIZES),
    (lost_template, CheckCode.GGUF_TEMPLATE),
    (other_template, CheckCode.GGUF_TEMPLATE),
    (other_word, CheckCode.GGUF_VOCABULARY),
    (other_end, CheckCode.GGUF_SPECIAL_TOKENS),
    (cut_short, CheckCode.GGUF_READS),
    (lost_tensor, CheckCode.GGUF_TENSORS),
]


@pytest.mark.parametrize(("damage", "code"), DAMAGES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_damage_is_told_from_all_others(home: Path, tmp_path: Path, damage: Damage, code: CheckCode) -> None:
    file, checkpoint = home / "all" / "model-BF16.gguf", read_checkpoint(home / "model")
    assert failed(proof_of(file, checkpoint)) == set()
    content = bytearray(file.read_bytes())
    damage(content, file)
    (tmp_path / "damaged.gguf").write_bytes(content)
    assert failed(proof_of(tmp_path / "damaged.gguf", checkpoint)) == {code}


@pytest.mark.parametrize("name", [name for name, kind in TYPES.items() if not kind.outtype or name == "Q8_0"])
def test_weights_of_another_model_are_seen_in_every_type(home: Path, tmp_path: Path, name: str) -> None:
    """The rows of one matrix in another order: as large as the right ones, and as far from them as can be."""
    file, checkpoint = home / "all" / f"model-{name}.gguf", read_checkpoint(home / "model")
    header = read_gguf_header(file)
    first, second = (header.tensors[f"blk.0.ffn_{role}.weight"] for role in ("gate", "up"))
    assert first.shape == second.shape
    content = bytearray(file.read_bytes())
    content[first.offset : first.offset + 4096], content[second.offset : second.offset + 4096] = (
        content[second.offset : second.offset + 4096], content[first.offset : first.offset + 4096],
    )  # fmt: skip
    (tmp_path / "damaged.gguf").write_bytes(content)
    assert failed(proof_of(tmp_path / "damaged.gguf", checkpoint)) == {CheckCode.GGUF_VALUES}


def test_the_command_tells_a_right_file_from_a_wrong_one(home: Path, tmp_path: Path) -> None:
    file = home / "all" / "model-BF16.gguf"
    right = ran("verify-export", file, home / "model", "--json")
    assert right.exit_code == 0, right.output
    told = json.loads(right.stdout)
    assert (told["status"], told["verdict"], told["type"]) == ("proved", "match", "BF16")
    assert {"gguf_loads", "gguf_answers"} <= {check["code"] for check in told["checks"]}
    content = bytearray(file.read_bytes())
    one_bit(content, file)
    (tmp_path / "damaged.gguf").write_bytes(content)
    wrong = ran("verify-export", tmp_path / "damaged.gguf", home / "model", "--json")
    assert wrong.exit_code == 4, wrong.output
    refuted = json.loads(wrong.stdout)
    assert (refuted["status"], refuted["verdict"]) == ("refuted", "mismatch")
    missing = ran("verify-export", tmp_path / "none.gguf", home / "model")
    assert missing.exit_code == 3
    assert "There is no file" in missing.output


def test_a_single_file_takes_the_name_that_was_given(home: Path, tmp_path: Path) -> None:
    given = (
        "export",
        home / "model",
        "--to",
        "gguf",
        "--type",
        "Q4_0",
        "--output",
        tmp_path / "mine.gguf",
        "--no-answer",
    )
    assert ran(*given).exit_code == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["mine.gguf"]
    assert ran(*given).exit_code == 3
    assert ran(*given, "--overwrite").exit_code == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"architectures": ["NobodysForCausalLM"]}, "gguf_class_unknown"),
        ({"quantization_config": {"quant_method": "nobodys"}}, "computes_quantised"),
    ],
)
def test_what_cannot_be_exported_is_refused_before_anything_runs(
    home: Path, tmp_path: Path, change: dict[str, object], code: str
) -> None:
    shutil.copytree(home / "model", tmp_path / "model")
    config = tmp_path / "model" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text(encoding="utf-8")) | change), encoding="utf-8")
    done = ran("export", tmp_path / "model", "--to", "gguf", "--output", tmp_path / "out", "--json")
    assert done.exit_code == 3
    told = json.loads(done.stdout)
    assert code in [finding["code"] for finding in told["findings"] if finding["severity"] == "error"]
    assert not (tmp_path / "out").exists()


def test_a_folder_s_own_code_never_runs(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "model", tmp_path / "model")
    mark = tmp_path / "it-ran"
    (tmp_path / "model" / "own.py").write_text(f"open({str(mark)!r}, 'w').close()\nclass Own: pass\n", encoding="utf-8")
    for name in ("config.json", "tokenizer_config.json"):
        file = tmp_path / "model" / name
        content = json.loads(file.read_text(encoding="utf-8"))
        content["auto_map"] = {"AutoConfig": "own.Own", "AutoTokenizer": ["own.Own", "own.Own"]}
        file.write_text(json.dumps(content), encoding="utf-8")
    given = ("--to", "gguf", "--type", "F16", "--output", tmp_path / "out", "--no-answer")
    assert ran("export", tmp_path / "model", *given).exit_code == 0
    assert not mark.exists()


def test_an_adapter_becomes_a_gguf_lora_and_is_proved(home: Path, tmp_path: Path) -> None:
    adapter = make_adapter("llama", home / "model", tmp_path / "adapter")
    given = ("export", adapter, "--to", "gguf-lora", "--output", tmp_path / "lora.gguf", "--json")
    assert ran(*given).exit_code == 3
    done = ran(*given, "--base", home / "model", "--type", "F32")
    assert done.exit_code == 0, done.output
    checks = json.loads(done.stdout)["checks"]
    assert {check["status"] for check in checks} == {"pass"}
    assert {"gguf_values", "gguf_tensors"} <= {check["code"] for check in checks}
    header = read_gguf_header(tmp_path / "lora.gguf")
    assert header.values["general.type"] == "adapter"
    assert len(header.tensors) == 2 * 2 * 7


RANKS = {"q_proj": 9, "down_proj": 2}


@pytest.mark.parametrize("name", ["rsLoRA", "ranks", "one alpha for each rank"])
def test_what_one_alpha_says_as_well_becomes_a_gguf_lora(name: str, home: Path, tmp_path: Path) -> None:
    options = {
        "rsLoRA": {"use_rslora": True},
        "ranks": {"rank_pattern": RANKS},
        # alpha · √r is the same for both: 6 · √4 and 4 · √9.
        "one alpha for each rank": {
            "rank_pattern": {"q_proj": 9}, "alpha_pattern": {"q_proj": 4}, "use_rslora": True,
        },
    }[name]  # fmt: skip
    adapter = make_adapter("llama", home / "model", tmp_path / "adapter", **options)
    given = ("export", adapter, "--to", "gguf-lora", "--output", tmp_path / "lora.gguf", "--json")
    done = ran(*given, "--base", home / "model", "--type", "F32")
    assert done.exit_code == 0, done.output
    assert {check["status"] for check in json.loads(done.stdout)["checks"]} == {"pass"}
    header = read_gguf_header(tmp_path / "lora.gguf")
    modules = {
        module.removeprefix("base_model.model."): layer.scaling["default"]
        for module, layer in peft_model("llama", home / "model", adapter).named_modules()
        if hasattr(layer, "lora_A")
    }
    expected = modules["model.layers.0.self_attn.q_proj"], modules["model.layers.1.mlp.down_proj"]
    ranks = [header.tensors[f"{name}.weight.lora_b"].shape[1] for name in ("blk.0.attn_q", "blk.1.ffn_down")]
    assert [header.values["adapter.lora.alpha"] / rank for rank in ranks] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"use_dora": True}, "this adapter uses DoRA."),
        ({"use_rslora": True, "rank_pattern": RANKS}, "use_rslora"),
        ({"alpha_pattern": {"q_proj": 5}}, "alpha_pattern"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"lora_bias": True}, "lora_bias"),
    ],
)
def test_what_no_gguf_lora_can_say_is_refused(
    options: dict[str, object], said: str, home: Path, tmp_path: Path
) -> None:
    adapter = make_adapter("llama", home / "model", tmp_path / "adapter", **options)
    done = ran("export", adapter, "--to", "gguf-lora", "--output", tmp_path / "lora.gguf", "--base", home / "model")
    assert done.exit_code == 3
    assert said in " ".join(done.output.split())
    assert "Merge it into its base" in " ".join(done.output.split())
    assert not (tmp_path / "lora.gguf").exists()
