"""How tools take an adapter as it is, beside its base: for who serves several of one base, or has yet to decide.

What the servers take is told by their own sources: vLLM's ``config/lora.py`` and ``lora/peft_helper.py``, SGLang's
``lora/lora_config.py`` and its page on LoRA, llama.cpp's ``convert_lora_to_gguf.py``, Ollama's page on imports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from ..checkpoints.adapter import Adapter
from ..domain.findings import Code, error
from ..domain.folder_names import short_name
from ..domain.model_tasks import AUTO_CLASSES, Task
from ..inspection.find_local import find_base
from ..inspection.inspect_folder import FolderContents, read_folder
from ..planning.gguf_lora_checks import beyond_plain_lora
from .codes import Language, Remark, StepCode, Tool, ToolUsage, UsageCode, UsageStep, remark
from .folder_facts import Facts, read_facts
from .shell_quoting import Shell, quoted, this_shell
from .tokenizer_facts import read_tokenizer
from .tools import Loading, command, load_script, plain_name, server_script
from .usage import Usage, usage_of

_TASKS: Mapping[str | None, Task] = {
    "CAUSAL_LM": Task.CAUSAL,
    "SEQ_2_SEQ_LM": Task.SEQ2SEQ,
    "SEQ_CLS": Task.CLASSIFY,
    "TOKEN_CLS": Task.TOKENS,
    "QUESTION_ANS": Task.QUESTIONS,
    "FEATURE_EXTRACTION": Task.EMBED,
}
# What vLLM's --max-lora-rank may be; the second holds where it is not given.
_RANKS, _USUAL_RANK = (8, 16, 32, 64, 128, 256, 320, 512), 16
_REFUSED_BY_VLLM = ("use_dora", "modules_to_save", "trainable_token_indices", "target_parameters")
_PLAIN_LORA = "LORA"


@dataclass(frozen=True, slots=True)
class Unmerged:
    """An adapter and its base: ``facts`` where that is a model on this computer, else ``base`` is a name on a hub."""

    adapter: Adapter
    base: str
    facts: Facts | None

    @property
    def task(self) -> Task:
        """What both together are for."""
        stated = _TASKS.get(self.adapter.task_type)
        return stated or (self.facts.task if self.facts else Task.CAUSAL)

    @property
    def is_chat(self) -> bool:
        """Whether the base is known to have a chat template."""
        return self.facts is not None and self.facts.is_chat

    @property
    def name(self) -> str:
        """What servers shall call it."""
        return plain_name(self.adapter.folder)

    @property
    def rank(self) -> int:
        """The highest of its layers; 0 where none is stated."""
        pattern = self.adapter.config.get("rank_pattern")
        stated = [self.adapter.config.get("r"), *(pattern.values() if isinstance(pattern, Mapping) else ())]
        return max((rank for rank in stated if isinstance(rank, int)), default=0)

    @property
    def base_gguf(self) -> Path:
        """The base's file, beside the adapter's folder."""
        return self.adapter.folder.absolute().with_name(f"{PureWindowsPath(self.base).name}-q8_0.gguf")

    @property
    def gguf(self) -> Path:
        """The adapter's file, beside its folder."""
        folder = self.adapter.folder.absolute()
        return folder.with_name(f"{short_name(folder)}-lora.gguf")


def any_usage_of(
    folder: Path, base: Path | None = None, shell: Shell | None = None, *, follow_links: bool = False
) -> Usage:
    """``usage_of`` a model's folder; of an adapter's, how it is used unmerged."""
    contents = read_folder(folder, follow_links)
    if contents.adapter is None or contents.checkpoint is not None:
        return usage_of(folder, shell, follow_links=follow_links)
    return _usage(contents, contents.adapter, base, shell or this_shell())


def unmerged_usage_of(folder: Path, base: Path, shell: Shell | None = None) -> Usage:
    """How to use an adapter beside ``base`` without merging; findings in the place of tools where it is none."""
    contents = read_folder(folder)
    if contents.adapter is None:
        return Usage(folder.absolute(), shell or this_shell(), findings=contents.folder_info.findings)
    return _usage(contents, contents.adapter, base, shell or this_shell())


def _usage(contents: FolderContents, adapter: Adapter, base: Path | None, shell: Shell) -> Usage:
    local = base or find_base(contents.folder_info)
    named = str(local.absolute()) if local else adapter.base_model_name_or_path
    made = Usage(adapter.folder.absolute(), shell, class_name=contents.folder_info.class_name)
    if not named:
        return Usage(made.folder, shell, findings=(error(Code.UNMERGED_NEEDS_BASE),))
    unmerged = Unmerged(adapter, named, read_facts(read_folder(local)) if local else None)
    return Usage(
        made.folder,
        shell,
        class_name=made.class_name,
        task=unmerged.task.value,
        dtype=contents.folder_info.dtype,
        is_chat=unmerged.is_chat,
        tools=tuple(_with(tool, unmerged, shell) for tool in Tool),
    )


def _with(tool: Tool, unmerged: Unmerged, shell: Shell) -> ToolUsage:
    """Where a tool refuses the adapter there are no steps: merging it is the way."""
    limits = tuple(_limits(tool, unmerged))
    if any(limit.code.outcome.value == "fail" for limit in limits):
        return ToolUsage(tool, (), limits)
    return ToolUsage(tool, tuple(_STEPS[tool](unmerged, shell)), (*limits, remark(UsageCode.UNMERGED_COSTS)))


def _limits(tool: Tool, unmerged: Unmerged) -> Iterator[Remark]:
    if tool is Tool.LM_STUDIO:
        yield remark(UsageCode.UNMERGED_NOT_OFFERED)
    elif tool is Tool.VLLM:
        yield from _limits_of_vllm(unmerged.adapter, unmerged.rank)
    elif tool is not Tool.TRANSFORMERS and (method := beyond_plain_lora(unmerged.adapter)):
        yield remark(UsageCode.UNMERGED_METHOD, method=method)
    if tool is Tool.OLLAMA and unmerged.is_chat:
        yield remark(UsageCode.UNMERGED_TEMPLATE)


def _limits_of_vllm(adapter: Adapter, rank: int) -> Iterator[Remark]:
    beyond = [key for key in _REFUSED_BY_VLLM if adapter.config.get(key)]
    if adapter.config.get("bias") not in (None, "none"):
        beyond.append("bias")
    if adapter.peft_type != _PLAIN_LORA or beyond:
        method = [adapter.peft_type] if adapter.peft_type != _PLAIN_LORA else []
        yield remark(UsageCode.UNMERGED_METHOD, method=", ".join([*method, *beyond]))
    if rank > _RANKS[-1]:
        yield remark(UsageCode.UNMERGED_RANK_TOO_HIGH, rank=rank, most=_RANKS[-1])
    elif rank > _USUAL_RANK:
        yield remark(UsageCode.UNMERGED_RANK, rank=rank, usual=_USUAL_RANK)
    yield remark(UsageCode.UNMERGED_MODULES)


def _transformers(unmerged: Unmerged, _shell: Shell) -> list[UsageStep]:
    own = bool(read_tokenizer(unmerged.adapter.folder).files)
    loading = Loading(
        unmerged.base,
        AUTO_CLASSES.get(unmerged.task, AUTO_CLASSES[Task.EMBED]),
        "AutoProcessor" if unmerged.task is Task.IMAGE_TEXT else "AutoTokenizer",
        unmerged.task,
        unmerged.is_chat,
        adapter=str(unmerged.adapter.folder.absolute()),
        helper_folder="adapter" if own else "folder",
    )
    return [UsageStep(StepCode.LOAD, Language.PYTHON, load_script(loading))]


def _vllm(unmerged: Unmerged, shell: Shell) -> list[UsageStep]:
    """SGLang takes the same two folders, and the highest rank from the adapter."""
    base, module = quoted(unmerged.base, shell), _named_module(unmerged, shell)
    rank = next(rank for rank in _RANKS if rank >= unmerged.rank)
    highest = f" --max-lora-rank {rank}" if rank > _USUAL_RANK else ""
    asked = server_script(unmerged.name, is_chat=unmerged.is_chat)
    return [
        command(StepCode.SERVE, f"vllm serve {base} --enable-lora --lora-modules {module}{highest}"),
        UsageStep(StepCode.ASK, Language.PYTHON, asked),
        command(
            StepCode.SERVE_SGLANG,
            f"python -m sglang.launch_server --model-path {base} --enable-lora --lora-paths {module} --port 8000",
        ),
    ]


def _named_module(unmerged: Unmerged, shell: Shell) -> str:
    return quoted(f"{unmerged.name}={unmerged.adapter.folder.absolute()}", shell)


def _ollama(unmerged: Unmerged, shell: Shell) -> list[UsageStep]:
    name, target = quoted(unmerged.name, shell), unmerged.gguf.with_suffix(".Modelfile")
    lines = (f'FROM "{unmerged.base_gguf}"', f'ADAPTER "{unmerged.gguf}"')
    return [
        *_as_gguf(unmerged, shell),
        command(StepCode.MODELFILE, _written(lines, quoted(target, shell), shell)),
        command(StepCode.CREATE, f"ollama create {name} -f {quoted(target, shell)}"),
        command(StepCode.RUN, f"ollama run {name}"),
    ]


def _written(lines: tuple[str, ...], target: str, shell: Shell) -> str:
    """The command that makes a file of these lines."""
    if shell is Shell.POSIX:
        return f"printf '%s\\n' {' '.join(quoted(line, shell) for line in lines)} > {target}"
    return f"{', '.join(quoted(line, shell) for line in lines)} | Set-Content -Encoding utf8 {target}"


def _llama_cpp(unmerged: Unmerged, shell: Shell) -> list[UsageStep]:
    files = f"-m {quoted(unmerged.base_gguf, shell)} --lora {quoted(unmerged.gguf, shell)}"
    return [
        *_as_gguf(unmerged, shell),
        command(StepCode.RUN, f"llama-cli {files}"),
        command(StepCode.SERVE, f"llama-server {files}"),
    ]


def _as_gguf(unmerged: Unmerged, shell: Shell) -> list[UsageStep]:
    base, folder = quoted(unmerged.base, shell), quoted(unmerged.adapter.folder.absolute(), shell)
    of_base = f"mergedesk export {base} --to gguf --type Q8_0 --output {quoted(unmerged.base_gguf, shell)}"
    of_adapter = f"mergedesk export {folder} --to gguf-lora --base {base} --output {quoted(unmerged.gguf, shell)}"
    return [command(StepCode.BASE_TO_GGUF, of_base), command(StepCode.ADAPTER_TO_GGUF, of_adapter)]


_STEPS: Mapping[Tool, Callable[[Unmerged, Shell], list[UsageStep]]] = {
    Tool.TRANSFORMERS: _transformers,
    Tool.VLLM: _vllm,
    Tool.OLLAMA: _ollama,
    Tool.LM_STUDIO: lambda *_: [],
    Tool.LLAMA_CPP: _llama_cpp,
}
