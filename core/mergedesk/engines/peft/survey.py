"""Which parts of a model with an adapter PEFT merges, and what their parameters are called in the checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...checkpoints.adapter import Adapter
from ...checkpoints.adapter_keys import sort_contents
from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Code, UserError
from ...methods.registry import part_names
from ...planning.keymap import map_keys
from ...storage.safetensors_header import TensorRecord
from .attach import ALTERS_THE_BASE, refuse_unused

# What LN tuning calls the norms that it puts in the place of the base's.
_OWN_LAYERS = "ln_tuning_layers"


@dataclass(frozen=True, slots=True)
class TunerLayer:
    """One layer that PEFT merges: its tuners, outermost first, and output names by parameter of their base layer.

    ``initialisation``: what PEFT takes out of the base's weights before the adapter means anything. ``tied``: the
    layer shows another's trained rows, so that both sides of a tie stay equal.
    """

    tuners: tuple[Any, ...]
    names: Mapping[str, str]
    initialisation: str | None = None
    tied: bool = False

    def parameter(self, name: str) -> Any:
        """A parameter of the base layer as it is now; PEFT may have put a plain tensor in its place."""
        owner = self.tuners[0].get_base_layer()
        for part in name.split("."):
            owner = getattr(owner, part)
        return owner


@dataclass(frozen=True, slots=True)
class Survey:
    """The layers that can be merged one at a time; None where only PEFT's whole-model merge is sound.

    ``copies`` are tensors of the adapter that take the place of the base's, by output name. ``targeted`` are the
    names, in the model, of all parameters that the merge may change.
    """

    layers: tuple[TunerLayer, ...] | None
    copies: Mapping[str, TensorRecord]
    targeted: frozenset[str]


def survey(model: Any, base: Checkpoint, adapter: Adapter) -> Survey:
    """Look over a ``PeftModel``. Raises UserError(keys_unmatched) for tensors that PEFT did not take."""
    copies = find_copies(base, adapter)
    refuse_unused(model, adapter, copies)
    tuners = _tuners(model.get_base_model())
    parameters = {name: _parameters(name, stack[0]) for name, stack in tuners.items()}
    targeted = [parameter for names in parameters.values() for parameter in names.values()]
    keys = map_keys(targeted, base.tensors, base.config)
    everything = frozenset(targeted) | sort_contents(adapter.tensors, part_names()).copies.keys()
    asked = adapter.config.get("init_lora_weights")
    initialisation = str(asked) if asked in ALTERS_THE_BASE else None
    elsewhere = [*keys.unmatched, *keys.placed, *keys.scattered]
    if elsewhere and initialisation:
        raise UserError(Code.KEYS_UNMATCHED, count=len(elsewhere), total=len(targeted), names=elsewhere)
    if elsewhere:
        return Survey(None, copies, everything)
    layers = []
    for name, stack in tuners.items():
        tied = bool(getattr(stack[0], "tied_adapter", None))
        # A tied head without a tensor of its own goes under the name it would have.
        own = {local: keys.matched.get(full, full) for local, full in parameters[name].items()}
        if tied:
            own = {local: out for local, out in own.items() if out in base.tensors}
        layers.append(TunerLayer(tuple(stack), own, initialisation, tied))
    return Survey(tuple(layers), copies, everything)


def _tuners(model: Any) -> dict[str, list[Any]]:
    """Tuners by the name of the module they wrap, outermost first; several may share one base layer.

    Layers that PEFT merges by putting the adapter's own in their place have nothing to merge: they are full copies.
    A tuner within another, as in attention with packed projections, is merged by the outer one.
    """
    from peft.tuners.tuners_utils import BaseTunerLayer
    from peft.utils.other import TrainableTokensWrapper

    tuners: dict[str, list[Any]] = {}
    outer = ""
    for name, module in model.named_modules():
        tuner = module.token_adapter if isinstance(module, TrainableTokensWrapper) else module
        if not isinstance(tuner, BaseTunerLayer) or not hasattr(tuner, "merge") or hasattr(tuner, _OWN_LAYERS):
            continue
        if not (outer and name.startswith(f"{outer}.")):
            outer = name
            tuners[name] = [tuner]
        elif tuner is not tuners[outer][0] and tuner.get_base_layer() is tuners[outer][0].get_base_layer():
            tuners[outer].append(tuner)
    return tuners


def _parameters(name: str, tuner: Any) -> dict[str, str]:
    """The base layer's parameters: their name within it, and in the model without an adapter."""
    return {
        local: f"{name}.{local.replace('base_layer.', '')}"
        for local, _ in tuner.get_base_layer().named_parameters()
        if not any(part.startswith("lora_") for part in local.split("."))
    }


def find_copies(base: Checkpoint, adapter: Adapter) -> dict[str, TensorRecord]:
    """The adapter's own copies of base parameters, by output name; a tied head that is not stored by its own."""
    contents = sort_contents(adapter.tensors, part_names()).copies
    plain = {name.replace(f".{_OWN_LAYERS}.", "."): record for name, record in contents.items()}
    keys = map_keys(list(plain), base.tensors, base.config)
    return {keys.matched.get(name, name): record for name, record in plain.items() if name not in keys.unmatched}
