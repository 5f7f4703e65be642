"""A Modelfile for Ollama: where the weights are, the chat template in Go's language, where answers end, sampling.

A template is translated only where the turns it was taken apart into give what it gives (``chat.turns_of``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..domain.findings import Code, UserError
from ..inspection.inspect_folder import read_folder
from ..runtime.templates import render
from .architectures import takes
from .chat_turns import SystemPlace, Turns, has_clock
from .codes import Remark, Tool, UsageCode, remark
from .folder_facts import Facts, read_facts

MODELFILE = "Modelfile"
TEMPLATES = Path(__file__).parent / "templates"
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


def modelfile_of(
    folder: Path, target: Path | None = None, *, follow_links: bool = False, gguf: Path | None = None
) -> Modelfile | None:
    """The Modelfile of a merged folder; None where the folder is not a model.

    ``target`` is the file it will be; Ollama takes relative paths from where that lies. ``gguf``: the file that holds
    the weights, in the place of the folder.
    """
    facts = read_facts(read_folder(folder, follow_links))
    if facts is None:
        return None
    text = render(
        TEMPLATES / "Modelfile.jinja",
        source=_quoted(str(gguf.absolute())) if gguf else _source(facts, target),
        turns=facts.turns if facts.turns and is_writable(facts.turns) else None,
        stops=_stops(facts),
        sampling=dict(_sampling(facts)),
    )
    return Modelfile(text.encode("utf-8", "replace").decode("utf-8"), tuple(modelfile_remarks(facts)))


def _source(facts: Facts, target: Path | None) -> str:
    """The folder; where Ollama would not read it, the file that llama.cpp's converter makes of it."""
    if not takes(Tool.OLLAMA, facts.architecture):
        return _quoted(str(facts.gguf()))
    beside = target is None or target.absolute().parent == facts.folder
    return "." if beside else _quoted(str(facts.folder))


def _quoted(path: str) -> str:
    """Ollama ends a quoted value with its line, or at three quotes. Raises UserError where a name itself has three.

    A path that could end early would have Ollama take the rest of a folder's name for instructions.
    """
    if not ('"' in path or "\n" in path or "\r" in path):
        return f'"{path}"'
    if _QUOTES in path:
        raise UserError(Code.NAME_UNWRITABLE, path=path)
    return f"{_QUOTES}{path}{_QUOTES}"


def modelfile_remarks(facts: Facts, _tool: Tool = Tool.OLLAMA) -> Iterator[Remark]:
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


def _stops(facts: Facts) -> Iterator[str]:
    tokens = [facts.turn_end, facts.tokenizer.special.get("eos_token", "")]
    by_id = {number: token for token, number in facts.tokenizer.ids.items()}
    tokens += [by_id.get(number, "") for number in facts.stop_ids]
    return (token for token in dict.fromkeys(tokens) if token and '"' not in token and "\n" not in token)


def _sampling(facts: Facts) -> Iterator[tuple[str, int | float]]:
    """Only where the model's makers ask for sampling."""
    if facts.generation.get("do_sample") is not True:
        return
    for stated, name in _PARAMETERS.items():
        value = facts.generation.get(stated)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield name, value
