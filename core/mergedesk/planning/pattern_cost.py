"""Whether the regular expressions of an adapter's config can be matched with the base's modules in bounded time.

PEFT and this program match them with Python's ``re``, which nothing can end. So they are tried out before, all of them
on all names, in a process that can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, error
from ..methods.lora.config import expected_modules, idle_patterns, pattern_value
from ..runtime.bounded_call import LimitMet, Limits, bounded

_LIMITS = Limits(seconds=5)
_TAKEN_AS_PATTERNS = ("target_modules", "exclude_modules", "feedforward_modules", "layers_pattern")
_LOOKED_UP = ("rank_pattern", "alpha_pattern")
_PLAIN = re.compile(r"[\w.\\^$-]*")
_FEW = 200


def pattern_findings(adapters: Iterable[Adapter], base: Checkpoint) -> Iterator[Finding]:
    """An error for each adapter whose patterns take too long."""
    for adapter in adapters:
        stated = {name: adapter.config[name] for name in (*_TAKEN_AS_PATTERNS, *_LOOKED_UP) if adapter.config.get(name)}
        patterns = [pattern for name, value in stated.items() for pattern in _patterns(name, value)]
        if len(patterns) <= _FEW and all(map(_PLAIN.fullmatch, patterns)):
            continue
        modules = {name.rpartition(".")[0] for name in (*base.tensors, *adapter.tensors)}
        try:
            bounded(match_all, stated, sorted(modules), limits=_LIMITS)
        except LimitMet:
            yield error(Code.PATTERN_TOO_COSTLY, names=list(stated), seconds=_LIMITS.seconds)


def match_all(config: dict[str, Any], modules: list[str]) -> int:
    """Match everything with everything, as a merge does; gives how many modules are targets."""
    idle_patterns(config, modules)
    for module in modules:
        for name in _LOOKED_UP:
            pattern_value(config.get(name), module, None)
        for name in _TAKEN_AS_PATTERNS[2:]:
            for pattern in _patterns(name, config.get(name)):
                expected_modules({"target_modules": rf".*\.(?:{pattern})"}, [module])
    return len(expected_modules(config, modules))


def _patterns(name: str, value: object) -> Iterator[str]:
    """What of a field is matched as a pattern: a text, a mapping's keys; of a list only where PEFT does so."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (str(key) for key in value)
    elif isinstance(value, list) and name == "layers_pattern":
        yield from (pattern for pattern in value if isinstance(pattern, str))
