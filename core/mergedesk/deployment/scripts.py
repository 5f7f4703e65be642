"""Python that loads the folder and asks it something, for each task. Run as it stands, it works."""

from __future__ import annotations

from pathlib import Path

from ..domain.model_tasks import Task, auto_class
from ..runtime.templates import render
from .folder_facts import Facts

TEMPLATES = Path(__file__).parent / "templates"


def transformers_script(facts: Facts) -> str:
    """Loads the model with transformers; where there is nothing to put text into tokens with, it is not asked."""
    pictures = facts.task is Task.IMAGE_TEXT
    helper = "AutoProcessor" if pictures else "AutoTokenizer" if facts.tokenizer.files else ""
    name = auto_class(facts.task, facts.architecture)
    return render(
        TEMPLATES / "load.py.jinja",
        imports=sorted(filter(None, (name, helper))),
        folder=repr(str(facts.folder)),
        helper=helper,
        auto_class=name,
        dtype=_dtype(facts),
        task=facts.task,
        asked=facts.task if helper else "",
        is_chat=facts.is_chat,
    )


def server_script(facts: Facts) -> str:
    """Asks the model of a server that speaks OpenAI's language."""
    return render(TEMPLATES / "ask_server.py.jinja", folder=repr(str(facts.folder)), is_chat=facts.is_chat)


def _dtype(facts: Facts) -> str:
    """As config.json states it, or as the weights are where that would change them."""
    stated = facts.checkpoint.stated_dtype
    floating = facts.dtype in ("float32", "float16", "bfloat16")
    return facts.dtype if stated and floating and stated != facts.dtype else "auto"
