"""What transformers does to a checkpoint's names when it loads it, worked out from its own data without importing it.

``transformers_conversion.json`` holds that data; ``tests/tools/export_conversions.py`` writes it from the installed
transformers. Rules rename stored tensors to parameters of the class, or make parameters out of several of them.
Source: ``transformers.conversion_mapping``, ``transformers.core_model_loading``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..checkpoints.checkpoint import StoredTensor
from .fused_placement import Placement, place

_TABLE = Path(__file__).with_name("transformers_conversion.json")
# Names that differ in such a number alone are converted alike, unless a rule asks for certain layers.
_EXPERT = re.compile(r"(?<=\bexperts\.)(\d+)(?=\.)")
_LAYER_OR_EXPERT = re.compile(r"((?<=\blayers\.)\d+(?=\.)|(?<=\bexperts\.)\d+(?=\.))")
_ASKS_FOR_A_LAYER = re.compile(r"\blayers\\?\.\d")
_STAND_IN = 990_000
_STAND_INS = re.compile(r"(99\d{4})")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rename, or one conversion if it has ``operations``.

    ``scopes`` are the prefixes under which it holds, one of which a name must have. A ``guarded`` rule's later
    patterns hold only in a checkpoint that has a name for its first.
    """

    match: re.Pattern[str]
    targets: tuple[str, ...]
    sources: int = 1
    scopes: tuple[str, ...] = ("",)
    operations: tuple[tuple[Any, ...], ...] = ()
    offset: int = 0
    guarded: bool = False

    def find(self, name: str) -> tuple[str, re.Match[str], int] | None:
        """The prefix before the part that matches, the match, and the number of the pattern; None without a match."""
        scope = next((prefix for prefix in self.scopes if name.startswith(prefix)), None)
        match = None if scope is None else self.match.search(name[len(scope) :])
        if scope is None or match is None:
            return None
        group = next(group for group, value in match.groupdict().items() if value is not None)
        return scope, match, int(group[1:])

    def source_of(self, name: str) -> int | None:
        """The number of the pattern that a name matches, None where it matches none."""
        hit = self.find(name)
        return None if hit is None else hit[2]

    def rename(self, name: str, target: int = 0) -> str:
        """The name after this rule, its own where it does not apply."""
        hit = self.find(name)
        if hit is None:
            return name
        scope, match, number = hit
        first = match.re.groupindex[f"g{number}"]

        def moved(wanted: re.Match[str]) -> str:
            captured = match.group(first + int(wanted[1]))
            return str(int(captured) + self.offset) if self.offset else captured

        new = re.sub(r"\\(\d)", moved, self.targets[number if self.guarded else target])
        return scope + name[len(scope) :].replace(match.group(0), new, 1)


@dataclass(frozen=True, slots=True)
class Conversion:
    """The rules for one model class; ``prefix`` is what the class puts before the names of its model without a head."""

    renames: tuple[Rule, ...] = ()
    converters: tuple[Rule, ...] = ()
    prefix: str = ""

    def parameter(self, name: str) -> str:
        """A stored, or an earlier module's, name as the class names it today."""
        for rule in self.renames:
            name = rule.rename(name)
        return name

    def spellings(self, name: str) -> Iterator[str]:
        """The ways that models with and without a head name the parameter of that name."""
        today = self.parameter(name)
        yield today
        if self.prefix:
            inner = f"{self.prefix}."
            yield today.removeprefix(inner) if today.startswith(inner) else inner + today

    def converter(self, name: str) -> tuple[Rule, int] | None:
        """The conversion that a renamed tensor goes into, and as which of its sources."""
        hits = ((rule, rule.source_of(name)) for rule in self.converters)
        return next(((rule, source) for rule, source in hits if source is not None), None)


@dataclass(frozen=True, slots=True)
class ParameterIndex:
    """Where a class finds its parameters: ``whole`` ones by stored name, others by placement.

    ``scattered`` are parameters made by operations that no placement can express, with those operations' names.
    """

    whole: Mapping[str, str]
    placed: Mapping[str, Placement]
    scattered: Mapping[str, str]


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table


def stores_experts_transposed(model_type: str) -> bool:
    """Whether a type's expert parameters are (experts, inputs, outputs)."""
    return model_type in _table()["transposed_experts"]


def routers_are_parameters(model_type: str) -> bool:
    """Whether PEFT turns an earlier adapter's router layer ``gate`` into one on the parameter ``gate.weight``."""
    return model_type in _table()["parameter_routers"]


def class_for_task(task: str | None, model_type: str) -> str | None:
    """transformers' class for a PEFT task type, or of a model that sees or hears without one; None for other tasks."""
    name = _table()["tasks"].get(task or "", {}).get(model_type)
    return name if isinstance(name, str) else None


def body_prefix(model_type: str) -> str:
    """What classes of this type put before the names of the model without a head."""
    return str(_table()["bodies"].get(model_type, "model"))


def conversion_for(config: Mapping[str, Any], stored: Iterable[str]) -> Conversion:
    """The rules that transformers applies to a checkpoint with this config; ``stored`` are the checkpoint's names."""
    table = _table()
    names = config.get("architectures")
    architecture = names[0] if isinstance(names, list) and names else table["bases"].get(config.get("model_type"), "")
    known = table["architectures"].get(architecture)
    prefix = known["prefix"] if known else ""
    parts = known["parts"] if known else [["", "", architecture, config.get("model_type")]]
    rules = [rule for part in _ruled_parts(config, parts) for rule in _scoped(part, prefix)]
    rules += [_rule(entry, ("",)) for entry in table["rules"]["legacy"]]
    rules = [rule for rule in rules if not rule.guarded or any(rule.source_of(name) == 0 for name in stored)]
    return Conversion(
        tuple(rule for rule in rules if not rule.operations), tuple(rule for rule in rules if rule.operations), prefix
    )


def _ruled_parts(config: Mapping[str, Any], parts: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The path of each part that has rules, and their name; a part within one of its own kind goes by that one's."""
    table, seen = _table(), list[tuple[str, str]]()
    for path, inner, exported_class, exported_type in parts:
        model_type = _type_of(config, inner) or exported_type
        class_name = exported_class if model_type == exported_type or not inner else table["bases"].get(model_type, "")
        if _is_within(path, class_name, seen):
            continue
        by_class = class_name in table["rules"]
        if not by_class and (model_type not in table["rules"] or _is_within(path, model_type, seen)):
            continue
        seen.append((path, class_name))
        if not by_class:
            seen.append((path, model_type))
        yield path, class_name if by_class else model_type


def _type_of(config: Mapping[str, Any], path: str) -> str:
    """The model type that the config, or a part of it, states."""
    part: Any = config
    for name in path.split(".") if path else ():
        part = part.get(name) if isinstance(part, Mapping) else None
    return str(part.get("model_type") or "") if isinstance(part, Mapping) and path else ""


def _is_within(path: str, identifier: str, seen: Sequence[tuple[str, str]]) -> bool:
    return any(name == identifier and (not outer or path.startswith(f"{outer}.")) for outer, name in seen)


def _scoped(part: tuple[str, str], prefix: str) -> Iterator[Rule]:
    """A part's rules. Those of an inner part hold under its path, with or without the prefix of the headless model."""
    path, key = part
    inner = path.removeprefix(prefix).removeprefix(".")
    scope, base = f"{inner}." if inner else "", f"{prefix}." if prefix else ""
    scopes = (base + scope, scope) if path else ("",)
    return (_rule(entry, scopes) for entry in _table()["rules"][key])


def _rule(entry: Mapping[str, Any], scopes: tuple[str, ...]) -> Rule:
    return Rule(
        match=re.compile(entry["match"]),
        targets=tuple(entry["targets"]),
        sources=entry["sources"],
        scopes=scopes,
        operations=tuple(tuple(operation) for operation in entry.get("operations", ())),
        offset=entry.get("offset", 0),
        guarded=entry.get("guarded", False),
    )


def index_parameters(conversion: Conversion, stored: Mapping[str, StoredTensor]) -> ParameterIndex:
    """The class's parameters, each with the stored tensors that it is loaded from."""
    whole: dict[str, str] = {}
    made: dict[str, _Made] = {}
    for name, converted in _converted(conversion, stored):
        if converted.hit is None:
            whole.setdefault(converted.parameter, name)
        else:
            group = made.setdefault(converted.parameter, _Made(converted.hit[0], converted.parameter, []))
            group.sources.append((converted, name))
    placed: dict[str, Placement] = {}
    scattered: dict[str, str] = {}
    for group in made.values():
        for parameter, placement in group.parameters(stored):
            if placement is None:
                scattered[parameter] = ", ".join(str(operation[0]) for operation in group.rule.operations)
            else:
                placed[parameter] = placement
    return ParameterIndex(whole, placed, scattered)


def stacked_names(conversion: Conversion, names: Iterable[str]) -> Iterator[str]:
    """Those of the names whose tensors the class stacks into one parameter."""
    for name, _, _, known in _by_pattern(conversion, names):
        if known.hit is not None and known.hit[0].operations[0][0] == "MergeModulelist":
            yield name


@dataclass(frozen=True, slots=True)
class _Converted:
    """What a stored name becomes: the parameter, the conversion it goes into and as which of its sources.

    ``numbers`` are those in the name that it stands for many others with; ``pattern`` is the rest of it.
    """

    parameter: str
    hit: tuple[Rule, int] | None
    pattern: tuple[str, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """Parameters made by one conversion, from these stored names."""

    rule: Rule
    first: str
    sources: list[tuple[_Converted, str]]

    def parameters(self, stored: Mapping[str, StoredTensor]) -> Iterator[tuple[str, Placement | None]]:
        """Names of what it makes, and where that is stored."""
        sources = [[stored[name] for name in names] for names in self._in_order()]
        targets = self.rule.targets
        for number, target in enumerate(targets):
            name = self.first if number == 0 else self.first.replace(targets[0], target)
            yield name, place(self.rule.operations, sources, number, len(targets))

    def _in_order(self) -> Iterator[list[str]]:
        """The names for each source of the conversion, as transformers stacks them: by the value of numbers."""
        numbers = [converted.hit[1] if converted.hit else 0 for converted, _ in self.sources]
        for number in range(max(numbers) + 1):
            group = [source for source, own in zip(self.sources, numbers, strict=True) if own == number]
            alike = len({converted.pattern for converted, _ in group}) == 1
            group.sort(key=lambda source: source[0].numbers if alike else _natural(source[1]))
            yield [name for _, name in group]


def _natural(name: str) -> tuple[Any, ...]:
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in name.split("."))


@dataclass(frozen=True, slots=True)
class _Known:
    """What names of one pattern become. Every second text is the place of a number."""

    texts: list[str]
    hit: tuple[Rule, int] | None


def _converted(conversion: Conversion, stored: Iterable[str]) -> Iterator[tuple[str, _Converted]]:
    """Each stored name with what it becomes."""
    for name, pattern, numbers, known in _by_pattern(conversion, stored):
        texts = [numbers[int(text) - _STAND_IN] if place % 2 else text for place, text in enumerate(known.texts)]
        yield name, _Converted("".join(texts), known.hit, pattern, tuple(map(int, numbers)))


def _by_pattern(
    conversion: Conversion, stored: Iterable[str]
) -> Iterator[tuple[str, tuple[str, ...], list[str], _Known]]:
    """Each stored name, its pattern and its numbers. Names alike but for numbers that no rule asks for are converted
    once.
    """
    asked = any(_ASKS_FOR_A_LAYER.search(rule.match.pattern) for rule in (*conversion.renames, *conversion.converters))
    cut = _EXPERT if asked else _LAYER_OR_EXPERT
    known: dict[tuple[str, ...], _Known] = {}
    for name in stored:
        parts = cut.split(name)
        pattern, numbers = tuple(parts[::2]), parts[1::2]
        if pattern not in known:
            renamed = conversion.parameter(_joined(pattern, range(_STAND_IN, _STAND_IN + len(numbers))))
            hit = conversion.converter(renamed)
            parameter = hit[0].rename(renamed) if hit else renamed
            known[pattern] = _Known(_STAND_INS.split(parameter), hit)
        yield name, pattern, numbers, known[pattern]


def _joined(texts: Sequence[str], numbers: Iterable[int]) -> str:
    return "".join(part for pair in zip(texts, [*map(str, numbers), ""], strict=True) for part in pair)
