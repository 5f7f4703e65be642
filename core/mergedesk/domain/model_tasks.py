"""What a model is for, by the class its config names, and the Auto class of transformers that loads it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Task(StrEnum):
    """What a model is for.

    ``classify_media``: classes of pictures or sounds. ``conditional``: text from something else than text or pictures.
    """

    CAUSAL = "causal"
    SEQ2SEQ = "seq2seq"
    CLASSIFY = "classify"
    CLASSIFY_MEDIA = "classify_media"
    TOKENS = "tokens"
    QUESTIONS = "questions"
    MASKED = "masked"
    EMBED = "embed"
    IMAGE_TEXT = "image_text"
    CONDITIONAL = "conditional"
    OTHER = "other"


AUTO_CLASSES: Mapping[Task, str] = {
    Task.CAUSAL: "AutoModelForCausalLM",
    Task.SEQ2SEQ: "AutoModelForSeq2SeqLM",
    Task.CLASSIFY: "AutoModelForSequenceClassification",
    Task.TOKENS: "AutoModelForTokenClassification",
    Task.QUESTIONS: "AutoModelForQuestionAnswering",
    Task.MASKED: "AutoModelForMaskedLM",
    Task.EMBED: "AutoModel",
    Task.IMAGE_TEXT: "AutoModelForImageTextToText",
}
_ENDINGS: Mapping[str, Task] = {
    "ForSequenceClassification": Task.CLASSIFY,
    "ForImageClassification": Task.CLASSIFY_MEDIA,
    "ForAudioClassification": Task.CLASSIFY_MEDIA,
    "ForTokenClassification": Task.TOKENS,
    "ForQuestionAnswering": Task.QUESTIONS,
    "ForMaskedLM": Task.MASKED,
    "ForCausalLM": Task.CAUSAL,
    "LMHeadModel": Task.CAUSAL,
    "ForSpeechSeq2Seq": Task.CONDITIONAL,
}
_GENERATES = "ForConditionalGeneration"
_HEARS = ("audio_config", "num_mel_bins", "audio_token_id")


def task_of(architecture: str, config: Mapping[str, Any]) -> Task:
    """The task of the class that config.json names first."""
    ending = next((task for end, task in _ENDINGS.items() if architecture.endswith(end)), None)
    if architecture.endswith(_GENERATES) or (ending is Task.CAUSAL and "vision_config" in config):
        return _conditional(config)
    if ending is not None:
        return ending
    return Task.EMBED if architecture.endswith("Model") else Task.OTHER


def _conditional(config: Mapping[str, Any]) -> Task:
    if any(key in config for key in _HEARS):
        return Task.CONDITIONAL
    if "vision_config" in config:
        return Task.IMAGE_TEXT
    return Task.SEQ2SEQ if config.get("is_encoder_decoder") else Task.CONDITIONAL


def auto_class(task: Task, architecture: str) -> str:
    """The class to load with: an Auto class, or the model's own where none fits."""
    own = architecture if architecture.isidentifier() else "AutoModel"
    return AUTO_CLASSES.get(task, own)
