"""Each tool: the steps that take the folder to it, and what was looked at for it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

from ..domain.dtypes import BY_TORCH_NAME
from ..domain.model_tasks import Task
from . import remarks as look_for
from .architectures import takes
from .codes import Language, Remark, StepCode, Tool, ToolUsage, UsageCode, UsageStep, remark
from .folder_facts import Facts
from .modelfile import modelfile_remarks
from .scripts import server_script, transformers_script
from .shell_quoting import Shell, quoted
from .tokenizer_facts import SENTENCEPIECE

_POOLS = (Task.CLASSIFY, Task.EMBED, Task.TOKENS)
_CONVERTED = (Task.CAUSAL, Task.SEQ2SEQ, Task.IMAGE_TEXT, Task.EMBED)
_OUTTYPES = ("float32", "float16", "bfloat16")
_UNPLAIN = re.compile(r"[^a-z0-9._]+")
_MOST_NAME = 60


def transformers_usage(facts: Facts, _shell: Shell) -> ToolUsage:
    """Load it in Python."""
    step = UsageStep(StepCode.LOAD, Language.PYTHON, transformers_script(facts))
    return _usage(Tool.TRANSFORMERS, [step], facts, (
        look_for.code_remarks(facts, Tool.TRANSFORMERS),
        look_for.tokenizer_remarks(facts),
        look_for.processor_remarks(facts, Tool.TRANSFORMERS),
        look_for.size_remarks(facts, Tool.TRANSFORMERS),
    ))  # fmt: skip


def vllm_usage(facts: Facts, shell: Shell) -> ToolUsage:
    """Serve it."""
    tool = Tool.VLLM
    if facts.task not in (Task.CAUSAL, Task.IMAGE_TEXT, *_POOLS):
        return _cannot(tool, facts)
    folder = quoted(facts.folder, shell)
    pooled = " --runner pooling" if facts.task in _POOLS else ""
    steps = [UsageStep(StepCode.SERVE, Language.SHELL, f"vllm serve {folder}{pooled}")]
    if facts.generates:
        steps.append(UsageStep(StepCode.ASK, Language.PYTHON, server_script(facts)))
    return _usage(tool, steps, facts, (
        look_for.architecture_remarks(facts, tool),
        look_for.code_remarks(facts, tool),
        look_for.tokenizer_remarks(facts),
        look_for.processor_remarks(facts, tool),
        look_for.size_remarks(facts, tool),
    ))  # fmt: skip


def ollama_usage(facts: Facts, shell: Shell) -> ToolUsage:
    """Import it with a Modelfile."""
    tool, name = Tool.OLLAMA, quoted(plain_name(facts), shell)
    if facts.task not in (Task.CAUSAL, Task.IMAGE_TEXT, Task.EMBED):
        return _cannot(tool, facts)
    file = quoted(facts.folder / "Modelfile", shell)
    create = UsageStep(StepCode.CREATE, Language.SHELL, f"ollama create {name} -f {file}")
    smaller = UsageStep(StepCode.QUANTIZE, Language.SHELL, f"ollama create {name} --quantize q4_K_M -f {file}")
    run = UsageStep(StepCode.RUN, Language.SHELL, f"ollama run {name}")
    imported = takes(tool, facts.architecture)
    steps = [create, smaller, run] if imported else [_convert(facts, shell, "q8_0"), create, run]
    return _usage(tool, steps, facts, (
        look_for.architecture_remarks(facts, tool),
        look_for.code_remarks(facts, tool),
        look_for.tokenizer_remarks(facts, ("tokenizer.json", SENTENCEPIECE)),
        modelfile_remarks(facts),
        look_for.size_remarks(facts, tool),
    ))  # fmt: skip


def lm_studio_usage(facts: Facts, shell: Shell) -> ToolUsage:
    """Convert it first: LM Studio runs GGUF everywhere, and MLX on a Mac."""
    tool = Tool.LM_STUDIO
    if facts.task not in (Task.CAUSAL, Task.IMAGE_TEXT, Task.EMBED):
        return _cannot(tool, facts)
    steps = [
        _convert(facts, shell, "q8_0"),
        UsageStep(StepCode.IMPORT, Language.SHELL, f"lms import {quoted(facts.gguf(), shell)}"),
    ]
    if sys.platform == "darwin":
        made = quoted(facts.folder.with_name(f"{facts.folder.name}-mlx"), shell)
        command = f"python -m mlx_lm convert --hf-path {quoted(facts.folder, shell)} --mlx-path {made} -q"
        steps.append(UsageStep(StepCode.CONVERT_MLX, Language.SHELL, command))
    return _usage(tool, steps, facts, ([remark(UsageCode.NEEDS_GGUF)], _conversion_remarks(facts, tool)))


def llama_cpp_usage(facts: Facts, shell: Shell) -> ToolUsage:
    """Convert it, and quantise what came out."""
    tool = Tool.LLAMA_CPP
    if facts.task not in _CONVERTED:
        return _cannot(tool, facts)
    kind = BY_TORCH_NAME[facts.dtype].name.lower() if facts.dtype in _OUTTYPES else "f16"
    whole, small = quoted(facts.gguf(kind), shell), quoted(facts.gguf("q4_k_m"), shell)
    steps = [
        _convert(facts, shell, kind),
        UsageStep(StepCode.QUANTIZE, Language.SHELL, f"llama-quantize {whole} {small} q4_k_m"),
        UsageStep(StepCode.RUN, Language.SHELL, f"llama-cli -m {whole}" + (" -cnv" if facts.is_chat else "")),
    ]
    if facts.task is Task.IMAGE_TEXT:
        steps.insert(1, _convert_projector(facts, shell))
    return _usage(tool, steps, facts, (_conversion_remarks(facts, tool), look_for.size_remarks(facts, tool)))


TOOLS = {
    Tool.TRANSFORMERS: transformers_usage,
    Tool.VLLM: vllm_usage,
    Tool.OLLAMA: ollama_usage,
    Tool.LM_STUDIO: lm_studio_usage,
    Tool.LLAMA_CPP: llama_cpp_usage,
}


def plain_name(facts: Facts) -> str:
    """A name for the model that every tool takes: the folder's, in small letters, digits and dashes."""
    name = _UNPLAIN.sub("-", facts.folder.name.lower()).strip("-._")
    return name[:_MOST_NAME].rstrip("-._") or "merged"


def _usage(tool: Tool, steps: list[UsageStep], facts: Facts, own: Iterable[Iterable[Remark]]) -> ToolUsage:
    """The tool's own remarks, then those that hold for all."""
    found = [one for group in own for one in group]
    common = (
        look_for.weight_remarks(facts),
        look_for.head_remarks(facts),
        look_for.vocabulary_remarks(facts),
        look_for.template_remarks(facts),
        look_for.end_remarks(facts, tool),
        look_for.generation_remarks(facts, tool),
    )
    return ToolUsage(tool, tuple(steps), (*found, *(one for group in common for one in group)))


def _cannot(tool: Tool, facts: Facts) -> ToolUsage:
    return ToolUsage(tool, (), (remark(UsageCode.TASK_NOT_OFFERED, name=facts.architecture or None),))


def _conversion_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    yield from look_for.architecture_remarks(facts, Tool.LLAMA_CPP)
    yield from look_for.code_remarks(facts, tool)
    yield from look_for.tokenizer_remarks(facts)
    yield from look_for.converter_remarks(facts)
    yield from look_for.processor_remarks(facts, tool)


def _convert(facts: Facts, shell: Shell, kind: str) -> UsageStep:
    folder, file = quoted(facts.folder, shell), quoted(facts.gguf(kind), shell)
    command = f"python convert_hf_to_gguf.py {folder} --outtype {kind} --outfile {file}"
    return UsageStep(StepCode.CONVERT, Language.SHELL, command)


def _convert_projector(facts: Facts, shell: Shell) -> UsageStep:
    folder, file = quoted(facts.folder, shell), quoted(facts.gguf("mmproj-f16"), shell)
    return UsageStep(
        StepCode.CONVERT,
        Language.SHELL,
        f"python convert_hf_to_gguf.py {folder} --mmproj --outtype f16 --outfile {file}",
    )
