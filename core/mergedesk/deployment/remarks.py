"""What is known to break elsewhere, looked up in the folder's facts. Each function yields what it found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..checkpoints.tokenizer_files import NEW_CLASSES
from ..domain.model_tasks import Task
from ..planning.checks.generation_config_checks import generation_findings
from .architectures import architecture_lists, takes
from .chat_turns import LIMITS
from .codes import Remark, Tool, UsageCode, remark
from .folder_facts import Facts
from .modelfile import is_writable
from .tokenizer_facts import SENTENCEPIECE

# What PEFT, torch.compile and wrappers leave in the names of tensors that were never merged, or saved too deep.
_TRAINING = re.compile(r"(^|\.)(lora_[ABE]|base_layer|_orig_mod|modules_to_save|base_model)\.|^module\.")
# Ollama's and MLX's own, where config.json states none.
_DEFAULT_THETA = 10000.0
_LARGE_BYTES = 1_000_000_000
# llama.cpp's converter reads only tokenizer.model for these.
_SENTENCEPIECE_ONLY = frozenset({"GemmaForCausalLM", "Gemma2ForCausalLM", "Phi3ForCausalLM"})
# Ends of a turn that llama.cpp knows by their names, whatever the configs say (llama-vocab.cpp).
KNOWN_ENDS = frozenset({
    "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<end_of_turn>", "<|endoftext|>", "<|eom_id|>",
    "< EOT >", "_<EOT>",
})  # fmt: skip
_SAMPLING = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty")


def architecture_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """Whether the tool's list has the class; LM Studio runs what llama.cpp makes."""
    tool = Tool.LLAMA_CPP if tool is Tool.LM_STUDIO else tool
    name, listed = facts.architecture, architecture_lists()[tool]
    if not name:
        yield remark(UsageCode.ARCHITECTURE_UNSTATED)
    elif takes(tool, name):
        yield remark(UsageCode.ARCHITECTURE_LISTED, name=name, source=listed.source)
    else:
        code = UsageCode.ARCHITECTURE_NOT_IMPORTED if tool is Tool.OLLAMA else UsageCode.ARCHITECTURE_UNLISTED
        yield remark(code, name=name, source=listed.source, date=listed.date)


def weight_remarks(facts: Facts, _tool: Tool) -> Iterator[Remark]:
    """Names that only training knows, and a config that states another type."""
    strange = [name for name in facts.checkpoint.tensors if _TRAINING.search(name)]
    if strange:
        yield remark(UsageCode.TRAINING_NAMES, names=strange, count=len(strange))
    stated = facts.checkpoint.stated_dtype
    if stated and stated != "auto" and stated != facts.dtype and not facts.quantization:
        yield remark(UsageCode.DTYPE_STATED_OTHERWISE, stated=stated, stored=facts.dtype)


def head_remarks(facts: Facts, _tool: Tool) -> Iterator[Remark]:
    """A head that is stored though it is tied, or neither."""
    if facts.task is not Task.CAUSAL or facts.rows is None:
        return
    tied = facts.config.get("tie_word_embeddings", facts.text_config.get("tie_word_embeddings"))
    if tied is True and facts.has_head:
        yield remark(UsageCode.HEAD_AND_TIED)
    elif tied is False and not facts.has_head:
        yield remark(UsageCode.HEAD_ABSENT)


def vocabulary_remarks(facts: Facts, _tool: Tool) -> Iterator[Remark]:
    """The tokenizer's length, added tokens included, against the embeddings' rows and what config.json states."""
    rows, length = facts.rows, facts.tokenizer.length
    stated = facts.text_config.get("vocab_size", facts.config.get("vocab_size"))
    if rows is not None and isinstance(stated, int) and stated != rows:
        yield remark(UsageCode.VOCABULARY_STATED_OTHERWISE, stated=stated, rows=rows)
    if rows is None or not facts.tokenizer.files:
        return
    if length is None:
        yield remark(UsageCode.VOCABULARY_UNKNOWN, rows=rows)
    elif length > rows:
        yield remark(UsageCode.VOCABULARY_TOO_SHORT, rows=rows, length=length)
    elif length == rows:
        yield remark(UsageCode.VOCABULARY_FITS, rows=rows)
    else:
        yield remark(UsageCode.VOCABULARY_PADDED, rows=rows, length=length, count=rows - length)


def tokenizer_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """Whether there are tokenizer files; Ollama reads only some kinds, any one of them."""
    wanted = ("tokenizer.json", SENTENCEPIECE) if tool is Tool.OLLAMA else ()
    files = [name for name in facts.tokenizer.files if not wanted or name in wanted]
    if files:
        yield remark(UsageCode.TOKENIZER_READY, files=files)
    else:
        yield remark(UsageCode.TOKENIZER_MISSING, files=list(wanted) or ["tokenizer.json"])


def converter_remarks(facts: Facts, _tool: Tool) -> Iterator[Remark]:
    """What llama.cpp's converter asks of a tokenizer."""
    tokenizer, listed = facts.tokenizer, facts.architecture in _SENTENCEPIECE_ONLY
    if tokenizer.has_sentencepiece and not (listed and SENTENCEPIECE not in tokenizer.files):
        return
    if listed or tokenizer.from_sentencepiece:
        yield remark(UsageCode.SENTENCEPIECE_MISSING, name=facts.architecture)
    elif tokenizer.kind == "BPE":
        yield remark(UsageCode.PRETOKENIZER_UNKNOWN)


def sentencepiece_remarks(facts: Facts, _tool: Tool) -> Iterator[Remark]:
    """Ollama takes every tokenizer.json for byte-level BPE."""
    if facts.tokenizer.from_sentencepiece and not facts.tokenizer.has_sentencepiece:
        yield remark(UsageCode.SENTENCEPIECE_AS_BPE)


def tokenizer_class_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """A class that transformers knows since its version 5 only; these tools may run with an earlier one."""
    name = facts.tokenizer.class_name
    if name in NEW_CLASSES and tool in (Tool.VLLM, Tool.LM_STUDIO, Tool.LLAMA_CPP):
        yield remark(UsageCode.TOKENIZER_CLASS_NEW, name=name)


def rope_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """Rotary embeddings that config.json states under transformers 5's key alone; others take defaults."""
    stated = facts.text_config.get("rope_parameters")
    if tool not in (Tool.OLLAMA, Tool.LM_STUDIO) or not isinstance(stated, Mapping):
        return
    usual = stated.get("rope_theta") == _DEFAULT_THETA and stated.get("rope_type", "default") == "default"
    if "rope_theta" not in facts.text_config and not usual:
        yield remark(UsageCode.ROPE_UNDER_NEW_KEY, theta=str(stated.get("rope_theta") or "…"))


def end_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """Whether text ends: at the tokenizer's own end token, and at the token that ends a turn of a chat."""
    if not facts.generates or not facts.tokenizer.files:
        return
    token, number, stops = facts.tokenizer.special.get("eos_token", ""), facts.tokenizer.end_id, facts.stop_ids
    if number is None or not stops:
        yield remark(UsageCode.END_TOKEN_UNKNOWN)
    elif number in stops:
        yield remark(UsageCode.END_TOKEN_AGREES, token=token, id=str(number))
    else:
        yield remark(UsageCode.END_TOKEN_DIFFERS, token=token, id=str(number), ids=[str(stop) for stop in stops])
    yield from _turn_end(facts, tool)


def _turn_end(facts: Facts, tool: Tool) -> Iterator[Remark]:
    token = facts.turn_end
    number = facts.tokenizer.ids.get(token)
    if not token or number is None:
        return
    stops = set(facts.stop_ids)
    if tool is not Tool.TRANSFORMERS and facts.tokenizer.end_id is not None:
        stops.add(facts.tokenizer.end_id)
    by_name = tool in (Tool.LLAMA_CPP, Tool.LM_STUDIO) and token in KNOWN_ENDS
    if number in stops or by_name:
        yield remark(UsageCode.TURN_END_STOPS, token=token, id=str(number))
    else:
        ids = [str(stop) for stop in sorted({*facts.stop_ids, number})]
        yield remark(UsageCode.TURN_END_RUNS_ON, token=token, id=str(number), ids=", ".join(ids))


def template_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """Whether there is a chat template, where, and whether it can be rendered."""
    if not facts.generates or facts.task is Task.SEQ2SEQ or not facts.tokenizer.files:
        return
    if facts.tokenizer.template.text is None:
        yield remark(UsageCode.TEMPLATE_MISSING)
    elif facts.template_costly:
        yield remark(UsageCode.TEMPLATE_TOO_COSTLY, seconds=LIMITS.seconds, limit_bytes=LIMITS.nbytes)
    elif facts.template_trouble:
        yield remark(UsageCode.TEMPLATE_BROKEN, reason=facts.template_trouble)
    else:
        yield from _template_place(facts, tool)


def _template_place(facts: Facts, tool: Tool) -> Iterator[Remark]:
    template = facts.tokenizer.template
    if template.twice:
        yield remark(UsageCode.TEMPLATE_TWICE)
    elif template.inside:
        yield remark(UsageCode.TEMPLATE_PRESENT)
    elif tool is not Tool.OLLAMA:
        yield remark(UsageCode.TEMPLATE_SEPARATE)
    elif facts.turns is None or not is_writable(facts.turns):  # else the Modelfile has it
        yield remark(UsageCode.TEMPLATE_NOT_READ)


def generation_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """What generation_config.json asks for, and whether it contradicts itself."""
    if not facts.generates:
        return
    for finding in generation_findings(facts.checkpoint):
        yield remark(UsageCode.GENERATION_CONFIG_ODD, **finding.data)
    taken = [f"{name} {facts.generation[name]}" for name in _SAMPLING if facts.generation.get(name) is not None]
    if tool is Tool.VLLM and taken:
        yield remark(UsageCode.DEFAULTS_TAKEN, values=taken)


def code_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """Code that lies in the folder: MergeDesk never ran it, and it is the person who decides."""
    if facts.config.get("auto_map"):
        codes = {Tool.TRANSFORMERS: UsageCode.OWN_CODE, Tool.VLLM: UsageCode.OWN_CODE_FLAG}
        yield remark(codes.get(tool, UsageCode.OWN_CODE_NOT_RUN))


def processor_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """What pictures need beside the weights."""
    if facts.task is not Task.IMAGE_TEXT:
        return
    if not facts.has_processor:
        yield remark(UsageCode.PROCESSOR_MISSING)
    if tool in (Tool.LLAMA_CPP, Tool.LM_STUDIO):
        yield remark(UsageCode.NEEDS_PROJECTOR)


def size_remarks(facts: Facts, tool: Tool) -> Iterator[Remark]:
    """What float32 costs, and what a tool makes of it."""
    size = facts.checkpoint.weight_bytes
    if facts.dtype != "float32":
        if tool is Tool.OLLAMA:
            yield remark(UsageCode.SIZE_KEPT, dtype=facts.dtype, total_bytes=size)
    elif tool is Tool.VLLM:
        yield remark(UsageCode.FLOAT32_CUT)
    elif size >= _LARGE_BYTES:
        yield remark(UsageCode.FLOAT32_LARGE, total_bytes=size, half_bytes=size // 2)
