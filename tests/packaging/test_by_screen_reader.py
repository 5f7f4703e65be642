"""A merge, a trial and GGUF files as a screen reader does them: by roles, names and actions, over AT-SPI alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from gguf_models import tiny_model
from screen_reader import ReaderAtWork, reader_at_work, reader_desk, reader_environment, what_is_missing
from tiny_adapters import tiny_adapter

PATIENCE = 300  # seconds: a computer with much else to do takes them
MISSING = what_is_missing()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=MISSING),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A tiny base with a tokenizer that llama.cpp's converter knows, and an adapter for it."""
    home = tmp_path_factory.mktemp("models")
    base = tiny_model(home / "base", "Llama")
    return base, tiny_adapter(base, home / "adapter")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[ReaderAtWork]:
    """A screen reader in front of a new window, which must not end by itself."""
    home = tmp_path / "home"
    home.mkdir()
    with reader_desk(home) as session, reader_at_work(session, "MergeDesk") as reading:
        places = dict.fromkeys(("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(home))
        environment = {**reader_environment(session), **places}
        with subprocess.Popen([sys.executable, "-m", "mergedesk"], env=environment) as program:
            try:
                yield reading
                assert program.poll() is None
            finally:
                program.terminate()


def test_merge_trial_and_gguf(reader: ReaderAtWork, models: tuple[Path, Path], tmp_path: Path) -> None:
    base, adapter = models
    output = tmp_path / "merged"
    reader.write("text", "Base model", str(tmp_path / "nowhere"), PATIENCE)
    assert "no folder" in reader.hear("Base model: ").lower()
    reader.write("text", "Base model", str(base))
    reader.write("text", "Adapter", str(adapter))
    reader.write("text", "Merged output", str(output))
    reader.wait("heading", "Ready to merge", PATIENCE)
    reader.hear("Ready to merge")
    assert {"radio button: Merge", "combo box: Precision", "combo box: Rounding"} <= reader.listed()
    reader.press("push button", "Merge")
    reader.wait("heading", "Merged and verified*", PATIENCE)
    # A phase that is over before it can be shown is not read out either.
    reader.hear("Merging the weights", "Verifying the result", "Publishing the folder")
    reader.hear("Merged and verified")
    try_it(reader)
    make_gguf(reader, output)


def try_it(reader: ReaderAtWork) -> None:
    reader.press("push button", "Try it")
    for other in ("Base", "Base + adapter, unmerged"):
        reader.press("check box", other)
    reader.write("text", "Prompt", "hello")
    reader.press("push button", "Answer")
    reader.wait("push button", "Copy all as Markdown", PATIENCE)
    reader.wait("text", "Answer: *", PATIENCE)


def make_gguf(reader: ReaderAtWork, output: Path) -> None:
    reader.press("page tab", "Use it")
    reader.press("push button", "Make GGUF", PATIENCE)
    reader.hear("Made and proved", seconds=PATIENCE)
    [made] = output.with_name("merged-GGUF").glob("*.gguf")
    assert made.stat().st_size > 0
