"""Adapter module names to checkpoint tensor names.

Checkpoints and classes do not always agree on prefixes (``transformer.h.0`` against ``h.0``): one renaming serves the
whole adapter. Where that is not enough, transformers' own conversion rules tell what a parameter is called today, and
both names are compared in that form; so an adapter of an earlier naming finds a checkpoint of a later one, and the
other way round.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ..checkpoints.checkpoint import StoredTensor
from ..checkpoints.shared_storage import INPUT_EMBEDDINGS, module_leaf
from ..storage.factor_view import Steps
from .fused_parts import expert_of_stack, part_of_fused
from .fused_placement import Block, Placement, whole_tensor
from .transformers_conversion import Conversion, ParameterIndex, conversion_for, index_parameters, stacked_names

OUTPUT_EMBEDDINGS = ("lm_head", "embed_out", "decoder", "output", "output_projection")
_OVER_VOCABULARY = frozenset((*INPUT_EMBEDDINGS, *OUTPUT_EMBEDDINGS))
_INPUTS_END = tuple(f"{leaf}.weight" for leaf in INPUT_EMBEDDINGS)
_WRAPPERS = (
    "model", "transformer", "bert", "roberta", "distilbert", "deberta", "electra", "albert", "camembert",
    "xlm_roberta", "encoder", "decoder", "gpt_neox", "language_model", "base_model", "vit", "mpnet", "modernbert",
)  # fmt: skip
_EXPERT = re.compile(r"\bexperts\.(\d+)\.")
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Renaming:
    """A prefix of adapter names and what the checkpoint has in its place."""

    adapter_prefix: str = ""
    checkpoint_prefix: str = ""

    def apply(self, name: str) -> str | None:
        """The checkpoint's name; None where the prefix is not there."""
        if not name.startswith(self.adapter_prefix):
            return None
        return self.checkpoint_prefix + name[len(self.adapter_prefix) :]


_RENAMINGS = (
    Renaming(),
    *(Renaming(f"{wrapper}.", "") for wrapper in _WRAPPERS),
    *(Renaming("", f"{wrapper}.") for wrapper in _WRAPPERS),
    Renaming("model.language_model.", "language_model.model."),
    Renaming("language_model.model.", "model.language_model."),
    Renaming("model.", "model.language_model."),
    Renaming("model.language_model.", "model."),
    Renaming("model.", "language_model.model."),
    Renaming("language_model.model.", "model."),
)


@dataclass(frozen=True, slots=True)
class KeyMap:
    """``matched`` maps parameter names of the adapter's model to checkpoint names; ``tied`` those that share one.

    ``placed`` are parameters that are stored in parts, or as a part of a tensor; ``scattered`` those that transformers
    makes by operations on single values, with their names. ``stacked`` are found ones that a class of today stacks with
    others of their kind.
    """

    renaming: Renaming
    matched: Mapping[str, str]
    tied: Mapping[str, str]
    unmatched: tuple[str, ...]
    placed: Mapping[str, Placement] = field(default_factory=dict)
    scattered: Mapping[str, str] = field(default_factory=dict)
    stacked: frozenset[str] = frozenset()

    def only(self, wanted: Sequence[str], in_one: Container[str] = ()) -> KeyMap:
        """What is known of these parameters, with those of them that are not known as unmatched.

        ``in_one`` are those that need a stored tensor of their own.
        """
        if list(self.matched) == wanted and not (self.tied or self.placed or self.scattered or self.unmatched):
            return self
        apart = {name for name in (*self.placed, *self.scattered) if name not in in_one}
        known = {*self.matched, *self.tied, *apart}
        return KeyMap(
            self.renaming,
            {name: self.matched[name] for name in wanted if name in self.matched},
            {name: self.tied[name] for name in wanted if name in self.tied},
            tuple(name for name in wanted if name not in known),
            {name: self.placed[name] for name in wanted if name in self.placed and name in apart},
            {name: self.scattered[name] for name in wanted if name in self.scattered and name in apart},
            self.stacked,
        )

    def as_placed(self, names: Iterable[str], checkpoint: Mapping[str, StoredTensor]) -> KeyMap:
        """The same with these of the found parameters as placed ones; those that are no matrices are not found."""
        moved = {name: checkpoint[self.matched[name]] for name in names if name in self.matched}
        placed = {name: whole_tensor(record) for name, record in moved.items() if len(record.shape) in (2, 3)}
        matched = {name: stored for name, stored in self.matched.items() if name not in moved}
        return replace(self, matched=matched, placed={**self.placed, **placed})

    @property
    def renamings(self) -> tuple[Renaming, ...]:
        """Every way in which the two sides' names differ: the adapter's one renaming first, then what rules found."""
        differing = [(name, stored) for name, stored in self.matched.items() if name != stored]
        by_rules = [pair for pair in differing if self.renaming.apply(pair[0]) != pair[1]]
        first = [self.renaming] if len(by_rules) < len(differing) else []
        return tuple(dict.fromkeys([*first, *(_difference(*pair) for pair in by_rules)]))

    def own_name(self, stored: str) -> str:
        """What the adapter's model calls a stored tensor, as far as that can be told from what was found."""
        prefix = self.renaming.checkpoint_prefix
        if not stored.startswith(prefix):
            return stored
        return self.renaming.adapter_prefix + stored.removeprefix(prefix)


def map_keys(parameters: Sequence[str], checkpoint: Mapping[str, Any], config: Mapping[str, Any]) -> KeyMap:
    """Find each parameter (``…q_proj.weight``) in the checkpoint.

    The renaming that finds most parameters wins, none before any other. A head that is absent because it is tied
    to the input embeddings is found as ``tied``: parameter → the input embeddings' checkpoint name.
    """
    if all(map(checkpoint.__contains__, parameters)):
        own = dict(zip(parameters, parameters, strict=True))
        return KeyMap(Renaming(), own, {}, (), stacked=_stacked(own, config))
    renaming = _best_renaming(parameters, checkpoint)
    matched: dict[str, str] = {}
    tied: dict[str, str] = {}
    unmatched: list[str] = []
    for parameter in parameters:
        if (name := _find(parameter, renaming, checkpoint)) is not None:
            matched[parameter] = name
        elif (shared := _tied_to(parameter, checkpoint, config)) is not None:
            tied[parameter] = shared
        else:
            unmatched.append(parameter)
    if not unmatched:
        return KeyMap(renaming, matched, tied, (), stacked=_stacked(matched, config))
    return _converted(KeyMap(renaming, matched, tied, tuple(unmatched)), checkpoint, config)


def _converted(keys: KeyMap, checkpoint: Mapping[str, Any], config: Mapping[str, Any]) -> KeyMap:
    """Look for what names alone did not find, by transformers' rules for the model's class."""
    conversion = conversion_for(config, checkpoint)
    index = index_parameters(conversion, checkpoint)
    known = {*index.whole, *index.placed, *index.scattered}
    part_of = partial(_part, keys=keys, conversion=conversion, index=index, checkpoint=checkpoint, config=config)
    matched, placed, scattered = dict(keys.matched), dict[str, Placement](), dict[str, str]()
    unmatched: list[str] = []
    parts: set[str] = set()
    for parameter in keys.unmatched:
        spelling = next((name for name in conversion.spellings(parameter) if name in known), None)
        if spelling is None:
            part = part_of(parameter)
            if part is None:
                unmatched.append(parameter)
            else:
                placed[parameter] = part.placement
                parts |= {parameter} if part.of_stack else set()
        elif spelling in index.whole:
            matched[parameter] = index.whole[spelling]
        elif spelling in index.placed:
            placed[parameter] = index.placed[spelling]
        else:
            scattered[parameter] = index.scattered[spelling]
    stacked = _stacked(matched, config)
    return KeyMap(keys.renaming, matched, keys.tied, tuple(unmatched), placed, scattered, stacked | parts)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a stored tensor; ``of_stack`` where the class has one parameter for all of its kind."""

    placement: Placement
    of_stack: bool


def _part(
    parameter: str,
    *,
    keys: KeyMap,
    conversion: Conversion,
    index: ParameterIndex,
    checkpoint: Mapping[str, Any],
    config: Mapping[str, Any],
) -> _Part | None:
    """The part of a stored tensor that a parameter without a name of its own is."""
    find = partial(_spelled, keys=keys, conversion=conversion, index=index, checkpoint=checkpoint)
    stacked = _part_of_a_stack(parameter, conversion, index, checkpoint)
    if stacked := stacked or expert_of_stack(parameter, config, find, checkpoint):
        return _Part(stacked, of_stack=True)
    fused = part_of_fused(parameter, config, find, checkpoint)
    return _Part(fused, of_stack=False) if fused else None


def _spelled(
    parameter: str, keys: KeyMap, conversion: Conversion, index: ParameterIndex, checkpoint: Mapping[str, Any]
) -> str | None:
    """The stored name of a parameter that no adapter named, under any name it may go by."""
    for renaming in (keys.renaming, *_RENAMINGS):
        if (stored := _find(parameter, renaming, checkpoint)) is not None:
            return stored
    return next((index.whole[name] for name in conversion.spellings(parameter) if name in index.whole), None)


def _stacked(matched: Mapping[str, str], config: Mapping[str, Any]) -> frozenset[str]:
    """Of names that are alike but for an expert's number, one tells for all."""
    alike: dict[tuple[str, str], list[str]] = {}
    for name in matched:
        before, experts, rest = name.partition("experts.")
        if experts and _EXPERT.search(name):
            alike.setdefault((before, rest.lstrip(_DIGITS)), []).append(name)
    examples = {names[0]: names for names in alike.values()}
    told = stacked_names(conversion_for(config, ()), examples) if examples else ()
    return frozenset(name for example in told for name in examples[example])


def _part_of_a_stack(
    parameter: str, conversion: Conversion, index: ParameterIndex, checkpoint: Mapping[str, Any]
) -> Placement | None:
    """One expert's own matrix, for a checkpoint that stores all experts' as one tensor."""
    for name in conversion.spellings(parameter):
        hit = conversion.converter(name)
        number = _EXPERT.search(name)
        stored = index.whole.get(hit[0].rename(name)) if hit else None
        if hit is None or number is None or stored is None or hit[0].operations[0][0] != "MergeModulelist":
            continue
        experts, rows, columns = checkpoint[stored].shape
        expert, count = int(number[1]), rows // hit[0].sources
        if expert < experts:
            first = expert * rows + hit[1] * count
            return Placement((count, columns), (Block(stored, Steps(0, count), Steps(0, columns), None, first),))
    return None


def _difference(own: str, stored: str) -> Renaming:
    """What two names begin with before they agree; numbers of layers do not count."""
    ours, theirs = (re.sub(r"(?<=\.)\d+(?=\.)", "N", name).split(".") for name in (own, stored))
    same = 0
    while same < min(len(ours), len(theirs)) and ours[-1 - same] == theirs[-1 - same]:
        same += 1
    return Renaming(*(".".join(parts[: len(parts) - same]) for parts in (ours, theirs)))


def input_embeddings(checkpoint: Iterable[str]) -> str | None:
    """The checkpoint's input embedding matrix, if exactly one tensor has a name the field uses for it."""
    hits = [name for name in checkpoint if name.endswith(_INPUTS_END) and module_leaf(name) in INPUT_EMBEDDINGS]
    shared = [name for name in hits if module_leaf(name) == "shared"]
    return shared[0] if shared else hits[0] if len(hits) == 1 else None


def output_embeddings(checkpoint: Iterable[str]) -> str | None:
    """The checkpoint's own output embedding matrix, None where it is tied or absent."""
    return next((name for name in checkpoint if name in ("lm_head.weight", "embed_out.weight")), None)


def is_over_vocabulary(parameter: str) -> bool:
    """Whether a parameter's name is one the field uses for input embeddings or the head over the vocabulary."""
    return module_leaf(parameter) in _OVER_VOCABULARY


def _best_renaming(parameters: Sequence[str], checkpoint: Mapping[str, Any]) -> Renaming:
    best, most = Renaming(), -1
    for renaming in _RENAMINGS:
        hits = sum(_find(parameter, renaming, checkpoint) is not None for parameter in parameters)
        if hits == len(parameters):
            return renaming
        if hits > most:
            best, most = renaming, hits
    return best


def _find(parameter: str, renaming: Renaming, checkpoint: Mapping[str, Any]) -> str | None:
    renamed = renaming.apply(parameter)
    if renamed is not None and renamed in checkpoint:
        return renamed
    return parameter if parameter in checkpoint else None


def _tied_to(parameter: str, checkpoint: Mapping[str, Any], config: Mapping[str, Any]) -> str | None:
    if config.get("tie_word_embeddings") is False or not parameter.endswith(".weight"):
        return None
    return input_embeddings(checkpoint) if is_over_vocabulary(parameter) else None
