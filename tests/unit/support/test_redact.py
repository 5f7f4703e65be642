"""Nothing personal is left in a text that is sent to others, however it was written into it."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mergedesk.support.redact import Private, private_of_this_computer

# Each secret name carries this, so that what is left of it can be looked for.
MARK = "Zq7x"
MARKS = (MARK.casefold(), "".join(f"%{ord(one):02x}" for one in MARK).casefold())

SECRET_LETTERS = st.sampled_from(
    [*"abcXYZ019 .,;:!'\"()[]{}+=~#&%$§@-_", *"äöüßñ", *"模型适配器安娜", "é", "\u0301", "İ", "😀"]
)
NAMES = st.builds(lambda before, after: before + MARK + after, st.text(SECRET_LETTERS), st.text(SECRET_LETTERS))


def _inner(name: str) -> str:
    return name.strip(" .") or MARK


POSIX = st.lists(NAMES.map(_inner), min_size=1, max_size=4).map(lambda names: "/" + "/".join(names))
WINDOWS_NAMES = NAMES.map(lambda name: _inner("".join(one for one in name if one not in '"/:*?<>|')))
DRIVE = st.lists(WINDOWS_NAMES, min_size=1, max_size=3).map(lambda names: "D:\\" + "\\".join(names))
SHARE = st.lists(WINDOWS_NAMES, min_size=2, max_size=4).map(lambda names: "\\\\" + "\\".join(names))
LONG = DRIVE.map(lambda path: "\\\\?\\" + path)
PATHS = st.one_of(POSIX, DRIVE, SHARE, LONG)

WAYS: dict[str, Callable[[str], str]] = {
    "bare": lambda path: f"The folder is {path}",
    "repr": lambda path: f"[Errno 2] No such file or directory: {path!r}",
    "ascii": lambda path: f"cannot open {path!a} now",
    "quoted": lambda path: f"cannot open '{path}'",
    "double": lambda path: f'cannot open "{path}"',
    "typographic": lambda path: f"“{path}” is missing.",
    "json": lambda path: f'{{"path": {json.dumps(path)}}}',
    "json for the web": lambda path: json.dumps({"path": path}).replace("/", "\\/"),
    "two": lambda path: f"could not rename {path!r} -> {path!r}",
    "option": lambda path: f"mergedesk merge --base={path}",
    "file inside": lambda path: f"{path}/config.json cannot be read",
    "percent": lambda path: f"GET {quote(path)} failed",
    "percent of all": lambda path: f"GET {quote(path, safe='')} failed",
    "percent twice": lambda path: f"GET {quote(quote(path, safe=''), safe='')} failed",
    "url": lambda path: f"file://{quote(path)}",
    "plus": lambda path: f"?folder={quote_plus(path)}",
    "traceback": lambda path: f'  File "{path}", line 3, in run\n    x = 1',
    "faulthandler": lambda path: f'  File "{path}", line 3 in run',
    "slashes": lambda path: f"at {path}".replace("\\", "/"),
}


def is_told(text: str) -> bool:
    """Whether something of a secret is left, in any spelling."""
    return any(mark in text.casefold() for mark in MARKS)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(PATHS, st.sampled_from(sorted(WAYS)))
@example("/data/Anna's Zq7x models/x", "quoted")
@example('/data/say "Zq7x" aloud/x', "double")
@example("\\\\server\\Zq7x share\\安娜 Zq7x", "repr")
def test_a_path_nobody_knew_of_is_not_told(path: str, way: str) -> None:
    assert not is_told(Private().hide(WAYS[way](path))), WAYS[way](path)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(PATHS, st.sampled_from(sorted(WAYS)))
def test_a_folder_that_is_known_is_not_told(path: str, way: str) -> None:
    private = Private(folders=(path,))
    assert not is_told(private.hide(WAYS[way](path))), WAYS[way](path)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    NAMES.map(_inner), st.sampled_from(["{0}", "in {0}: no", "({0})", "“{0}”", "{0}-merged", ".{0}.part-1", "x_{0}"])
)
def test_the_name_of_a_folder_is_not_told_without_its_path(name: str, sentence: str) -> None:
    private = Private(folders=(f"/data/{name}", f"C:\\Users\\x\\{name}"))
    assert not is_told(private.hide(sentence.format(name))), name


@pytest.mark.parametrize(
    "text",
    [
        "Zq7x@Zq7x-pc",
        "logged in as ZQ7X",
        "zq7x's files",
        "user=Zq7x;",
        "Zq7x_cache",
        "/home/Zq7x/.cache/torch",
        "~Zq7x/x",
    ],
)
def test_user_and_computer_are_not_told(text: str) -> None:
    private = Private(names=(("Zq7x", "<user>"), ("Zq7x-pc", "<computer>")))
    assert not is_told(private.hide(text))


def test_this_computers_own_names_are_not_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "zq7xuser")
    monkeypatch.setattr("platform.node", lambda: "zq7xhost.zq7xnet.example")
    monkeypatch.setattr(Path, "home", classmethod(lambda _cls: tmp_path / "zq7xhome"))
    private = private_of_this_computer([tmp_path / "Zq7x model"])
    text = f"zq7xuser on zq7xhost (zq7xhost.zq7xnet.example), {tmp_path}/zq7xhome/x, zq7xhome, Zq7x model"
    assert not is_told(private.hide(text)), private.hide(text)


def test_an_exceptions_message_tells_no_path_and_its_frames_tell_where_in_the_program(tmp_path: Path) -> None:
    folder = tmp_path / "安娜 Zq7x" / "adapter"
    try:
        json.loads((folder / "adapter_config.json").read_text())
    except OSError as error:
        details = "".join(traceback.format_exception(error))
    hidden = private_of_this_computer([folder]).hide(details)
    assert not is_told(hidden)
    assert str(tmp_path) not in hidden
    assert "FileNotFoundError: [Errno 2] No such file or directory: '<folder 1>/adapter_config.json'" in hidden
    assert '"<python>/pathlib.py", line' in hidden


def test_what_helps_is_kept() -> None:
    frame = '  File "/opt/app/lib/torch/nn/linear.py", line 12, in forward\n    return a / b + load("x/y/z")'
    kept = "RuntimeError: size mismatch for model.layers.0.mlp.up_proj.weight: [64, 32] and/or 3 MB/s, <built-in>"
    private = Private(programs=(("/opt/app/lib", "<program>"),))
    told = private.hide(f"{frame}\n{kept}")
    assert told == f"{frame}\n{kept}".replace("/opt/app/lib", "<program>")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("'/a b/c/model-00001-of-00002.safetensors' is short", "'<path>/model-00001-of-00002.safetensors' is short"),
        (r"'D:\\a\\tokenizer.json': gone", "'<path>/tokenizer.json': gone"),
        ("see https://huggingface.co/anna/secret for it", "see <address>"),
        ("Debian GNU/Linux 12", "Debian GNU/Linux 12"),
        ("[Errno 5] Input/output error", "[Errno 5] Input/output error"),
        ("two, /m/x y: three", "two, <path>"),
        ("anna/secret is no model", "<path> is no model"),
    ],
)
def test_how_it_reads(text: str, told: str) -> None:
    assert Private().hide(text) == told


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("mergedesk/job.py", "mergedesk/job.py"),
        ("json/decoder.py", "json/decoder.py"),
        ("threading.py", "threading.py"),
        ("<frozen runpy>", "<frozen runpy>"),
        ("Zq7x client/run.py", "<path>"),
        ("../Zq7x/run.py", "<path>"),
    ],
)
def test_a_bundles_own_files_are_told(file: str, told: str) -> None:
    assert Private().hide(f'  File "{file}", line 3, in f') == f'  File "{told}", line 3, in f'


def test_a_line_of_the_persons_own_program_is_not_told() -> None:
    frame = '  File "/work/Zq7x/run.py", line 1, in <module>\n    merge("/work/Zq7x/model")'
    assert not is_told(private_of_this_computer().hide(frame))


def test_two_folders_can_be_told_apart() -> None:
    private = Private(folders=("/m/base", "/m/base-lora"))
    told = private.hide("/m/base and\n/m/base-lora/config.json\n/m/base/model.safetensors")
    assert told == "<folder 1> and\n<folder 2>/config.json\n<folder 1>/model.safetensors"


@pytest.mark.parametrize(
    "piece", ["ab", "/", "a/", "'/x", "\\", "%25", "~", "a:", "<folder 1>/", "a@", "1.", "1:", "token=a", "a-", "eyJ"]
)
def test_long_lines_take_no_time(piece: str) -> None:
    started = time.process_time()
    Private(folders=("/data/Zq7x",)).hide(piece * 20_000)
    assert time.process_time() - started < 1


KEY = "Zq7xAbCdEfGhIjKlMnOpQrStUvWxYz012345"


@pytest.mark.parametrize(
    "text",
    [
        f"401 Unauthorized: token hf_{KEY} is not valid",
        f"HF_TOKEN=hf_{KEY}",
        f"token: '{KEY}'",
        f'{{"access_token": "{KEY}"}}',
        f"Authorization: Bearer {KEY}",
        f"Authorization: Basic {KEY}==",
        f"api_key='{KEY}'",
        f"WANDB_API_KEY={KEY}",
        f"sk-proj-{KEY}",
        f"ghp_{KEY} and github_pat_{KEY}",
        f"glpat-{KEY}",
        f"eyJhbGciOi.{KEY}.{KEY}",
        "password: Zq7x!",
        "client_secret = 'Zq7x'",
        "Zq7x.meier+x@example.org wrote",
        "scp Zq7x@machine",
        "no route from me@Zq7x.example.org",
    ],
)
def test_keys_passwords_and_people_are_not_told(text: str) -> None:
    assert not is_told(Private().hide(text)), Private().hide(text)


@pytest.mark.parametrize(
    "text", ["192.168.1.17", "10.0.0.5:8080", "fe80::1ff:fe23:4567:890a", "2001:db8:0:0:1:2:3:4", "00:1B:44:11:3A:B7"]
)
def test_addresses_of_computers_are_not_told(text: str) -> None:
    assert Private().hide(f"cannot reach {text} now") == "cannot reach <address> now"


@pytest.mark.parametrize(
    "text",
    [
        "KeyError: 'pad_token'",
        "pad_token = '<|endoftext|>', eos_token: 128009",
        "'token': 151643, bos_token_id=1",
        "torch 2.13.0+cpu, Windows 11 (10.0.26100.1742, AMD64)",
        "at 13:33:48 and 0:00:01.50",
        "c10::Error in at::native::add, std::bad_alloc",
        "hf_quantizer_of_this_kind is no quantizer",
        "unexpected key base_model.model.layers.0.lora_A.weight",
        "tokenizer: LlamaTokenizerFast",
        "secret santa",
    ],
)
def test_words_of_models_are_kept(text: str) -> None:
    assert Private().hide(text) == text


def test_secrets_that_programs_are_given_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "Zq7x-without-any-look")
    monkeypatch.setenv("KEYBOARD", "qwertzuiop")
    told = private_of_this_computer().hide("it was Zq7x-without-any-look on a qwertzuiop")
    assert told == "it was <secret> on a qwertzuiop"


def test_a_name_inside_a_word_is_left_alone() -> None:
    private = Private(names=(("anna", "<user>"),), folders=("/m/llama",))
    assert private.hide("Savannah annals llamas") == "Savannah annals llamas"


def test_windows_folders_are_known_in_every_spelling() -> None:
    folder = str(PureWindowsPath("C:/Users/Zq7x/My Models"))
    for text in (folder, folder.lower(), repr(folder), folder.replace("\\", "/"), json.dumps(folder)):
        assert not is_told(Private(folders=(folder,)).hide(f"in {text} now")), text
