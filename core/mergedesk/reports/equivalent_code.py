"""The same merge as a PEFT script, for people who want to read or repeat it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..checkpoints.adapter import read_adapter, read_adapter_config
from ..domain.errors import UserError
from ..domain.folder_info import FolderInfo
from ..domain.requests import AdapterChoice, Combination, MergeRequest, Precision
from ..inspection.inspect_folder import inspect_folder
from ..quantization.detect import original_name, script_lines
from ..quantization.packing_format import ScriptLines

_PEFT_MODEL = "PeftModelFor"
_NO_HEAD = "FeatureExtraction"

_WHOLE_VOCABULARY = re.compile(
    r"(embed_tokens|lm_head|wte|word_embeddings|embed_in|embed_out|shared)(\.base_layer)?\.weight$"
)


def peft_script(request: MergeRequest) -> str:
    """A runnable script that merges the request's adapters, each with its weight, with PEFT."""
    found = [inspect_folder(one.folder) for one in request.adapters]
    adapters = [
        replace(one, folder=look.adapter_folder or one.folder)
        for one, look in zip(request.adapters, found, strict=True)
    ]
    auto_class = _auto_class(found[0], request.base)
    packing = (inspect_folder(request.base).quantization if request.dequantize else None) or ""
    plain = script_lines(packing, str(request.base)) if packing else ScriptLines(after=())
    lines = [
        *_imports(request),
        f"from transformers import {', '.join([*(plain.imports if plain else ()), 'AutoTokenizer', auto_class])}",
        "",
        *_base(request, packing, plain, auto_class),
        *(_resized(adapters[0].folder) if request.resize_vocabulary else ()),
        *(_one_adapter(adapters[0]) if len(adapters) == 1 else _several_adapters(adapters, request.combination)),
        "merged = model.merge_and_unload()  # RETURNS the merged model; `model` stays a PeftModel",
        f"merged.save_pretrained({str(request.output)!r})",
        f"AutoTokenizer.from_pretrained({str(request.base)!r}).save_pretrained({str(request.output)!r})",
    ]
    return "\n".join(lines) + "\n"


def _imports(request: MergeRequest) -> list[str]:
    several = len(request.adapters) > 1
    needs_torch = request.precision is not Precision.AUTO or (several and request.combination.draws)
    needs_layers = not several and request.adapters[0].weight != 1
    return [
        *(["import torch"] if needs_torch else []),
        "from peft import PeftModel",
        *(["from peft.tuners.tuners_utils import BaseTunerLayer"] if needs_layers else []),
    ]


def _base(request: MergeRequest, packing: str, plain: ScriptLines | None, auto_class: str) -> list[str]:
    """The base, loaded; ``plain`` makes the weights of a quantised one (``packing``) plain, None if nothing can."""
    folder = str(request.base)
    dtype = '"auto"' if request.precision is Precision.AUTO else f"torch.{request.precision.value}"
    if plain is None:
        folder = original_name(request.base.name) or "the 16-bit original"
        plain = ScriptLines(before=(_original_instead(packing),), after=())
    return [
        *plain.before,
        f"base = {auto_class}.from_pretrained({folder!r}, {plain.argument}dtype={dtype})",
        *plain.after,
    ]


def _original_instead(packing: str) -> str:
    return f"# transformers cannot dequantise {packing}; this takes the 16-bit original"


def _resized(adapter: Path) -> list[str]:
    """With as many rows as the embeddings, or the head, have that the adapter brings whole."""
    try:
        tensors = read_adapter(adapter).tensors
    except UserError:
        return []
    rows = [record.shape[0] for name, record in tensors.items() if _WHOLE_VOCABULARY.search(name)]
    return [f"base.resize_token_embeddings({max(rows)})"] if rows else []


def _one_adapter(adapter: AdapterChoice) -> list[str]:
    lines = [f"model = PeftModel.from_pretrained(base, {str(adapter.folder)!r})"]
    if adapter.weight == 1:
        return lines
    return [
        *lines,
        "for layer in model.modules():",
        "    if isinstance(layer, BaseTunerLayer):",
        "        for name in layer.scaling:  # scale_layer would leave embeddings out",
        f"            layer.scaling[name] *= {adapter.weight!r}",
    ]


def _several_adapters(adapters: Sequence[AdapterChoice], how: Combination) -> list[str]:
    names = [f"adapter_{number}" for number in range(1, len(adapters) + 1)]
    first, *others = zip(names, adapters, strict=True)
    return [
        f"model = PeftModel.from_pretrained(base, {str(first[1].folder)!r}, adapter_name={first[0]!r})",
        *(f"model.load_adapter({str(one.folder)!r}, adapter_name={name!r})" for name, one in others),
        *_without_rslora(adapters[0], names[0]),
        *_seeded(how),
        "model.add_weighted_adapter(",
        f'    {names!r}, {[one.weight for one in adapters]!r}, "combined", {_way(how)}',
        ")",
        'model.set_adapter("combined")',
    ]


def _seeded(how: Combination) -> list[str]:
    return [
        f"torch.manual_seed({how.seed})  # PEFT draws for the whole model at once, MergeDesk for each tensor"
    ] * how.draws


def _way(how: Combination) -> str:
    """The arguments of ``add_weighted_adapter`` that say how."""
    arguments = {"combination_type": how.method.value}
    if how.elects:
        arguments["majority_sign_method"] = how.majority_sign.value
    listed = [f'{name}="{value}"' for name, value in arguments.items()]
    return ", ".join([*listed, f"density={how.density!r}"] if how.prunes else listed)


def _without_rslora(first: AdapterChoice, name: str) -> list[str]:
    """The combination takes over the first adapter's config, and with rank stabilisation it would be scaled twice."""
    try:
        stabilised = read_adapter_config(first.folder).get("use_rslora")
    except UserError:
        stabilised = False
    return [f"model.peft_config[{name!r}].use_rslora = False  # each scaling is known by now"] if stabilised else []


def _auto_class(adapter: FolderInfo, base: Path) -> str:
    """By the adapter's task; where it records none, the base's own class, since AutoModel would leave its head out."""
    _, by_task, task = (adapter.class_name or "").partition(_PEFT_MODEL)
    if by_task:
        return "AutoModel" if task == _NO_HEAD else f"AutoModelFor{task}"
    own = inspect_folder(base).class_name
    return own if own and own.isidentifier() else "AutoModel"
