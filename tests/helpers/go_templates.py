"""As much of Go's text/template as Ollama's templates need, so that what is written can be run without Go.

The language: https://pkg.go.dev/text/template. Ollama gives ``.System`` and ``.Messages`` (which holds the system
message too), each message with ``.Role`` and ``.Content``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_ACTION = re.compile(r"\{\{(-?)\s*(.*?)\s*(-?)\}\}", re.DOTALL)
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[()]|[^\s()]+')


def ollama_prompt(template: str, messages: Sequence[Mapping[str, str]], system: str = "") -> str:
    """The prompt Ollama makes: a Modelfile's SYSTEM becomes the first message where there is none."""
    if system and messages[0]["role"] != "system":
        messages = [{"role": "system", "content": system}, *messages]
    told = "\n\n".join(one["content"] for one in messages if one["role"] == "system")
    data = {"System": told, "Messages": [{"Role": one["role"], "Content": one["content"]} for one in messages]}
    return run(template, data)


def run(template: str, data: Mapping[str, Any]) -> str:
    nodes, rest = _parse(_pieces(template))
    assert not rest, rest
    return _execute(nodes, data, {"$": data})


def _pieces(template: str) -> list[tuple[str, str]]:
    pieces, place, trim = [], 0, False
    for found in _ACTION.finditer(template):
        text = template[place : found.start()]
        text = text.lstrip() if trim else text
        pieces += [("text", text.rstrip() if found[1] else text), ("action", found[2])]
        place, trim = found.end(), bool(found[3])
    return [*pieces, ("text", template[place:].lstrip() if trim else template[place:])]


def _parse(pieces: list[tuple[str, str]]) -> tuple[list[Any], list[tuple[str, str]]]:
    nodes: list[Any] = []
    while pieces:
        (kind, text), pieces = pieces[0], pieces[1:]
        word = text.split(" ")[0]
        if kind == "text":
            nodes.append(text)
        elif word in ("end", "else"):
            return nodes, [(kind, text), *pieces]
        elif word in ("if", "range"):
            node, pieces = _block(word, text.removeprefix(word).strip(), pieces)
            nodes.append(node)
        else:
            nodes.append(("put", text))
    return nodes, pieces


def _block(word: str, head: str, pieces: list[tuple[str, str]]) -> tuple[Any, list[tuple[str, str]]]:
    body, pieces = _parse(pieces)
    otherwise: list[Any] = []
    if pieces[0][1].startswith("else if"):
        node, pieces = _block("if", pieces[0][1].removeprefix("else if").strip(), pieces[1:])
        return (word, head, body, [node]), pieces
    if pieces[0][1] == "else":
        otherwise, pieces = _parse(pieces[1:])
    assert pieces[0] == ("action", "end"), pieces[0]
    return (word, head, body, otherwise), pieces[1:]


def _execute(nodes: list[Any], dot: Any, names: Mapping[str, Any]) -> str:
    return "".join(node if isinstance(node, str) else _node(node, dot, names) for node in nodes)


def _node(node: Any, dot: Any, names: Mapping[str, Any]) -> str:
    if node[0] == "put":
        return str(_value(node[1], dot, names))
    word, head, body, otherwise = node
    if word == "if":
        return _execute(body if _value(head, dot, names) else otherwise, dot, names)
    (index, item), listed = re.fullmatch(r"(\$\w+), (\$\w+) := (.*)", head).group(1, 2), head.rpartition(":= ")[2]
    return "".join(
        _execute(body, one, {**names, index: number, item: one})
        for number, one in enumerate(_value(listed, dot, names))
    )


def _value(text: str, dot: Any, names: Mapping[str, Any]) -> Any:
    words = _WORD.findall(text)
    value, rest = _call(words, dot, names)
    assert not rest, rest
    return value


def _call(words: list[str], dot: Any, names: Mapping[str, Any]) -> tuple[Any, list[str]]:
    values = []
    while words and words[0] != ")":
        if words[0] == "(":
            value, words = _call(words[1:], dot, names)
            assert words[0] == ")"
            values.append(value)
        else:
            values.append(_word(words[0], dot, names))
        words = words[1:]
    if callable(values[0]):
        return values[0](*values[1:]), words
    assert len(values) == 1, values
    return values[0], words


def _word(word: str, dot: Any, names: Mapping[str, Any]) -> Any:
    functions = {
        "eq": lambda one, other: one == other,
        "and": lambda *all_: next((one for one in all_ if not one), all_[-1]),
        "len": len,
        "slice": lambda listed, first: listed[first:],
    }
    if word in functions:
        return functions[word]
    if word.startswith('"'):
        return word[1:-1]
    if word.isdecimal():
        return int(word)
    head, *fields = word.split(".")
    value = names[head] if head else dot
    for one in fields:
        value = value[one]
    return value
