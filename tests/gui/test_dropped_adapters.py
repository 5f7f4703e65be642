"""Adapters of other tools are dropped on the window, as a folder or as the file itself, and merged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from folders import make_model, write_json, write_tensors
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from window_fakes import OpenWindow
from window_helpers import drop, find

from mergedesk_gui.jobs.engine_api import engine as real_engine
from mergedesk_gui.main_window import MainWindow

LONG_MS = 60_000


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path) -> Iterator[MainWindow]:
    opened = open_window(backend=real_engine())
    find(opened, QLineEdit, "basePathEdit").setText(str(make_model(tmp_path / "base")))
    return opened


@pytest.fixture
def mlx(tmp_path: Path) -> Path:
    name, folder = "model.layers.1.self_attn.q_proj", tmp_path / "mlx"
    pair = {f"{name}.lora_a": torch.randn(32, 4), f"{name}.lora_b": torch.randn(4, 32)}
    for file in ("adapters.safetensors", "0000100_adapters.safetensors"):
        write_tensors(folder / file, pair)
    parameters = {"rank": 4, "scale": 2.0, "dropout": 0.0}
    write_json(folder / "adapter_config.json", {"fine_tune_type": "lora", "lora_parameters": parameters})
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "adapters.safetensors", "0000100_adapters.safetensors"])
def test_a_dropped_one_is_read_and_told(name: str, qtbot: QtBot, window: MainWindow, mlx: Path) -> None:
    assert drop(window, mlx / name)
    stands_for = mlx / name if name.startswith("0") else mlx
    field = find(window, QLineEdit, "adapterPathEdit")
    qtbot.waitUntil(lambda: field.text() == str(stands_for), timeout=LONG_MS)
    qtbot.waitUntil(lambda: window.merging.start_bar.button.isEnabled(), timeout=LONG_MS)
    assert "LoRA" in window.inputs.adapter.description


@pytest.mark.slow
def test_one_of_a_step_is_merged(qtbot: QtBot, window: MainWindow, mlx: Path, tmp_path: Path) -> None:
    find(window, QLineEdit, "adapterPathEdit").setText(str(mlx / "0000100_adapters.safetensors"))
    find(window, QLineEdit, "outputPathEdit").setText(str(tmp_path / "out"))
    qtbot.waitUntil(lambda: window.merging.start_bar.button.isEnabled(), timeout=LONG_MS)
    with qtbot.waitSignal(window.merging.ended, timeout=LONG_MS):
        window.merging.start_bar.button.click()
    assert (tmp_path / "out" / "model.safetensors").is_file()
