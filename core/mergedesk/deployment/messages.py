"""Tools, steps and remarks in words, in any language that has a catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.catalogue import ENGLISH, template
from ..domain.messages import Message, message_of
from .codes import Outcome, Remark, StepCode, Tool

TOOL_NAMES: Mapping[Tool, str] = {
    Tool.TRANSFORMERS: "transformers",
    Tool.VLLM: "vLLM",
    Tool.OLLAMA: "Ollama",
    Tool.LM_STUDIO: "LM Studio",
    Tool.LLAMA_CPP: "llama.cpp",
}


def remark_text(remark: Remark, language: str = ENGLISH) -> Message:
    """A remark in words."""
    return message_of(f"remark.{remark.code}", remark.data, language)


def remark_message(remark: Remark, language: str = ENGLISH) -> str:
    """One remark as a sentence and its hint."""
    return remark_text(remark, language).whole


def outcome_name(outcome: Outcome, language: str = ENGLISH) -> str:
    """An outcome as a word."""
    return template(f"remark.outcome.{outcome}", language)


def step_heading(code: StepCode, language: str = ENGLISH) -> str:
    """What a step is for."""
    return template(f"step.{code}", language)
