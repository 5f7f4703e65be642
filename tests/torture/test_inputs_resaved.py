"""An input is saved again at any moment: what is published is the merge of one of the two, all of it, or nothing is."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import HIDDEN, make_tokenizer, write_json
from rounds import Forge, Tally, files_of, rounds, while_there_is_time
from safetensors.torch import load_file, save_file

from mergedesk.domain.progress import Stage

pytestmark = pytest.mark.slow
WEIGHTS = ("adapter/adapter_model.safetensors", "base/model-00001-of-00002.safetensors")
ADDED = "adapter/non_lora_state_dict.bin"
CONFIGS = ("base/config.json", "adapter/adapter_config.json")
TOKENIZER = ("base/tokenizer.json", "base/tokenizer_config.json")


@pytest.fixture(params=[*WEIGHTS, ADDED, *CONFIGS, *TOKENIZER], ids=lambda name: Path(name).name)
def file(request: pytest.FixtureRequest, forge: Forge) -> Iterator[Path]:
    """An input, as it was again afterwards; beside the inputs lie two others that could be in its place."""
    name, original = request.param, forge.home / "original"
    file: Path = forge.home / name
    shutil.copytree(forge.home / name.partition("/")[0], original)
    if name in TOKENIZER:
        make_tokenizer(forge.home / "base")
    for version in (1, 2):
        write_version(file, version, version_of(forge, version))
    yield file
    shutil.rmtree(file.parent)
    original.rename(file.parent)


def write_version(file: Path, version: int, target: Path) -> None:
    """The same input with other content, and of another length."""
    if file.suffix == ".json":
        document = json.loads(file.read_text(encoding="utf-8"))
        write_json(target, changed(file.name, document, version))
    elif file.suffix == ".bin":
        tensor = torch.full((HIDDEN,), version / 8, dtype=(torch.bfloat16, torch.float32)[version - 1])
        torch.save({"base_model.model.model.norm.weight": tensor}, target)
    else:
        tensors = {name: tensor * version / 8 for name, tensor in load_file(file).items()}
        save_file(tensors, target, {"format": "pt", "version": "x" * 8 * version})


def changed(name: str, document: dict[str, Any], version: int) -> dict[str, Any]:
    if name == "tokenizer.json":
        document["model"]["vocab"]["w" * (10 * version)] = document["model"]["vocab"].pop("w50")
        return document
    of_file = {
        "config.json": {"max_position_embeddings": 64 * 10**version},
        "adapter_config.json": {"lora_alpha": 10**version},
        "tokenizer_config.json": {"model_max_length": 10**version},
    }
    return {**document, **of_file[name]}


def version_of(forge: Forge, version: int) -> Path:
    return forge.home / f"version-{version}"


def save(forge: Forge, file: Path, version: int) -> None:
    """Other values under a header of another length, written into the same file."""
    file.write_bytes(version_of(forge, version).read_bytes())


def results(forge: Forge, file: Path) -> list[dict[str, str]]:
    """What comes of each version, which is remembered: safetensors writes metadata in an order of chance."""
    key = hashlib.sha256(b"".join(version_of(forge, version).read_bytes() for version in (1, 2))).hexdigest()
    if key in forge.whole_ones:
        return forge.whole_ones[key]
    found = []
    for version in (1, 2):
        save(forge, file, version)
        done = forge.merge()
        assert done["report"]["status"] == "merged", done
        found.append(files_of(forge.output))
        forge.clear()
    assert found[0] != found[1]
    forge.whole_ones[key] = found
    return found


def is_right(forge: Forge, done: dict[str, object], whole_ones: list[dict[str, str]]) -> bool:
    report = done["report"]
    assert isinstance(report, dict)
    codes = {finding["code"] for finding in report["findings"]}
    if report["status"] == "merged":
        return files_of(forge.output) in whole_ones
    return not forge.output.exists() and "internal" not in codes


@pytest.mark.parametrize("stage", list(Stage)[:: rounds(1, 2)])
def test_saved_again_at_every_stage(stage: Stage, forge: Forge, file: Path, tally: Tally) -> None:
    whole_ones = results(forge, file)
    for version in (2, 1)[: rounds(2, 1)]:  # longer than it was, then shorter
        save(forge, file, 3 - version)
        done = forge.merge({"stage": stage, "file": str(file), "source": str(version_of(forge, version))})
        right = is_right(forge, done, whole_ones)
        tally.count(f"saved again while merging: {file.name}", not right)
        assert right, (version, done)
        forge.clear()


def test_saved_again_at_random(forge: Forge, file: Path, tally: Tally) -> None:
    draw, version, whole_ones = random.Random(11), 2, results(forge, file)
    save(forge, file, version)
    began = time.monotonic()
    forge.merge()
    seconds_of_one = time.monotonic() - began
    for number in while_there_is_time(range(rounds(30, 1)), 0.02):
        forge.clear()
        version = 3 - version
        seconds = draw.uniform(0, seconds_of_one)
        saving = threading.Timer(seconds, save, [forge, file, version])
        saving.start()
        done = forge.merge()
        saving.join()
        right = is_right(forge, done, whole_ones)
        tally.count(f"saved again while merging: {file.name}", not right)
        assert right, (number, seconds, done)
