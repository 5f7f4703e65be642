"""One merge each: several bases, adapters and strengths made into as many merges, in one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from ...domain.folder_names import telling_name
from ...domain.requests import AdapterChoice, MergeRequest

Adapters = tuple[AdapterChoice, ...]
BASE, ADAPTER, STRENGTH, NUMBER = "{base}", "{adapter}", "{strength}", "{number}"


@dataclass(frozen=True, slots=True)
class Choices:
    """What is to be merged with what; what is empty is as in the merge that all of them are like.

    Each of ``adapters`` is one or more that go into one merge; ``strengths`` multiply the weights they have.
    """

    bases: tuple[Path, ...] = ()
    adapters: tuple[Adapters, ...] = ()
    strengths: tuple[float, ...] = ()


def one_each(like: MergeRequest, choices: Choices) -> tuple[MergeRequest, ...]:
    """A merge for each base, with each adapter, at each strength.

    In the output of ``like`` {base}, {adapter}, {strength} and {number} stand for those of each merge.
    """
    bases, adapters = choices.bases or (like.base,), choices.adapters or (like.adapters,)
    strengths = choices.strengths or (1.0,)
    base_names, adapter_names = _names(bases), _names([each[0].folder for each in adapters])
    every = product(zip(bases, base_names, strict=True), zip(adapters, adapter_names, strict=True), strengths)
    return tuple(
        replace(
            like,
            base=base,
            adapters=tuple(replace(one, weight=one.weight * strength) for one in chosen),
            output=_output(like.output, base_name, adapter_name, strength, number),
        )
        for number, ((base, base_name), (chosen, adapter_name), strength) in enumerate(every, 1)
    )


def _output(pattern: Path, base: str, adapter: str, strength: float, number: int) -> Path:
    said = {BASE: base, ADAPTER: adapter, STRENGTH: f"{strength:g}", NUMBER: str(number)}
    text = str(pattern)
    for mark, name in said.items():
        text = text.replace(mark, name)
    return Path(text)


def _names(folders: Sequence[Path]) -> list[str]:
    """What they are called; with the folder they lie in, where several are called the same."""
    names = [telling_name(folder) for folder in folders]
    count, every = Counter(names), zip(names, folders, strict=True)
    return [name if count[name] == 1 else f"{folder.parent.name}-{name}" for name, folder in every]
