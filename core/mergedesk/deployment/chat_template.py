"""A chat template taken apart: what it puts around each message, found by rendering conversations in jinja's sandbox.

Nothing a template says can run: the sandbox is the one transformers uses, it forbids changes and private names. What it
may cost is bounded where strangers' templates are rendered: ``runtime.bounded_call``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import cycle
from typing import Any

from jinja2 import TemplateError
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.nodes import Node, Scope
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .chat_turns import CLOCK, Message, Rendered, SystemPlace, Turns

_MOST_STEPS = 200
_LONGEST = 200_000
_TROUBLE = 200
_U1, _A1, _U2, _A2, _U3, _S1 = (
    "First «question»?",
    "An answer: {x} 100%.",
    "你好\nsecond",
    "Another",
    "Third 3",
    "Be kind.",
)
_TROUBLES = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


class TemplateTrouble(Exception):
    """A template that cannot be rendered; the text says why."""


def take_apart(template: str, tokens: dict[str, str]) -> Rendered:
    """The template's turns, None where they vary."""
    try:
        return Rendered(turns=turns_of(template, tokens))
    except TemplateTrouble as trouble:
        return Rendered(trouble=str(trouble)[:_TROUBLE] or "no reason given")


def prompt_of(template: str, question: str, tokens: dict[str, str]) -> Rendered:
    """The whole prompt for one question, today's date in it."""
    known = {**tokens, CLOCK: lambda form: datetime.now().strftime(form)}
    try:
        return Rendered(prompt=_rendered(template, _talk(question), known, generate=True))
    except TemplateTrouble as trouble:
        return Rendered(trouble=str(trouble)[:_TROUBLE] or "no reason given")


def render(template: str, tokens: Mapping[str, str], messages: Sequence[Message], *, generate: bool = True) -> str:
    """The template's prompt for ``messages``, without the BOS token. Raises TemplateTrouble."""
    return _rendered(template, messages, {**tokens, "bos_token": ""}, generate=generate)


def _rendered(template: str, messages: Sequence[Message], known: Mapping[str, Any], *, generate: bool = True) -> str:
    known = {**known, "messages": list(messages), "tools": None, "documents": None}
    try:
        return _environment().from_string(template).render(known, add_generation_prompt=generate)
    except RecursionError as trouble:
        raise TemplateTrouble("too deep") from trouble
    except (TemplateError, *_TROUBLES) as trouble:
        raise TemplateTrouble(str(trouble)) from trouble


def turns_of(template: str, tokens: Mapping[str, str]) -> Turns | None:
    """The template taken apart; None unless the parts give what the template gives, for each of several talks.

    Raises TemplateTrouble where not even one question can be rendered.
    """
    prompt = render(template, tokens, _talk(_U1))
    for end in dict.fromkeys(("", tokens.get("eos_token", ""))):
        for turns in _candidates(template, tokens, prompt, end):
            if _agrees(template, tokens, turns):
                return turns
    return None


def _candidates(template: str, tokens: Mapping[str, str], prompt: str, end: str) -> list[Turns]:
    """What the turns may be; ``prompt`` is that for one question, ``end`` what closes a talk that is over."""
    try:
        bare = render(template, tokens, _talk(_U1), generate=False).removesuffix(end)
        answered = render(template, tokens, _talk(_U1, _A1), generate=False).removesuffix(end)
        longer = render(template, tokens, _talk(_U1, _A1, _U2))
        return _with_system(template, tokens, *_plain_turns(prompt, bare, answered, longer))
    except (TemplateTrouble, ValueError):
        return []


def _plain_turns(prompt: str, bare: str, answered: str, longer: str) -> tuple[Turns, str]:
    """The turns of user and assistant, and what comes before the first. Raises ValueError where they vary."""
    head, after_user = _split(bare, _U1)
    _, generation = _split(prompt, _U1 + after_user)
    _, after_assistant = _split(answered, _A1)
    # Of an answer that is not the last: before that one, some templates put an empty thought.
    _, rest = _split(longer, _U1 + after_user)
    before_assistant, rest = _split(rest, _A1 + after_assistant)
    before_user, _ = _split(rest, _U2)
    if not head.endswith(before_user):
        raise ValueError(head)
    start = head[: len(head) - len(before_user)]
    return Turns((before_user, after_user), (before_assistant, after_assistant), generation), start


def _with_system(template: str, tokens: Mapping[str, str], plain: Turns, start: str) -> list[Turns]:
    """What the turns may be once there is a system message, likeliest first."""
    try:
        before, rest = _split(render(template, tokens, _talk(_U1, system=_S1)), _S1)
        between, _ = _split(rest, _U1)
    except (TemplateTrouble, ValueError):  # it refuses system messages, or drops them
        return [] if start else [plain]
    user = plain.user[0]
    if not between.endswith(user) or (before == user and not start):
        if not before.startswith(user):
            return []
        put = replace(plain, system=(before.removeprefix(user), between))
        return [replace(put, place=place) for place in (SystemPlace.FIRST_USER, SystemPlace.LAST_USER)]
    after = between[: len(between) - len(user)]
    turn = replace(plain, system=(before, after), place=SystemPlace.TURN)
    if not start:
        return [turn]
    if not (start.startswith(before) and start.endswith(after)):
        return []
    default = start[len(before) : len(start) - len(after)]
    return [replace(turn, default_system=default, always_system=not default)]


def _agrees(template: str, tokens: Mapping[str, str], turns: Turns) -> bool:
    systems = ("",) if turns.place is SystemPlace.NOWHERE else ("", _S1, _U2)
    texts = (_U1,), (_U2, _A2, _U1), (_U1, _A1, _U2, _A2, _U3)
    talks = [_talk(*said, system=system) for system in systems for said in texts]
    try:
        return all(render(template, tokens, talk) == turns.render(talk) for talk in talks)
    except TemplateTrouble:
        return False


def _talk(*texts: str, system: str = "") -> list[Message]:
    start = [{"role": "system", "content": system}] if system else []
    roles = cycle(("user", "assistant"))
    return [*start, *({"role": role, "content": text} for role, text in zip(roles, texts, strict=False))]


def _split(text: str, part: str) -> tuple[str, str]:
    before, separator, after = text.partition(part)
    if not separator:
        raise ValueError(part)
    return before, after


class _Sandbox(ImmutableSandboxedEnvironment):
    """Without the means to make a text, or a loop, of any length."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        sizes = [len(side) if isinstance(side, (str, list, tuple)) else abs(side) for side in (left, right)]
        if operator == "**" or sizes[0] * sizes[1] > _LONGEST:
            raise SecurityError("too long")
        return super().call_binop(context, operator, left, right)


class _Generation(Extension):
    """The tag that marks an assistant's words for training; what it encloses is said as it is."""

    tags = {"generation"}  # noqa: RUF012 (jinja's own attribute)

    def parse(self, parser: Parser) -> Node:
        line = next(parser.stream).lineno
        return Scope(parser.parse_statements(("name:endgeneration",), drop_needle=True), lineno=line)


def _environment() -> ImmutableSandboxedEnvironment:
    made = _Sandbox(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _Generation])
    made.filters["tojson"] = lambda value, indent=None, **_: json.dumps(value, ensure_ascii=False, indent=indent)
    made.globals["raise_exception"] = _refuse
    made.globals["range"] = _range
    return made


def _refuse(reason: str) -> str:
    raise TemplateError(reason)


def _range(*bounds: int) -> range:
    steps = range(*bounds)
    if len(steps) > _MOST_STEPS:
        raise SecurityError("too many steps")
    return steps
