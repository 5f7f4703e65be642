"""A Modelfile for Ollama: where the weights are, the chat template in Go's language, where answers end, sampling.

A template is translated only where the turns it was taken apart into give what it gives (``chat.turns_of``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..inspection.inspect_folder import read_folder
from .architectures import takes
from .chat_template import SystemPlace, Turns, has_clock
from .codes import Remark, Tool, UsageCode, remark
from .folder_facts import Facts, read_facts

MODELFILE = "Modelfile"
_QUOTES = '"""'
_PARAMETERS: Mapping[str, str] = {
    "temperature": "temperature", "top_p": "top_p", "top_k": "top_k", "min_p": "min_p",
    "repetition_penalty": "repeat_penalty",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Modelfile:
    """The file's text, and what is to be said of it."""

    text: str
    remarks: tuple[Remark, ...]


def modelfile_of(folder: Path, target: Path | None = None) -> Modelfile | None:
    """The Modelfile of a merged folder; None where the folder is not a model.

    ``target`` is the file it will be; Ollama takes relative paths from where that lies.
    """
    facts = read_facts(read_folder(folder))
    return make_modelfile(facts, target) if facts else None


def make_modelfile(facts: Facts, target: Path | None = None) -> Modelfile:
    """The Modelfile of a folder whose facts are known."""
    remarks = tuple(modelfile_remarks(facts))
    lines = [
        "# How Ollama takes this model: ollama create NAME -f Modelfile",
        f"FROM {_source(facts, target)}",
        *(_template_lines(facts.turns) if facts.turns and is_writable(facts.turns) else ()),
        *_stops(facts),
        *_sampling(facts),
    ]
    text = "\n".join(lines) + "\n"
    return Modelfile(text.encode("utf-8", "replace").decode("utf-8"), remarks)


def _source(facts: Facts, target: Path | None) -> str:
    """The folder; where Ollama would not read it, the file that llama.cpp's converter makes of it."""
    if not takes(Tool.OLLAMA, facts.architecture):
        return f'"{facts.gguf()}"'
    beside = target is None or target.absolute().parent == facts.folder
    return "." if beside else f'"{facts.folder}"'


def modelfile_remarks(facts: Facts) -> Iterator[Remark]:
    """Whether the chat template could be translated, and what of it could not."""
    template, turns = facts.tokenizer.template.text, facts.turns
    if template is None:
        return
    if turns is None or not is_writable(turns):
        yield remark(UsageCode.TEMPLATE_NOT_TRANSLATED)
        return
    yield remark(UsageCode.TEMPLATE_TRANSLATED)
    if turns.place is SystemPlace.NOWHERE:
        yield remark(UsageCode.SYSTEM_NOT_TAKEN)
    if has_clock(template):
        yield remark(UsageCode.DATE_FIXED)


def is_writable(turns: Turns) -> bool:
    """Whether its texts can stand in a Go template between Ollama's quotes."""
    texts = [*turns.user, *turns.assistant, *turns.system, turns.generation, turns.default_system]
    return not any("{{" in text or "}}" in text or _QUOTES in text or "\r" in text for text in texts)


def go_template(turns: Turns) -> str:
    """The turns as a Go template over Ollama's ``.System`` and ``.Messages`` (which holds the system message too)."""
    (before_user, after_user), (before_answer, after_answer) = turns.user, turns.assistant
    user = f"{before_user}{_inserted(turns)}{{{{ .Content }}}}{after_user}"
    answer = f"{before_answer}{{{{ .Content }}}}{after_answer}"
    loop = (
        "{{ range $index, $message := .Messages }}"
        f'{{{{ if eq .Role "user" }}}}{user}{{{{ else if eq .Role "assistant" }}}}{answer}{{{{ end }}}}'
        "{{ end }}"
    )
    return f"{_system_turn(turns)}{loop}{turns.generation}"


def _system_turn(turns: Turns) -> str:
    if turns.place is not SystemPlace.TURN:
        return ""
    turn = f"{turns.system[0]}{{{{ .System }}}}{turns.system[1]}"
    return turn if turns.always_system else f"{{{{ if .System }}}}{turn}{{{{ end }}}}"


def _inserted(turns: Turns) -> str:
    """The system message inside a user's turn: the first (after the system's own entry), or the last."""
    tests = {
        SystemPlace.FIRST_USER: "(eq $index 1)",
        SystemPlace.LAST_USER: "(eq (len (slice $.Messages $index)) 1)",
    }
    test = tests.get(turns.place)
    if test is None:
        return ""
    return f"{{{{ if and $.System {test} }}}}{turns.system[0]}{{{{ $.System }}}}{turns.system[1]}{{{{ end }}}}"


def _template_lines(turns: Turns) -> Iterator[str]:
    yield f"TEMPLATE {_QUOTES}{go_template(turns)}{_QUOTES}"
    if turns.default_system:
        yield f"SYSTEM {_QUOTES}{turns.default_system}{_QUOTES}"


def _stops(facts: Facts) -> Iterator[str]:
    tokens = [facts.turn_end, facts.tokenizer.special.get("eos_token", "")]
    by_id = {number: token for token, number in facts.tokenizer.ids.items()}
    tokens += [by_id.get(number, "") for number in facts.stop_ids]
    for token in dict.fromkeys(tokens):
        if token and '"' not in token and "\n" not in token:
            yield f'PARAMETER stop "{token}"'


def _sampling(facts: Facts) -> Iterator[str]:
    """Only where the model's makers ask for sampling."""
    if facts.generation.get("do_sample") is not True:
        return
    for stated, name in _PARAMETERS.items():
        value = facts.generation.get(stated)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield f"PARAMETER {name} {value}"
