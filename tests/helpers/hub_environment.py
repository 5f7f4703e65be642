"""An environment whose hub is one on loopback, with caches of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import make_lora, make_model
from loopback_hub import LoopbackHub, running

MODEL, ADAPTER = "acme/tiny", "acme/tiny-lora"


def point_at(hub: LoopbackHub, home: Path, patch: pytest.MonkeyPatch) -> None:
    """Let this process, and those that it starts, take ``hub`` for their hub and ``home`` for the hub's files."""
    for name in ("HF_HUB_CACHE", "HF_TOKEN", "HF_HUB_OFFLINE", "MERGEDESK_STAYS_OFFLINE", "HTTP_PROXY", "http_proxy"):
        patch.delenv(name, raising=False)
    patch.setenv("HF_ENDPOINT", hub.url)
    patch.setenv("HF_HOME", str(home))
    patch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "2")
    patch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    """A hub with a model and an adapter of it, for this test alone."""
    root = tmp_path / "hub"
    make_model(root / MODEL)
    make_lora(root / ADAPTER, base_model_name_or_path=MODEL)
    monkeypatch.chdir(tmp_path)
    with running(root) as hub:
        point_at(hub, tmp_path / "hf", monkeypatch)
        yield hub
