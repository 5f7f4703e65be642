"""An input is saved again at any moment: what is published is the merge of one of the two, all of it, or nothing is."""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rounds import Forge, Tally, files_of, rounds, while_there_is_time
from safetensors.torch import load_file, save_file

from mergedesk.domain.progress import Stage

pytestmark = pytest.mark.slow
WHAT = "input saved again while merging"
FILES = ["adapter/adapter_model.safetensors", "base/model-00001-of-00002.safetensors"]


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest, forge: Forge) -> Iterator[Path]:
    """An input, as it was again afterwards; beside the inputs lie two others that could be in its place."""
    file: Path = forge.home / request.param
    shutil.copy2(file, forge.home / "original")
    for version in (1, 2):
        tensors = {name: tensor * version / 8 for name, tensor in load_file(file).items()}
        save_file(tensors, version_of(forge, version), {"format": "pt", "version": "x" * 8 * version})
    yield file
    shutil.copy2(forge.home / "original", file)


def version_of(forge: Forge, version: int) -> Path:
    return forge.home / f"version-{version}"


def save(forge: Forge, file: Path, version: int) -> None:
    """Other values under a header of another length, written into the same file."""
    file.write_bytes(version_of(forge, version).read_bytes())


def results(forge: Forge, file: Path) -> list[dict[str, str]]:
    """What comes of each version."""
    found = []
    for version in (1, 2):
        save(forge, file, version)
        done = forge.merge()
        assert done["report"]["status"] == "merged", done
        found.append(files_of(forge.output))
        forge.clear()
    assert found[0] != found[1]
    return found


def is_right(forge: Forge, done: dict[str, object], whole_ones: list[dict[str, str]]) -> bool:
    report = done["report"]
    assert isinstance(report, dict)
    codes = {finding["code"] for finding in report["findings"]}
    if report["status"] == "merged":
        return files_of(forge.output) in whole_ones
    return not forge.output.exists() and "internal" not in codes


@pytest.mark.parametrize("stage", list(Stage))
def test_saved_again_at_every_stage(stage: Stage, forge: Forge, file: Path, tally: Tally) -> None:
    whole_ones = results(forge, file)
    for version in (2, 1)[: rounds(2, 1)]:  # longer than it was, then shorter
        save(forge, file, 3 - version)
        done = forge.merge({"stage": stage, "file": str(file), "source": str(version_of(forge, version))})
        right = is_right(forge, done, whole_ones)
        tally.count(WHAT, not right)
        assert right, (version, done)
        forge.clear()


def test_saved_again_at_random(forge: Forge, file: Path, tally: Tally) -> None:
    draw, version, whole_ones = random.Random(11), 2, results(forge, file)
    began = time.monotonic()
    forge.merge()
    seconds_of_one = time.monotonic() - began
    for number in while_there_is_time(range(rounds(100, 4)), 0.055):
        forge.clear()
        version = 3 - version
        seconds = draw.uniform(0, seconds_of_one)
        saving = threading.Timer(seconds, save, [forge, file, version])
        saving.start()
        done = forge.merge()
        saving.join()
        right = is_right(forge, done, whole_ones)
        tally.count(WHAT, not right)
        assert right, (number, seconds, done)
