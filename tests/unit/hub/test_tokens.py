"""Tokens: kept by the system's keyring alone, and told in nothing that is written."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hub_environment import MODEL
from loopback_hub import TOKEN, LoopbackHub

from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.hub_reference import HubReference
from mergedesk.domain.progress import CancelToken
from mergedesk.hub import ask as asking
from mergedesk.hub.ask import ask
from mergedesk.hub.questions import DOWNLOAD, FORGET_TOKEN, KEEP_TOKEN, HubQuestion

pytestmark = pytest.mark.slow

# A keyring in a file, as its interface asks for; named by keyring's own variables.
BACKEND = """
import os, json
from pathlib import Path
from keyring.backend import KeyringBackend
FILE = Path(os.environ["KEYRING_FILE"])
class Plain(KeyringBackend):
    priority = 1
    def _all(self): return json.loads(FILE.read_text()) if FILE.exists() else {}
    def get_password(self, service, user): return self._all().get(service + "|" + user)
    def set_password(self, service, user, password):
        FILE.write_text(json.dumps({**self._all(), service + "|" + user: password}))
    def delete_password(self, service, user):
        FILE.write_text(json.dumps({k: v for k, v in self._all().items() if k != service + "|" + user}))
"""


@pytest.fixture
def keyring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "plain_keyring.py").write_text(BACKEND)
    monkeypatch.setenv("PYTHONPATH", str(modules))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "plain_keyring.Plain")
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "ring.json"))
    return tmp_path / "ring.json"


def download() -> Path:
    return ask(DOWNLOAD, HubReference(MODEL), CancelToken())


def test_a_token_that_was_typed_in_serves_until_it_is_forgotten(hub: LoopbackHub, keyring_file: Path) -> None:
    hub.gated.add(MODEL)
    assert ask(KEEP_TOKEN, TOKEN, CancelToken())
    assert TOKEN in keyring_file.read_text()
    download()
    ask(FORGET_TOKEN, "", CancelToken())
    assert TOKEN not in keyring_file.read_text()


def test_a_token_goes_to_the_hub_that_it_is_for_and_to_no_other(
    hub: LoopbackHub, keyring_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    ask(KEEP_TOKEN, TOKEN, CancelToken())
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    download()
    assert not any(asked.with_token for asked in hub.asked)


def test_a_system_without_a_keyring_is_told(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with pytest.raises(UserError) as caught:
        ask(KEEP_TOKEN, TOKEN, CancelToken())
    assert caught.value.code is Code.HUB_NO_KEYRING
    assert TOKEN not in str(caught.value)
    download()  # what needs no token is not held back


def test_a_token_is_in_no_argument_and_no_variable(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    start = asking.start

    def watched(*arguments: str, **how: object) -> subprocess.Popen[bytes]:
        seen.extend((*arguments, str(how["env"])))
        return start(*arguments, **how)

    monkeypatch.setattr(asking, "start", watched)
    hub.gated.add(MODEL)
    path = ask(DOWNLOAD, HubReference(MODEL), CancelToken(), token=TOKEN)
    assert seen
    assert TOKEN not in "".join(seen)
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert path.parent.exists()
    assert not [file for file in written if TOKEN.encode() in file.read_bytes()]


def test_a_question_does_not_show_its_token() -> None:
    assert TOKEN not in repr(HubQuestion("download", None, TOKEN))
