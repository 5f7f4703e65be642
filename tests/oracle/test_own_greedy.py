"""A model's own answer is the one it gives by itself, whatever draft it is held against; its pages are given back."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from gguf_models import tiny_model
from safetensors.torch import save_file

from mergedesk.inference.own_greedy import own_greedy
from mergedesk.storage.mapped_pages import let_pages_go, mapped_ranges

pytestmark = pytest.mark.slow
QUESTION = (1, 40, 77, 123, 9)


@pytest.fixture(scope="module", params=["Llama", "Gemma3"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("model") / "m", request.param)


def by_itself(folder: Path) -> tuple[int, ...]:
    loaded: Any = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    said = loaded.generate(
        torch.tensor([QUESTION]), max_new_tokens=24, min_new_tokens=24, do_sample=False, repetition_penalty=1.0,
        eos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    return tuple(said[0, len(QUESTION) :].tolist())


def test_no_draft_changes_the_answer(model: Path) -> None:
    right = by_itself(model)
    wrong = tuple((token + 1) % 320 for token in right)
    for draft in ((), right, right[:7], wrong, (*right[:5], *wrong[5:])):
        said = own_greedy(model, QUESTION, draft)
        assert said.tokens == right, draft
        logits = np.frombuffer(said.logits, "<f4").reshape(len(right), -1)
        assert tuple(logits.argmax(1)) == right


def test_nothing_asked_is_nothing_answered(model: Path) -> None:
    assert own_greedy(model, (), ()).tokens == ()


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells what is mapped")
def test_pages_of_mapped_files_alone_are_given_back(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    save_file({"weight": torch.arange(1 << 20, dtype=torch.float32)}, file)
    mapped = torch.from_file(str(file), size=file.stat().st_size // 4)
    total = mapped.sum()
    ranges = mapped_ranges({file})
    assert ranges
    assert let_pages_go(ranges, mapped.data_ptr(), mapped.nbytes) > 3 << 20
    assert torch.equal(mapped.sum(), total)
    own = torch.ones(1 << 20)
    assert let_pages_go(ranges, own.data_ptr(), own.nbytes) == 0
    assert own.sum() == 1 << 20
    del mapped
    gc.collect()
