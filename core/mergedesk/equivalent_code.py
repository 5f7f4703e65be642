"""The same merge as a PEFT script, for people who want to read or repeat it."""

from __future__ import annotations

from pathlib import Path

from .checkpoints.recognise import Recognition, recognise
from .request import MergeRequest, Precision

_AUTO_CLASSES = {
    "PeftModelForCausalLM": "AutoModelForCausalLM",
    "PeftModelForSeq2SeqLM": "AutoModelForSeq2SeqLM",
    "PeftModelForSequenceClassification": "AutoModelForSequenceClassification",
    "PeftModelForTokenClassification": "AutoModelForTokenClassification",
    "PeftModelForQuestionAnswering": "AutoModelForQuestionAnswering",
    "PeftModelForFeatureExtraction": "AutoModel",
}


def peft_script(request: MergeRequest) -> str:
    """A runnable script that merges the request's first adapter with PEFT."""
    folder = request.adapters[0].folder
    auto_class = _auto_class(recognise(folder), request.base)
    dtype = '"auto"' if request.precision is Precision.AUTO else f"torch.{request.precision.value}"
    lines = [
        *(() if request.precision is Precision.AUTO else ("import torch",)),
        "from peft import PeftModel",
        f"from transformers import AutoTokenizer, {auto_class}",
        "",
        f"base = {auto_class}.from_pretrained({str(request.base)!r}, dtype={dtype})",
        f"model = PeftModel.from_pretrained(base, {str(folder)!r})",
        "merged = model.merge_and_unload()  # RETURNS the merged model; `model` stays a PeftModel",
        f"merged.save_pretrained({str(request.output)!r})",
        f"AutoTokenizer.from_pretrained({str(request.base)!r}).save_pretrained({str(request.output)!r})",
    ]
    return "\n".join(lines) + "\n"


def _auto_class(adapter: Recognition, base: Path) -> str:
    """By the adapter's task; where it records none, the base's own class, since AutoModel would leave its head out."""
    by_task = _AUTO_CLASSES.get(adapter.class_name or "")
    own = recognise(base).class_name if by_task is None else None
    return by_task or (own if own and own.isidentifier() else "AutoModel")
