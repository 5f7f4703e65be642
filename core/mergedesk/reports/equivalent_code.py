"""The same merge as a PEFT script, for people who want to read or repeat it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..domain.folder_info import FolderInfo
from ..domain.folder_names import own_name, short_name
from ..domain.requests import AdapterChoice, MergeRequest, Precision
from ..inspection.inspect_folder import FolderContents, inspect_folder, read_folder
from ..quantization.detect import original_name, script_lines
from ..quantization.packing_format import ScriptLines
from ..runtime.templates import render

_SCRIPT = Path(__file__).parent / "templates" / "merge.py.jinja"
_PEFT_MODEL = "PeftModelFor"
_NO_HEAD = "FeatureExtraction"

_WHOLE_VOCABULARY = re.compile(
    r"(embed_tokens|lm_head|wte|word_embeddings|embed_in|embed_out|shared)(\.base_layer)?\.weight$"
)


def peft_script(request: MergeRequest) -> str:
    """A runnable script that merges the request's adapters, each with its weight, with PEFT."""
    looks = [read_folder(adapter.folder, request.follow_links) for adapter in request.adapters]
    adapters = [_for_peft(adapter, look) for adapter, look in zip(request.adapters, looks, strict=True)]
    first = looks[0].adapter
    base, plain = _base(request)
    return render(
        _SCRIPT,
        auto_class=_auto_class(looks[0].folder_info, request.base),
        base=base,
        plain=plain,
        precision='"auto"' if request.precision is Precision.AUTO else f"torch.{request.precision}",
        rows=_rows(first) if first and request.resize_vocabulary else None,
        conversions=list(_conversions(request, looks)),
        adapters=adapters,
        first=adapters[0],
        several=len(adapters) > 1,
        names=[f"adapter_{number}" for number in range(1, len(adapters) + 1)],
        weights=[adapter.weight for adapter in adapters],
        stabilised=bool(first and first.config.get("use_rslora")),
        combination=request.combination,
        rounding=request.rounding,
        tokenizer=str(request.base),
        output=str(request.output),
    )


def _base(request: MergeRequest) -> tuple[str, ScriptLines]:
    """What is loaded as base, and what makes the weights of a quantised one plain."""
    packing = inspect_folder(request.base).quantization if request.dequantize else None
    plain = script_lines(packing, str(request.base)) if packing else ScriptLines(after=())
    if plain is not None:
        return str(request.base), plain
    instead = f"# transformers cannot dequantise {packing}; this takes the 16-bit original"
    return original_name(own_name(request.base)) or "the 16-bit original", ScriptLines(before=(instead,), after=())


def _for_peft(choice: AdapterChoice, look: FolderContents) -> AdapterChoice:
    """The adapter as PEFT can load it: in its subfolder, or as it was converted."""
    if look.adapter and look.adapter.origin:
        return replace(choice, folder=_converted(choice.folder))
    return replace(choice, folder=look.folder_info.adapter_folder or choice.folder)


def _converted(folder: Path) -> Path:
    return folder.with_name(f"{short_name(folder)}-peft")


def _conversions(request: MergeRequest, looks: Sequence[FolderContents]) -> Iterator[str]:
    """The commands that make another tool's adapters ones that PEFT loads."""
    for choice, look in zip(request.adapters, looks, strict=True):
        if look.adapter and look.adapter.origin:
            paths = choice.folder, "--output", _converted(choice.folder), "--base", request.base
            yield " ".join(["mergedesk", "convert-adapter", *(shlex.quote(str(path)) for path in paths)])


def _rows(adapter: Adapter) -> int | None:
    """How many the embeddings, or the head, have that the adapter brings whole."""
    whole = (record for name, record in adapter.tensors.items() if _WHOLE_VOCABULARY.search(name))
    return max((record.shape[0] for record in whole), default=None)


def _auto_class(adapter: FolderInfo, base: Path) -> str:
    """By the adapter's task; where it records none, the base's own class, since AutoModel would leave its head out."""
    _, by_task, task = (adapter.class_name or "").partition(_PEFT_MODEL)
    if by_task:
        return "AutoModel" if task == _NO_HEAD else f"AutoModelFor{task}"
    own = inspect_folder(base).class_name
    return own if own and own.isidentifier() else "AutoModel"
