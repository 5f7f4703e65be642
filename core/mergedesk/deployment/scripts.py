"""Python that loads the folder and asks it something, for each task. Run as it stands, it works."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..domain.model_tasks import Task, auto_class
from .folder_facts import Facts

_QUESTION = "What is a merged adapter?"
_BEGINNING = "A merged adapter is"


def transformers_script(facts: Facts) -> str:
    """The whole script."""
    ask = _ASK.get(facts.task, _nothing) if facts.tokenizer.files or facts.task is Task.IMAGE_TEXT else _nothing
    name = auto_class(facts.task, facts.architecture)
    helper = _helper(facts)
    lines = [
        *(["import torch"] if "torch." in "".join(ask(facts)) else []),
        f"from transformers import {', '.join(sorted(filter(None, (name, helper))))}",
        "",
        f"folder = {str(facts.folder)!r}",
        *([f"{_variable(facts)} = {helper}.from_pretrained(folder)"] if helper else []),
        f'model = {name}.from_pretrained(folder, dtype="{_dtype(facts)}")',
        *ask(facts),
    ]
    return "\n".join(lines) + "\n"


def _helper(facts: Facts) -> str:
    if facts.task is Task.IMAGE_TEXT:
        return "AutoProcessor"
    return "AutoTokenizer" if facts.tokenizer.files else ""


def _variable(facts: Facts) -> str:
    return "processor" if facts.task is Task.IMAGE_TEXT else "tokenizer"


def _dtype(facts: Facts) -> str:
    """As config.json states it, or as the weights are where that would change them."""
    stated = facts.checkpoint.stated_dtype
    floating = facts.dtype in ("float32", "float16", "bfloat16")
    return facts.dtype if stated and floating and stated != facts.dtype else "auto"


def _nothing(_facts: Facts) -> list[str]:
    return ["print(type(model).__name__)"]


def _causal(facts: Facts) -> list[str]:
    if not facts.is_chat:
        return [f'inputs = tokenizer("{_BEGINNING}", return_tensors="pt")', *_GENERATE]
    return [
        f'messages = [{{"role": "user", "content": "{_QUESTION}"}}]',
        "inputs = tokenizer.apply_chat_template(",
        '    messages, add_generation_prompt=True, return_dict=True, return_tensors="pt"',
        ")",
        *_GENERATE,
    ]


_GENERATE = [
    "output = model.generate(**inputs, max_new_tokens=100)",
    'print(tokenizer.decode(output[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))',
]


def _seq2seq(_facts: Facts) -> list[str]:
    return [
        f'inputs = tokenizer("{_QUESTION}", return_tensors="pt")',
        "output = model.generate(**inputs, max_new_tokens=100)",
        "print(tokenizer.decode(output[0], skip_special_tokens=True))",
    ]


def _classify(_facts: Facts) -> list[str]:
    return [
        f'inputs = tokenizer("{_QUESTION}", return_tensors="pt")',
        "with torch.no_grad():",
        "    scores = model(**inputs).logits[0].softmax(-1)",
        "for label, score in zip(model.config.id2label.values(), scores.tolist()):",
        '    print(f"{label}: {score:.3f}")',
    ]


def _tokens(_facts: Facts) -> list[str]:
    return [
        f'inputs = tokenizer("{_QUESTION}", return_tensors="pt")',
        "with torch.no_grad():",
        "    best = model(**inputs).logits[0].argmax(-1)",
        'for number, label in zip(inputs["input_ids"][0].tolist(), best.tolist()):',
        "    print(tokenizer.decode([number]), model.config.id2label[label])",
    ]


def _questions(_facts: Facts) -> list[str]:
    return [
        f'inputs = tokenizer("{_QUESTION}", "It is a base with its adapter merged.", return_tensors="pt")',
        "with torch.no_grad():",
        "    output = model(**inputs)",
        "first, last = output.start_logits[0].argmax(), output.end_logits[0].argmax()",
        'print(tokenizer.decode(inputs["input_ids"][0, first : last + 1]))',
    ]


def _masked(_facts: Facts) -> list[str]:
    return [
        'inputs = tokenizer(f"A merged adapter is {tokenizer.mask_token}.", return_tensors="pt")',
        "with torch.no_grad():",
        '    best = model(**inputs).logits[inputs["input_ids"] == tokenizer.mask_token_id].argmax(-1)',
        "print(tokenizer.decode(best))",
    ]


def _embed(_facts: Facts) -> list[str]:
    return [
        f'inputs = tokenizer("{_QUESTION}", return_tensors="pt")',
        "with torch.no_grad():",
        "    states = model(**inputs).last_hidden_state",
        "print(states.mean(1).shape)",
    ]


def _image_text(_facts: Facts) -> list[str]:
    return [
        'picture = {"type": "image", "path": "picture.png"}',
        'messages = [{"role": "user", "content": [picture, {"type": "text", "text": "What is in this picture?"}]}]',
        "inputs = processor.apply_chat_template(",
        '    messages, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"',
        ")",
        "output = model.generate(**inputs, max_new_tokens=100)",
        'print(processor.decode(output[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))',
    ]


_ASK: Mapping[Task, Callable[[Facts], list[str]]] = {
    Task.CAUSAL: _causal,
    Task.SEQ2SEQ: _seq2seq,
    Task.CLASSIFY: _classify,
    Task.TOKENS: _tokens,
    Task.QUESTIONS: _questions,
    Task.MASKED: _masked,
    Task.EMBED: _embed,
    Task.IMAGE_TEXT: _image_text,
}
