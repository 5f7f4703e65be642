"""One adapter laid over the base: where each parameter that it changes is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..checkpoints.adapter import Adapter
from ..checkpoints.adapter_keys import AdapterContents, sort_contents
from ..checkpoints.checkpoint import Checkpoint, StoredTensor
from ..methods.registry import is_streamed, method_of, part_names
from ..methods.update import Method
from .keymap import KeyMap, map_keys
from .moe_experts import assign_parameters, wrapped_parameters


@dataclass(frozen=True, slots=True)
class ResolvedAdapter:
    """One adapter laid over the base: its contents and where each parameter is found."""

    adapter: Adapter
    weight: float
    contents: AdapterContents
    keys: KeyMap

    @property
    def modules(self) -> set[str]:
        """Every module the adapter holds weights for."""
        copied = {name.rpartition(".")[0] for name in self.contents.copies}
        tuned = {target.module for target in self.contents.tuned}
        return {pair.module for pair in self.contents.lora} | tuned | copied | set(self.contents.unpaired)

    @property
    def parameters(self) -> set[str]:
        """Every parameter the adapter changes, as its model names them."""
        return set(_wanted(self.contents))

    @property
    def methods(self) -> dict[str, Method]:
        """The methods of those modules that store parts of their own."""
        by_module = {tuned.module: method_of(tuned.parts) for tuned in self.contents.tuned}
        return {module: method for module, method in by_module.items() if method is not None}

    @property
    def trained_rows(self) -> set[str]:
        """The modules of which single rows are trained, for all that share an embedding at once."""
        return {module for module, method in self.methods.items() if method.trains_rows}

    def target(self, base: Checkpoint, parameter: str) -> StoredTensor:
        """The base tensor that a found or tied parameter of the adapter's model is stored in."""
        return base.tensors[self.keys.matched.get(parameter) or self.keys.tied[parameter]]

    def stored_name(self, parameter: str) -> str:
        """What the checkpoint calls a parameter of the adapter's model; its own name where that is not found."""
        return self.keys.matched.get(parameter, parameter)

    @property
    def unmatched_modules(self) -> set[str]:
        """Modules of the adapter that the base does not have, or whose pair is incomplete."""
        return {name.rpartition(".")[0] for name in self.keys.unmatched} | set(self.contents.unpaired)


def map_adapter(base: Checkpoint, adapter: Adapter, weight: float = 1.0) -> ResolvedAdapter:
    """Find the base tensor for everything an adapter holds."""
    contents = sort_contents(adapter.tensors, part_names())
    wrapped = wrapped_parameters(contents.lora, adapter.config)
    candidates = [f"{module}.{leaf}" for module, leaves in wrapped.items() for leaf in leaves]
    keys = map_keys([*dict.fromkeys([*_wanted(contents), *candidates])], base.tensors, base.config)
    if wrapped:
        keys = keys.as_placed(candidates, base.tensors)
        contents = replace(contents, lora=assign_parameters(contents.lora, wrapped, keys.placed))
    return ResolvedAdapter(adapter, weight, contents, keys.only(_wanted(contents), contents.copies))


def _wanted(contents: AdapterContents) -> list[str]:
    """The parameters that an adapter's contents are for."""
    biases = (f"{pair.module}.bias" for pair in contents.lora if pair.bias)
    tuned = (f"{target.module}.weight" for target in contents.tuned)
    return [*dict.fromkeys([*(pair.name for pair in contents.lora), *tuned, *biases, *contents.copies])]


def speaks_plain_lora(adapter: Adapter) -> bool:
    """Whether module names and ranks in the adapter mean what plain LoRA means by them."""
    differs = ("layer_replication", "use_bdlora")
    return adapter.peft_type == "LORA" and not any(adapter.config.get(field) for field in differs)


def names_modules(adapter: Adapter) -> bool:
    """Whether each of the adapter's tensors is named after the one module that it changes."""
    return speaks_plain_lora(adapter) or is_streamed(adapter.peft_type)
