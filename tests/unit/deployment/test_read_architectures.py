"""The lists of architectures come out of the tools' own sources, with the commit and day of what was read."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import read_architectures as tool

VLLM = """
_TEXT_GENERATION_MODELS = {"AlphaForCausalLM": ("llama", "X"), **{"no": 1}}
_EMBEDDING_MODELS: dict[str, tuple[str, str]] = {"BetaModel": ("bert", "Y")}
_PREVIOUSLY_SUPPORTED_MODELS = {"GammaForCausalLM": "0.1"}
OTHER = {"DeltaForCausalLM": 1}
"""
OLLAMA = """
func ConvertAdapter() {
\tswitch arch {
\tcase "llama":
\t}
}
func LoadModelMetadata() {
\tswitch p.Architectures[0] {
\tcase "AlphaForCausalLM":
\t\tconv = &llamaModel{}
\tcase "BetaModel", "GammaModel":
\t\tconv = &bertModel{}
\tdefault:
\t\treturn nil
\t}
}
"""
LLAMA_CPP = """
TEXT_MODEL_MAP: dict[str, str] = {"AlphaForCausalLM": "llama", "a.b.BetaModel": "x"}
MMPROJ_MODEL_MAP: dict[str, str] = {"GammaModel": "llama"}
"""
TEXTS = {
    "vllm": (VLLM, ["AlphaForCausalLM", "BetaModel"]),
    "ollama": (OLLAMA, ["AlphaForCausalLM", "BetaModel", "GammaModel"]),
    "llama_cpp": (LLAMA_CPP, ["AlphaForCausalLM"]),
}


def clone(folder: Path, name: str, text: str) -> Path:
    """A repository whose source was committed on a day of its own, and another file after it."""
    file = folder / tool.SOURCES[name].path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    subprocess.run(["git", "init", "-q", folder], check=True)
    for number, day in ((1, "2026-02-03"), (2, "2026-05-06")):
        (folder / "other").write_text(str(number), encoding="utf-8")
        subprocess.run(
            ["git", "-C", folder, "add", *([tool.SOURCES[name].path] if number == 1 else ["other"])], check=True
        )
        dated = {"GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "PATH": "/usr/bin:/bin:/usr/local/bin"}
        subprocess.run(["git", "-C", folder, *identity, "commit", "-qm", "x"], check=True, env=dated)
    return folder


@pytest.mark.parametrize("name", TEXTS)
def test_names_commit_and_day_of_the_source(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, names = TEXTS[name]
    table = tmp_path / "lists.json"
    table.write_text(json.dumps({"lists": {"kept": {}}}), encoding="utf-8")
    monkeypatch.setattr(tool, "_TABLE", table)
    tool.main([f"{name}={clone(tmp_path / 'clone', name, text)}"])
    lists = json.loads(table.read_text(encoding="utf-8"))["lists"]
    assert lists.keys() == {"kept", name}
    assert lists[name]["architectures"] == names
    assert lists[name]["date"] == "2026-02-03"
    source = tool.SOURCES[name]
    assert lists[name]["source"].startswith(f"{source.repository}, {source.path} at ")


def test_a_source_of_another_form_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="names no architectures"):
        tool.read_list("ollama", clone(tmp_path / "clone", "ollama", "package convert\n"))
