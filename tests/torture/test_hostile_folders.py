"""Commands run where a stranger's modules lie, and folders with links that lead out: nothing of either gets in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from folders import codes, make_lora, make_sharded_model, make_tokenizer, request
from rounds import rounds, while_there_is_time

from mergedesk.domain.findings import Code
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge

pytestmark = pytest.mark.slow
MODULES = (
    "json",
    "tokenizers",
    "sitecustomize",
    "usercustomize",
    "torch",
    "transformers",
    "peft",
    "safetensors",
    "typer",
)
OF_THE_PROGRAM = ("mergedesk", "mergedesk_gui")
COMMANDS = (
    ("inspect", "{base}"),
    ("check", "--base", "{base}", "--adapter", "{adapter}"),
    ("merge", "--base", "{base}", "--adapter", "{adapter}", "--output", "{home}/out"),
    ("merge", "--base", "{base}", "--adapter", "{adapter}", "--output", "{home}/out", "--engine", "peft"),
    ("verify", "--base", "{base}", "--adapter", "{adapter}", "--merged", "{merged}"),
    ("usage", "{merged}"),
    ("modelfile", "{merged}"),
    ("try", "--base", "{base}", "--adapter", "{adapter}", "--merged", "{merged}", "--prompt", "w3"),
    ("leftovers",),
    ("--help",),
)  # fmt: skip
TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pair with tokenizer and template, what becomes of it, and modules of a stranger's in each and beside them."""
    home = tmp_path_factory.mktemp("hostile")
    make_tokenizer(make_sharded_model(home / "base"), chat_template=TEMPLATE)
    make_lora(home / "adapter")
    report = merge(request(home / "base", home / "adapter", home / "merged"))
    assert report.status is MergeStatus.MERGED, report.findings
    return home


def plant(folder: Path, marker: Path, names: tuple[str, ...]) -> Iterator[Path]:
    """Whatever of it is run leaves a mark."""
    line = f"open({str(marker)!r}, 'w').close()\n"
    for name in names:
        yield folder / f"{name}.py"
        (folder / f"{name}.py").write_text(line, encoding="utf-8")
    yield folder / "a.pth"
    (folder / "a.pth").write_text(f"import builtins; builtins.{line}", encoding="utf-8")


def starts(names: tuple[str, ...]) -> list[str]:
    """The program as it is installed; as a module where Python itself would not take the folder's for it."""
    if set(OF_THE_PROGRAM) & set(names):
        return [sys.executable, "-P", "-m", "mergedesk"]
    return [sys.executable, "-m", "mergedesk"]


@pytest.mark.parametrize("where", ["base", "adapter", "merged", "."])
def test_modules_of_the_current_folder(where: str, home: Path, tmp_path: Path, tally: Any) -> None:
    places = {name: str(home / name) for name in ("base", "adapter", "merged")}
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    cases = [(names, command) for names in (MODULES, (*MODULES, *OF_THE_PROGRAM)) for command in COMMANDS]
    for names, command in while_there_is_time(cases[:: rounds(1, len(cases) - 1)], 0.04):
        marker, results = tmp_path / "was-run", Path(mkdtemp(dir=tmp_path))
        planted = list(plant(home / where, marker, names))
        try:
            said = [part.format(**places, home=results) for part in command]
            done = subprocess.run(
                [*starts(names), *said],
                cwd=home / where,
                env=environment,
                capture_output=True,
                timeout=200,
                check=False,
            )
        finally:
            for file in planted:
                file.unlink()
        right = done.returncode == 0 and not marker.exists()
        tally.count("command run where json.py, tokenizers.py, mergedesk.py, … lie", not right)
        assert right, (command, marker.exists(), done.stdout, done.stderr)


LINKED = (
    "base/config.json", "base/tokenizer.json", "base/tokenizer_config.json", "base/model.safetensors.index.json",
    "base/model-00001-of-00002.safetensors", "base/README.md", "base/special_tokens_map.json", "base/extra.py",
    "base/inner/file.json", "base/inner", "adapter/adapter_config.json", "adapter/adapter_model.safetensors",
    "adapter/tokenizer.json", "adapter/non_lora_state_dict.bin", "adapter/README.md",
)  # fmt: skip
TARGETS = ("file", "relative", "twice", "folder", "/dev/zero", "/proc/self/environ", "itself", "nothing", "pipe")


READABLE = ("file", "relative", "twice")


def make_link(link: Path, kind: str, outside: Path) -> None:
    """A link that leads out of its folder, by one of several ways."""
    secret = outside / "secret"
    secret.write_bytes(link.read_bytes() if link.is_file() else b'{"secret": "secret"}')
    targets = {
        "file": secret,
        "relative": Path(os.path.relpath(secret, link.parent)),
        "folder": outside,
        "itself": link,
    }
    targets |= {"twice": outside / "second", "nothing": outside / "none", "pipe": outside / "pipe"}
    if kind == "twice":
        (outside / "second").symlink_to(secret)
    if kind == "pipe":
        os.mkfifo(outside / "pipe")
    link.unlink(missing_ok=True)
    link.symlink_to(targets.get(kind, Path(kind)))


@pytest.mark.parametrize("name", LINKED[:: rounds(1, 4)])
def test_links_that_lead_out(name: str, home: Path, tmp_path: Path, tally: Any) -> None:
    for kind in TARGETS:
        folder, outside = tmp_path / "pair", tmp_path / "outside"
        for part in ("base", "adapter"):
            shutil.copytree(home / part, folder / part)
        outside.mkdir()
        (folder / name).parent.mkdir(exist_ok=True)
        make_link(folder / name, kind, outside)
        found = codes(check(request(folder / "base", folder / "adapter")).findings)
        report = merge(request(folder / "base", folder / "adapter", tmp_path / "out"))
        right = not (tmp_path / "out").exists() and report.status is MergeStatus.REFUSED and bool(found)
        right = right and Code.INTERNAL not in found and (kind not in READABLE or Code.LINKS_LEAVE_FOLDER in found)
        if kind == "itself" and report.status is MergeStatus.MERGED:  # it leads nowhere: nothing is read through it
            right = True
        tally.count("link that leads out of base or adapter", not right)
        assert right, (name, kind, report.status, found)
        for made in (folder, outside, tmp_path / "out"):
            shutil.rmtree(made, ignore_errors=True)
