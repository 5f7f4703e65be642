"""The command line says what it says in the environment's language, and JSON speaks English."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from typer.testing import CliRunner, Result

from mergedesk.cli import commands as cli
from mergedesk.cli.words import say
from mergedesk.domain.findings import Severity
from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.gguf_export import ExportStage
from mergedesk.domain.job_list import JobKind, JobState, QueuedJob
from mergedesk.domain.messages import LOCALES
from mergedesk.domain.progress import Stage
from mergedesk.domain.transfer import TransferStage, UploadRequest
from mergedesk.hub.questions import Access
from mergedesk.inference.trial import Ended, Side

CLI = Path(cli.__file__).parents[1]
SAID = re.compile(r"""say\(\s*(f?)["']([\w.{}]+)["']""")
FACTS = re.compile(r'^ {8}"(\w+)": ', re.MULTILINE)
BY_CODE = {
    "severity": Severity,
    "stage": (*ExportStage, *Stage, *TransferStage),
    "access": Access,
    "job": JobKind,
    "batch": [state for state in JobState if QueuedJob(1, UploadRequest(Path(), ""), state).has_ended],
    "kind": FolderKind,
    "side": Side,
    "other_side": Side,
    "ended": (Ended.END_TOKEN, Ended.LENGTH, Ended.CANCELLED),
}


@pytest.fixture(params=["de_DE.UTF-8", "C"])
def spoken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LC_ALL", request.param)
    return str(request.param)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


def test_a_finding_is_told_in_the_language_of_the_environment(spoken: str, tmp_path: Path) -> None:
    done = run("inspect", str(tmp_path / "missing"))
    german = spoken.startswith("de")
    assert ("Fehler: Unter" if german else "Error: There is no folder at") in done.stderr
    assert done.stdout.split() == (["Art:", "nicht", "vorhanden"] if german else ["kind:", "missing"])


def test_json_is_english_in_any_environment(spoken: str, tmp_path: Path) -> None:
    done = run("inspect", str(tmp_path / "missing"), "--json")
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["message"].startswith("There is no folder at ")


def test_every_message_of_the_command_line_is_in_the_catalogue_and_none_is_idle() -> None:
    with (LOCALES / "en/LC_MESSAGES/mergedesk.po").open("rb") as file:
        ids = (message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file))
        stated = {key.removeprefix("cli.") for key in ids if key.startswith("cli.")}
    texts = [file.read_text(encoding="utf-8") for file in CLI.rglob("*.py")]
    said = {key for text in texts for formatted, key in SAID.findall(text) if not formatted}
    said |= {f"{group}.{code}" for group, codes in BY_CODE.items() for code in codes}
    said |= {key for key in stated if key.startswith("fact.")}
    indirect = {"match", "mismatch", "compared_samples", "compared_rows"}
    assert stated - said - indirect == set()
    assert said - stated == set()


def test_every_fact_has_a_name() -> None:
    source = (CLI / "rendering.py").read_text(encoding="utf-8")
    facts = FACTS.findall(source)
    assert len(facts) > 10
    assert all(say(f"fact.{name}") for name in [*facts, "holds"])
