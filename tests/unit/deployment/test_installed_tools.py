"""Ollama by a stand-in that records what it is asked, LM Studio by a folder as its own program makes it."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import pytest
from folders import make_model, make_tokenizer
from gguf_files import DAMAGES, damaged_gguf, write_gguf
from typer.testing import CliRunner

from mergedesk.cli.commands import app
from mergedesk.deployment import installed_tools
from mergedesk.deployment.create_in_ollama import OllamaRequest, create_in_ollama
from mergedesk.deployment.installed_tools import find_lm_studio_models, find_ollama
from mergedesk.deployment.lay_into_lm_studio import lay_into_lm_studio
from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.messages import finding_message
from mergedesk.domain.progress import Cancelled, CancelToken

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script that a shell starts")

STAND_IN = """#!{python}
import json, pathlib, sys, time
place = pathlib.Path(sys.argv[sys.argv.index("-f") + 1])
record = dict(arguments=sys.argv[1:], modelfile=place.read_text(encoding="utf-8"))
pathlib.Path({record!r}).write_text(json.dumps(record), encoding="utf-8")
sys.stdout.write("\\x1b[?25lgathering model components \\u280b\\rgathering model components \\x1b[K\\n")
sys.stdout.write("copying file sha256:1a 10%\\rcopying file sha256:1a 100%\\n")
sys.stdout.flush()
time.sleep({seconds})
print({last!r})
sys.exit({code})
"""


def stand_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, last: str = "success", code: int = 0, seconds: int = 0
) -> Path:
    """An ``ollama`` on the path; the file that it writes down what it was asked in."""
    record, command = folder / "asked.json", folder / "bin" / "ollama"
    command.parent.mkdir()
    text = STAND_IN.format(python=sys.executable, record=str(record), last=last, code=code, seconds=seconds)
    command.write_text(text, encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent))
    return record


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    folder = make_model(tmp_path / "My Merge")
    make_tokenizer(folder)
    return folder


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(installed_tools, "_OLLAMA_PLACES", ())


def test_the_folder_is_created_under_a_plain_name(
    merged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, heard = stand_in(tmp_path, monkeypatch), list[str]()
    made = create_in_ollama(OllamaRequest(merged, quantize="q4_K_M"), heard.append, CancelToken())
    asked = json.loads(record.read_text(encoding="utf-8"))
    assert asked["arguments"][:4] == ["create", "my-merge", "--quantize", "q4_K_M"]
    assert asked["arguments"][4] == "-f"
    assert not Path(asked["arguments"][5]).exists()  # what was only needed for this is gone
    assert f'FROM "{merged}"' in asked["modelfile"]
    assert made.modelfile == asked["modelfile"]
    assert made.run == "ollama run my-merge"
    assert heard[-1] == "success"
    assert not any("\x1b" in line or "\r" in line for line in heard)
    assert heard == list(made.output)


def test_a_gguf_takes_the_place_of_the_weights(merged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record, gguf = stand_in(tmp_path, monkeypatch), tmp_path / "odd name.gguf"
    write_gguf(gguf)
    config = json.loads((merged / "config.json").read_text(encoding="utf-8"))
    (merged / "config.json").write_text(json.dumps({**config, "architectures": ["OddForCausalLM"]}), encoding="utf-8")
    with pytest.raises(UserError) as refused:
        create_in_ollama(OllamaRequest(merged), print, CancelToken())
    assert refused.value.code is Code.OLLAMA_NEEDS_GGUF
    assert not record.exists()
    create_in_ollama(OllamaRequest(merged, gguf, "me/mine:v1"), print, CancelToken())
    asked = json.loads(record.read_text(encoding="utf-8"))
    assert asked["arguments"][1] == "me/mine:v1"
    assert f'FROM "{gguf}"' in asked["modelfile"]


def test_what_ollama_refuses_is_told_in_its_own_words(
    merged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, last="Error: could not connect to ollama server", code=1)
    with pytest.raises(UserError) as failed:
        create_in_ollama(OllamaRequest(merged), print, CancelToken())
    assert failed.value.code is Code.OLLAMA_NOT_ANSWERING
    assert "could not connect to ollama server" in str(failed.value.data["reason"])


def test_what_is_no_want_of_a_server_is_not_taken_for_one(
    merged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, last='Error: unsupported architecture "OddForCausalLM"', code=1)
    with pytest.raises(UserError) as failed:
        create_in_ollama(OllamaRequest(merged), print, CancelToken())
    assert failed.value.code is Code.OLLAMA_FAILED
    assert "Start Ollama" not in finding_message(failed.value.finding())


@pytest.mark.parametrize("name", ["", "-x", "--quantize", "a b", "A", "a/b/c", "a:b:c", "../up", "a\n"])
def test_no_name_becomes_an_option_or_a_path(
    name: str, merged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = stand_in(tmp_path, monkeypatch)
    if name:
        with pytest.raises(UserError) as refused:
            create_in_ollama(OllamaRequest(merged, name=name), print, CancelToken())
        assert refused.value.code is Code.OLLAMA_NAME_ODD
        assert not record.exists()
    else:
        assert create_in_ollama(OllamaRequest(merged, name=name), print, CancelToken()).name == "my-merge"


def test_it_can_be_cancelled_while_nothing_is_said(
    merged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, seconds=60)
    cancel = CancelToken()

    def stop(line: str) -> None:
        if "100%" in line:
            threading.Timer(0.1, cancel.cancel).start()

    with pytest.raises(Cancelled):
        create_in_ollama(OllamaRequest(merged), stop, cancel)


@pytest.mark.usefixtures("nowhere")
def test_without_ollama_it_is_said_where_it_comes_from(merged: Path) -> None:
    assert find_ollama() is None
    done = CliRunner().invoke(app, ["ollama", str(merged)])
    assert isinstance(done.exception, UserError)
    assert done.exception.code is Code.OLLAMA_NOT_FOUND


def test_the_command_says_how_to_run_it(merged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch)
    done = CliRunner().invoke(app, ["ollama", str(merged), "--name", "mine"])
    assert done.exit_code == 0, done.output
    assert "ollama run mine" in done.stdout
    assert "copying file sha256:1a 100%" in done.stderr
    told = json.loads(CliRunner().invoke(app, ["ollama", str(merged), "--json"]).stdout)
    assert (told["status"], told["name"]) == ("created", "my-merge")


@pytest.mark.parametrize("home", [".lmstudio", ".cache/lm-studio"])
def test_a_gguf_is_laid_where_lm_studio_looks(home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    gguf = tmp_path / "mine.gguf"
    write_gguf(gguf)
    assert find_lm_studio_models() is None
    with pytest.raises(UserError) as missing:
        lay_into_lm_studio(gguf)
    assert missing.value.code is Code.LM_STUDIO_NOT_FOUND
    (tmp_path / home).mkdir(parents=True)
    placed = lay_into_lm_studio(gguf)
    assert placed == tmp_path / home / "models" / "mergedesk" / "mine" / "mine.gguf"
    assert placed.read_bytes() == gguf.read_bytes()
    with pytest.raises(UserError) as there:
        lay_into_lm_studio(gguf)
    assert there.value.code is Code.GGUF_FILE_EXISTS
    assert not [entry for entry in placed.parent.iterdir() if entry != placed]


def test_lm_studio_may_live_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    elsewhere = tmp_path / "big disk" / "lm"
    elsewhere.mkdir(parents=True)
    (tmp_path / ".lmstudio-home-pointer").write_text(f"{elsewhere}\n", encoding="utf-8")
    assert find_lm_studio_models() == elsewhere / "models"
    (tmp_path / ".lmstudio-home-pointer").write_text("not/absolute", encoding="utf-8")
    assert find_lm_studio_models() is None


def test_a_copy_is_made_where_no_second_name_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "another disk")

    monkeypatch.setattr("os.link", refuse)
    gguf = tmp_path / "mine.gguf"
    write_gguf(gguf)
    placed = lay_into_lm_studio(gguf, "my-model", tmp_path / "models")
    assert placed.parent.name == "my-model"
    assert placed.read_bytes() == gguf.read_bytes()
    other = tmp_path / "text.gguf"
    other.write_bytes(b"hello")
    with pytest.raises(UserError) as refused:
        lay_into_lm_studio(other, None, tmp_path / "models")
    assert refused.value.code is Code.NOT_A_GGUF


@pytest.mark.parametrize(("damage", "code"), DAMAGES.items())
def test_only_a_whole_model_s_gguf_is_handed_on(
    damage: str, code: Code, merged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, gguf = stand_in(tmp_path, monkeypatch), damaged_gguf(tmp_path / "mine.gguf", damage)
    with pytest.raises(UserError) as by_ollama:
        create_in_ollama(OllamaRequest(merged, gguf), print, CancelToken())
    with pytest.raises(UserError) as by_lm_studio:
        lay_into_lm_studio(gguf, None, tmp_path / "models")
    assert (by_ollama.value.code, by_lm_studio.value.code) == (code, code)
    assert not record.exists()
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("name", ["../../evil", "a/b/c", "a\\b", "..", ".", "", ".hidden", "c:x", "line\n", "x" * 300])
def test_no_name_leads_out_of_lm_studio_s_folder(name: str, tmp_path: Path) -> None:
    gguf = write_gguf(tmp_path / "mine.gguf")
    with pytest.raises(UserError) as refused:
        lay_into_lm_studio(gguf, name, tmp_path / "a" / "b" / "models")
    assert refused.value.code is Code.LM_STUDIO_NAME_ODD
    assert [entry.name for entry in tmp_path.rglob("*")] == ["mine.gguf"]


def test_what_lm_studio_has_is_replaced_where_that_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".lmstudio").mkdir()
    gguf = write_gguf(tmp_path / "mine.gguf")
    placed = lay_into_lm_studio(gguf)
    gguf.unlink()
    write_gguf(gguf, context=99)
    refused = CliRunner().invoke(app, ["lm-studio", str(gguf), "--json"])
    assert refused.exit_code == 1
    told = json.loads(refused.stdout)
    assert (told["status"], told["findings"][0]["code"]) == ("failed", "gguf_file_exists")
    assert "--overwrite" in told["findings"][0]["message"]
    assert placed.read_bytes() != gguf.read_bytes()
    done = CliRunner().invoke(app, ["lm-studio", str(gguf), "--overwrite"])
    assert done.exit_code == 0, done.output
    assert placed.read_bytes() == gguf.read_bytes()
    with pytest.raises(UserError):
        lay_into_lm_studio(placed, overwrite=True)
    assert placed.is_file()


def test_a_failure_is_one_object_where_objects_are_wanted(
    merged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, last="Error: unsupported architecture", code=1)
    done = CliRunner().invoke(app, ["ollama", str(merged), "--json"])
    told = json.loads(done.stdout)
    assert (done.exit_code, told["status"], told["findings"][0]["code"]) == (1, "failed", "ollama_failed")
