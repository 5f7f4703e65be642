"""Each tool: the steps that take the folder to it, and what is looked at for it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ..domain.dtypes import BY_TORCH_NAME
from ..domain.folder_names import short_name
from ..domain.model_tasks import Task, auto_class
from ..runtime.templates import render
from . import remarks as look_for
from .architectures import takes
from .codes import Language, Remark, StepCode, Tool, ToolUsage, UsageCode, UsageStep, remark
from .folder_facts import Facts
from .modelfile import TEMPLATES, modelfile_remarks
from .packings import packing_remarks
from .shell_quoting import Shell, quoted

_OUTTYPES = ("float32", "float16", "bfloat16")
_UNPLAIN = re.compile(r"[^a-z0-9._]+")
_MOST_NAME = 60
_GENERATING = (Task.CAUSAL, Task.IMAGE_TEXT)
_POOLS = (Task.CLASSIFY, Task.EMBED, Task.TOKENS)


@dataclass(frozen=True, slots=True)
class _Route:
    """The way to a tool: the tasks it takes, its steps, and what is looked at for it before what all have."""

    tasks: Collection[Task]
    steps: Callable[[Facts, Shell], list[UsageStep]]
    looks: Sequence[Callable[[Facts, Tool], Iterable[Remark]]]


def usage_with(tool: Tool, facts: Facts, shell: Shell) -> ToolUsage:
    """The tool's steps, its own remarks, and then those that hold for all."""
    route = TOOLS[tool]
    if facts.task not in route.tasks:
        return ToolUsage(tool, (), (remark(UsageCode.TASK_NOT_OFFERED, name=facts.architecture or None),))
    remarks = chain.from_iterable(look(facts, tool) for look in (*route.looks, *_COMMON))
    return ToolUsage(tool, tuple(route.steps(facts, shell)), tuple(remarks))


def _transformers(facts: Facts, shell: Shell) -> list[UsageStep]:
    load = UsageStep(StepCode.LOAD, Language.PYTHON, _transformers_script(facts))
    serve = command(StepCode.SERVE, f"text-embeddings-router --model-id {quoted(facts.folder, shell)}")
    return [load, serve] if facts.has_parts else [load]


def _vllm(facts: Facts, shell: Shell) -> list[UsageStep]:
    pooled = " --runner pooling" if facts.task in _POOLS else ""
    serve = command(StepCode.SERVE, f"vllm serve {quoted(facts.folder, shell)}{pooled}")
    ask = UsageStep(StepCode.ASK, Language.PYTHON, server_script(str(facts.folder), is_chat=facts.is_chat))
    return [serve, ask] if facts.generates else [serve]


def _ollama(facts: Facts, shell: Shell) -> list[UsageStep]:
    name, file = quoted(plain_name(facts.folder), shell), quoted(facts.folder / "Modelfile", shell)
    write = f"mergedesk modelfile {quoted(facts.folder, shell)} --output {file} --overwrite"
    create = command(StepCode.CREATE, f"ollama create {name} -f {file}")
    smaller = command(StepCode.QUANTIZE, f"ollama create {name} --quantize q4_K_M -f {file}")
    run = command(StepCode.RUN, f"ollama run {name}")
    first = command(StepCode.MODELFILE, write)
    if takes(Tool.OLLAMA, facts.architecture):
        return [first, create, smaller, run]
    return [_GET_CONVERTER, _convert(facts, shell), first, create, run]


def _lm_studio(facts: Facts, shell: Shell) -> list[UsageStep]:
    """LM Studio runs GGUF everywhere, and MLX on a Mac."""
    steps = [
        _GET_CONVERTER,
        _convert(facts, shell),
        command(StepCode.IMPORT, f"lms import {quoted(facts.gguf(), shell)}"),
    ]
    if sys.platform == "darwin":
        folder, made = (
            quoted(facts.folder, shell),
            quoted(facts.folder.with_name(f"{short_name(facts.folder)}-mlx"), shell),
        )
        convert = f"python -m mlx_lm convert --hf-path {folder} --mlx-path {made} -q"
        steps.append(command(StepCode.CONVERT_MLX, convert))
    return steps


def _llama_cpp(facts: Facts, shell: Shell) -> list[UsageStep]:
    kind = BY_TORCH_NAME[facts.dtype].name.lower() if facts.dtype in _OUTTYPES else "f16"
    whole, small = quoted(facts.gguf(kind), shell), quoted(facts.gguf("q4_k_m"), shell)
    projector = [_convert(facts, shell, "f16", "mmproj-")] if facts.task is Task.IMAGE_TEXT else []
    return [
        _GET_CONVERTER,
        _convert(facts, shell, kind),
        *projector,
        command(StepCode.QUANTIZE, f"llama-quantize {whole} {small} q4_k_m"),
        command(StepCode.RUN, _llama_run(facts, whole)),
    ]


def _llama_run(facts: Facts, file: str) -> str:
    """llama-cli always converses, so what is no chat model is asked to go on with a text."""
    if facts.task is Task.EMBED:
        return f'llama-embedding -m {file} -p "What is a merged adapter?"'
    return f"llama-cli -m {file}" if facts.is_chat else f'llama-completion -m {file} -p "A merged adapter is" -n 100'


def _convert(facts: Facts, shell: Shell, kind: str = "q8_0", part: str = "") -> UsageStep:
    folder, file = quoted(facts.folder, shell), quoted(facts.gguf(part + kind), shell)
    option = " --mmproj" if part else ""
    return command(
        StepCode.CONVERT, f"python llama.cpp/convert_hf_to_gguf.py {folder}{option} --outtype {kind} --outfile {file}"
    )


def command(code: StepCode, text: str) -> UsageStep:
    """A step that the shell runs."""
    return UsageStep(code, Language.SHELL, text)


_GET_CONVERTER = command(
    StepCode.GET_CONVERTER,
    "git clone --depth 1 https://github.com/ggml-org/llama.cpp\n"
    "pip install -r llama.cpp/requirements/requirements-convert_hf_to_gguf.txt",
)
_COMMON = (
    look_for.tokenizer_class_remarks,
    look_for.rope_remarks,
    packing_remarks,
    look_for.weight_remarks,
    look_for.head_remarks,
    look_for.vocabulary_remarks,
    look_for.template_remarks,
    look_for.end_remarks,
    look_for.generation_remarks,
)
_TAKEN = (look_for.architecture_remarks, look_for.code_remarks, look_for.tokenizer_remarks)
_CONVERTED = (*_TAKEN, look_for.converter_remarks, look_for.processor_remarks)
TOOLS: Mapping[Tool, _Route] = {
    Tool.TRANSFORMERS: _Route(
        tuple(Task),
        _transformers,
        (look_for.code_remarks, look_for.tokenizer_remarks, look_for.processor_remarks, look_for.size_remarks),
    ),
    Tool.VLLM: _Route((*_GENERATING, *_POOLS), _vllm, (*_TAKEN, look_for.processor_remarks, look_for.size_remarks)),
    Tool.OLLAMA: _Route(
        (*_GENERATING, Task.EMBED),
        _ollama,
        (*_TAKEN, look_for.sentencepiece_remarks, modelfile_remarks, look_for.size_remarks),
    ),
    Tool.LM_STUDIO: _Route(
        (*_GENERATING, Task.EMBED), _lm_studio, (lambda *_: [remark(UsageCode.NEEDS_GGUF)], *_CONVERTED)
    ),
    Tool.LLAMA_CPP: _Route((*_GENERATING, Task.SEQ2SEQ, Task.EMBED), _llama_cpp, (*_CONVERTED, look_for.size_remarks)),
}


def plain_name(folder: Path) -> str:
    """A name for a model that every tool takes: its folder's, in small letters, digits and dashes."""
    name = _UNPLAIN.sub("-", short_name(folder).lower()).strip("-._")
    return name[:_MOST_NAME].rstrip("-._") or "merged"


def _transformers_script(facts: Facts) -> str:
    """Loads the model with transformers; where there is nothing to put text into tokens with, it is not asked."""
    if facts.has_parts:
        return render(TEMPLATES / "embed.py.jinja", folder=repr(str(facts.folder)))
    pictures = facts.task is Task.IMAGE_TEXT
    helper = "AutoProcessor" if pictures else "AutoTokenizer" if facts.tokenizer.files else ""
    name = auto_class(facts.task, facts.architecture)
    return load_script(Loading(str(facts.folder), name, helper, facts.task, facts.is_chat, _dtype(facts)))


@dataclass(frozen=True, slots=True)
class Loading:
    """What a script loads, by which of transformers' classes; with ``adapter``, a folder, PEFT lays that over it.

    ``helper`` puts text into tokens, and comes from ``helper_folder`` where that is another; empty where there is none.
    """

    folder: str
    auto_class: str
    helper: str
    task: Task
    is_chat: bool = False
    dtype: str = "auto"
    adapter: str = ""
    helper_folder: str = "folder"


def load_script(loading: Loading) -> str:
    """A script that loads it, and asks it something."""
    return render(
        TEMPLATES / "load.py.jinja",
        imports=sorted(filter(None, (loading.auto_class, loading.helper))),
        folder=repr(loading.folder),
        adapter=repr(loading.adapter) if loading.adapter else "",
        helper=loading.helper,
        helper_folder=loading.helper_folder,
        auto_class=loading.auto_class,
        dtype=loading.dtype,
        task=loading.task,
        asked=loading.task if loading.helper else "",
        is_chat=loading.is_chat,
    )


def server_script(model: str, *, is_chat: bool) -> str:
    """Asks a model of a server that speaks OpenAI's language."""
    return render(TEMPLATES / "ask_server.py.jinja", folder=repr(model), is_chat=is_chat)


def _dtype(facts: Facts) -> str:
    """As config.json states it, or as the weights are where that would change them."""
    stated = facts.checkpoint.stated_dtype
    floating = facts.dtype in ("float32", "float16", "bfloat16")
    return facts.dtype if stated and floating and stated != facts.dtype else "auto"
