"""Results that kept their format answer, where the base loads, as the float64 merge rounded to that format does.

compressed-tensors' formats are loaded in ``test_kept_packing.py``; transformers has no loader for Model Optimizer's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import failed, write_tensors
from kept_models import exact_merges, keep, logits_of, plain_home
from packed_bases import make_gpt_oss, pack_float8
from repacked import BOOK
from tiny_models import make_adapter, make_base, tensors, third_party_noise_off
from transformers import (
    AutoModelForCausalLM,
    BitsAndBytesConfig,
    FineGrainedFP8Config,
    GptOssForCausalLM,
    Mxfp4Config,
)

from mergedesk.domain.merge_report import MergeStatus

pytestmark = pytest.mark.slow
Round = Callable[[torch.Tensor], torch.Tensor]
EXPERTS = {"target_modules": ["q_proj"], "target_parameters": ["experts.gate_up_proj", "experts.down_proj"]}


def int8_rows(exact: torch.Tensor) -> torch.Tensor:
    """bitsandbytes: the largest of each row is 127."""
    largest = exact.abs().amax(1, keepdim=True)
    return (exact * 127 / largest).round() * largest / 127


def float8_blocks(exact: torch.Tensor) -> torch.Tensor:
    """DeepSeek: the largest of each block of 16 × 32 is 448."""
    blocks = exact.view(len(exact) // 16, 16, -1, 32)
    scales = (blocks.abs().amax(dim=(1, 3), keepdim=True) / 448).float().double()
    return ((blocks / scales).to(torch.float8_e4m3fn).double() * scales).reshape(exact.shape)


def mxfp4_groups(exact: torch.Tensor) -> torch.Tensor:
    """MXFP4 along inputs, (experts, inputs, outputs): 2 ** (exponent - 2), the next one from 1.75 times that on."""
    groups = exact.transpose(1, 2).reshape(-1, 32)
    scales = torch.exp2((groups.abs().amax(1, keepdim=True) * 8 / 7).log2().floor() - 2)
    book = torch.tensor([sign * size for size in BOOK for sign in (1, -1)], dtype=torch.float64)
    nearest = (groups / scales).unsqueeze(-1).sub(book).abs().argmin(-1)
    experts, inputs, outputs = exact.shape
    return (book[nearest] * scales).view(experts, outputs, inputs).transpose(1, 2)


def rounded_merge(base: Path, plain: Path, adapter: Path, ours: Path, folder: Path, round_once: Round) -> Path:
    """The 16-bit model whose packed weights are the exact merge, rounded to the format in float64."""
    plainly, written, exact = tensors(plain), tensors(ours), exact_merges(base, adapter)
    stored = {name: written[name] for name in plainly.keys() - exact.keys()}
    for name, values in exact.items():
        stored[name] = round_once(values.reshape(plainly[name].shape)).to(plainly[name].dtype).contiguous()
    write_tensors(folder / "model.safetensors", stored)
    (folder / "config.json").write_bytes((plain / "config.json").read_bytes())
    return folder


def assert_answers_alike(found: torch.Tensor, wanted: torch.Tensor, untouched: torch.Tensor, room: float) -> None:
    """Nearer to ``wanted`` by far than what the adapter makes of the base's answers."""
    assert found.isfinite().all()
    effect, off = float((wanted - untouched).norm()), float((found - wanted).norm())
    assert effect > 0.05 * float(untouched.norm())
    assert off <= room * effect, (off, effect)


def kept(base: Path, adapter: Path, output: Path) -> Path:
    report = keep(base, adapter, output)
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    return output


def test_gpt_oss_in_mxfp4(tmp_path: Path) -> None:
    base = make_gpt_oss(tmp_path / "plain", tmp_path / "base")
    adapter = make_adapter("mixtral", tmp_path / "plain", tmp_path / "adapter", **EXPERTS)
    ours = kept(base, adapter, tmp_path / "ours")
    answers = [
        logits_of(folder, GptOssForCausalLM, quantization_config=Mxfp4Config(dequantize=True))
        for folder in (ours, base)
    ]
    theirs = rounded_merge(base, tmp_path / "plain", adapter, ours, tmp_path / "theirs", mxfp4_groups)
    assert_answers_alike(answers[0], logits_of(theirs, GptOssForCausalLM), answers[1], 0.02)


def test_fine_grained_float8(tmp_path: Path) -> None:
    home = plain_home(tmp_path)
    base = pack_float8(home / "base", tmp_path / "packed")
    ours = kept(base, home / "adapter", tmp_path / "ours")
    told: dict[str, Any] = {"quantization_config": FineGrainedFP8Config(weight_block_size=(16, 32), dequantize=True)}
    answers = [logits_of(folder, **told) for folder in (ours, base)]
    theirs = rounded_merge(base, home / "base", home / "adapter", ours, tmp_path / "theirs", float8_blocks)
    assert_answers_alike(answers[0], logits_of(theirs), answers[1], 0.02)


@pytest.mark.filterwarnings("ignore")
def test_int8_of_bitsandbytes(tmp_path: Path) -> None:
    """It rounds what goes into each layer to eight bits too, which leaves a few percent of difference."""
    plain = make_base("llama", tmp_path / "plain", "float16")
    adapter = make_adapter("llama", plain, tmp_path / "adapter")
    with third_party_noise_off():
        model = AutoModelForCausalLM.from_pretrained(
            plain, quantization_config=BitsAndBytesConfig(load_in_8bit=True), dtype=torch.float16, device_map="cpu"
        )
        model.save_pretrained(tmp_path / "base")
    ours = kept(tmp_path / "base", adapter, tmp_path / "ours")
    answers = [logits_of(folder, device_map="cpu") for folder in (ours, tmp_path / "base")]
    theirs = rounded_merge(tmp_path / "base", plain, adapter, ours, tmp_path / "theirs", int8_rows)
    assert_answers_alike(answers[0], logits_of(theirs), answers[1], 0.15)
