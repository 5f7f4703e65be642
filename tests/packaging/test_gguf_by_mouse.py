"""The demo merged, and GGUF made of it, on a real screen with a mouse: from the sources, and as it is installed."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from gguf import GGUFReader
from screen import Screen, opened, screen, wait_for
from shipped_program import Program

from mergedesk.demo.base_model import demo_adapter_folder
from mergedesk_gui.theme.colours import LIGHT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="no Xvfb, or no xdotool"),
]
# A loaded machine needs long for the demo's Q8_0 and the proof of it.
_PATIENCE = 300
_LEFT = 380  # where the pages begin
_USE_IT = "ctrl+5"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen")) as one:
        yield one


@pytest.mark.parametrize("which", ["sources", "installed"])
def test_merge_then_make_gguf(
    which: str, desk: Screen, demo_base: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    program: Program = request.getfixturevalue(which)
    on_screen = replace(program, extra={**program.extra, "DISPLAY": desk.name})
    output = tmp_path / "merged"
    given = ("--base", demo_base, "--adapter", demo_adapter_folder(), "--output", output)
    with opened(on_screen, desk, *given) as child:
        desk.hand("windowfocus", "--sync", desk.window())
        wait_for(lambda: desk.button(LIGHT.accent), _PATIENCE, "a button to press")
        desk.hand("mousemove", *(desk.button(LIGHT.accent) or ()), "click", 1)
        wait_for(lambda: output.exists() or child.poll() is not None, _PATIENCE, "the merged folder")
        press_make_gguf(desk, child, tmp_path)
        made = output.with_name("merged-GGUF")
        wait_for(lambda: made.exists() or child.poll() is not None, _PATIENCE, "the GGUF")
        wait_for(lambda: not list(tmp_path.glob(".mergedesk-*")), 30, "an end of all work")
        time.sleep(2)  # until the window has heard of it, it asks before it closes
    [file] = made.glob("*.gguf")
    tensors = GGUFReader(file).tensors
    assert {tensor.tensor_type.name for tensor in tensors} == {"Q8_0", "F32"}


def press_make_gguf(desk: Screen, child: subprocess.Popen[str], folder: Path) -> None:
    """Turn to “Use it” once the merge is over, and press what lies below its ticked box."""

    def turned() -> bool:
        desk.hand("key", _USE_IT)
        time.sleep(0.5)
        return desk.ticked(LIGHT.accent, _LEFT) is not None or child.poll() is not None

    wait_for(turned, 60, "the page")
    for below in (36, 32, 40, 46, 52):
        across, down = desk.ticked(LIGHT.accent, _LEFT) or (0, 0)
        desk.hand("mousemove", _LEFT + 60, down + below, "click", 1)
        end = time.monotonic() + 10
        while time.monotonic() < end and across:
            if list(folder.glob(".mergedesk-*")) or list(folder.glob("*-GGUF")):
                return
            time.sleep(0.1)
    pytest.fail("nothing below the ticked box makes a GGUF")
