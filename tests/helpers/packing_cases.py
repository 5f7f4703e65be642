"""A tiny Mixtral whose experts are packed, merged with adapters of attention, of experts and of both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from folders import read_json, write_json, write_tensors
from packed_bases import make_gpt_oss
from packed_samples import SAMPLES, header_of, sample
from quantized import merge, merge_by_peft
from tiny_models import make_adapter, make_base, same_bits, tensors
from transformers import AutoModelForCausalLM

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import Code
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import AdapterChoice, VerifyRequest
from mergedesk.pipelines.verify import verify
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.quantization.reference import as_library_rounds, packed_rows

TARGETS: dict[str, dict[str, Any]] = {
    "attention": {"target_modules": ["q_proj", "v_proj"]},
    "experts": {"target_modules": [], "target_parameters": ["experts.gate_up_proj", "experts.down_proj"]},
    "all": {"target_modules": ["q_proj", "v_proj"], "target_parameters": ["experts.gate_up_proj", "experts.down_proj"]},
}
WAYS = ("in place", "dequantised", "kept")
# Why a format is not written again, for formats of which none is.
NOT_KEPT = {
    **dict.fromkeys(("gptq", "awq", "hqq"), "its codes were searched for; rounding anew would undo that"),
    "bitsandbytes_4bit": "its scales are packed once more, many rows together",
    "torchao": "its files hold objects of the torchao release that wrote them",
    "quanto": "transformers does not load such a folder, so no result could be proved",
    "eetq": "it loads on NVIDIA GPUs only, so no result could be proved elsewhere",
}
SIZES = {"hidden_size": 192, "intermediate_size": 192, "num_key_value_heads": 4, "head_dim": 48}
SMALL = {"num_local_experts": 2, "num_hidden_layers": 1}


@dataclass(frozen=True)
class PackedHome:
    """A base of one packing format, the plain weights that it stands for, and an adapter for each target."""

    folder: Path
    kind: str
    packing: str

    def adapter(self, target: str) -> Path:
        """The adapter for a target, made when it is first asked for."""
        folder = self.folder / target
        if not folder.exists():
            make_adapter(self.kind, self.folder / "plain", folder, **TARGETS[target])
        return folder


def make_home(name: str, folder: Path) -> PackedHome:
    """Experts packed by hand; what they stand for by the format's description, in float64 and rounded."""
    torch.manual_seed(0)
    if name == "mxfp4":
        make_gpt_oss(folder / "base", folder / "packed")
    else:
        make_base("mixtral", folder / "base", "bfloat16", **SIZES, **SMALL)
        _pack_experts(name, folder / "base", folder / "packed")
    seen = unpacked(read_checkpoint(folder / "packed"))
    plain = tensors(folder / "base")
    for packed in packed_in(seen):
        plain[packed.name] = (
            as_library_rounds(packed, packed_rows(packed)(0, packed.rows)).reshape(packed.shape).contiguous()
        )
    write_tensors(folder / "plain" / "model.safetensors", plain)
    write_json(folder / "plain" / "config.json", read_json(folder / "base" / "config.json"))
    return PackedHome(folder, "mixtral", name)


def _pack_experts(name: str, base: Path, folder: Path) -> None:
    stored, config = dict[str, torch.Tensor](), dict[str, Any]()
    for weight, tensor in tensors(base).items():
        if ".experts." in weight:
            parts, config = sample(name, weight.removesuffix(".weight"), *tensor.shape)
            stored |= {part: value.clone() for part, value in parts.items()}
        else:
            stored[weight] = tensor
    write_tensors(folder / "model.safetensors", stored, header_of(stored))
    write_json(folder / "config.json", {**read_json(base / "config.json"), "quantization_config": config})


def outcome(home: PackedHome, target: str, way: str, output: Path) -> str:
    """What came of one merge, in the page's words."""
    if way == "kept":
        return _kept(home, target, output)
    report = merge(home.folder / "packed", home.adapter(target), output, dequantize=way == "dequantised")
    if report.status is MergeStatus.REFUSED and any(found.code is Code.QUANTIZED_BASE for found in report.findings):
        return "no: they are packed"
    assert report.status is MergeStatus.MERGED, (report.findings, report.checks)
    return _compared(home, target, way, output, report)


def _compared(home: PackedHome, target: str, way: str, output: Path, report: MergeReport) -> str:
    theirs, ours = _by_peft(home, target, output.with_name("peft")), tensors(output)
    if way == "in place":
        assert any(found.code is Code.PACKED_KEPT for found in report.findings)
        stored = tensors(home.folder / "packed")
        theirs = {name: theirs[name] if "self_attn" in name else tensor for name, tensor in stored.items()}
    assert ours.keys() == theirs.keys()
    different = [name for name in ours if not same_bits(ours[name], theirs[name])]
    assert different == []
    return "same bytes"


def _kept(home: PackedHome, target: str, output: Path) -> str:
    """Every code is the nearest to base plus adapter, in float64; all else is the base's."""
    base, adapter = home.folder / "packed", home.adapter(target)
    report = merge(base, adapter, output, dequantize=False, keep_quantization=True, accept_loss=True)
    if any(found.code is Code.PACKING_NOT_KEPT for found in report.findings):
        assert report.status is MergeStatus.REFUSED
        return f"no: {NOT_KEPT[home.packing]}"
    assert report.status is MergeStatus.MERGED, (report.findings, report.checks)
    if any(found.code is Code.PACKED_KEPT for found in report.findings):
        return _compared(home, target, "in place", output, report)
    assert _header(output) == _header(base)
    assert (output / "config.json").read_bytes() == (base / "config.json").read_bytes()
    verdict = verify(VerifyRequest(base, (AdapterChoice(adapter),), output))
    assert verdict.reason is not None
    assert verdict.reason.code is Code.MERGE_PROVED, verdict
    return "nearest codes"


def _header(folder: Path) -> bytes:
    content = (folder / "model.safetensors").read_bytes()
    return content[: 8 + int.from_bytes(content[:8], "little")]


def _by_peft(home: PackedHome, target: str, folder: Path) -> dict[str, torch.Tensor]:
    model = AutoModelForCausalLM.from_pretrained(home.folder / "plain", dtype="auto")
    merge_by_peft(model, home.adapter(target)).save_pretrained(folder)
    return tensors(folder)


@cache
def formats() -> tuple[str, ...]:
    """Every registered format, each of which has a sample."""
    return tuple(SAMPLES)
