"""What an adapter does to the weights, in the person's language."""

from __future__ import annotations

from collections.abc import Sequence

from mergedesk.domain.weight_delta import PRECISIONS, ModuleDelta, WeightDelta, advice, kept_of, percent
from mergedesk.reports.weight_delta_map import Group, Quantity, WeightDeltaMap, by_group, value_of

from .messages import finding_message, say
from .numbers import written


def quantity_text(quantity: Quantity) -> tuple[str, str]:
    """A quantity's short name, and what it is."""
    return say(f"quantity.{quantity}.name"), say(f"quantity.{quantity}.meaning")


def headline(effect: WeightDelta, delta_map: WeightDeltaMap) -> str:
    """Where the adapter changes most, and whether attention or MLP changes more."""
    values = delta_map.values(Quantity.RELATIVE)
    if not values or not max(values.values()):
        return say("delta.nothing")
    row, column = max(values, key=lambda cell: values[cell])
    layer, kind = str(delta_map.columns[column]), delta_map.kinds[row].label
    return f"{say('delta.most', layer=layer, kind=kind, share=share(values[row, column]))} {_groups(effect)}".strip()


def _groups(effect: WeightDelta) -> str:
    groups = by_group(effect)
    if len(groups) < 2:
        return ""
    more, less = sorted(groups, key=lambda group: -groups[group])
    if groups[more] < 1.1 * groups[less]:
        return say("delta.alike", more=share(groups[Group.ATTENTION]), less=share(groups[Group.MLP]))
    return say(f"delta.more_in_{more}", more=share(groups[more]), less=share(groups[less]))


def precision_text(effect: WeightDelta) -> tuple[str, bool]:
    """What the written precision keeps and what others would, and whether that is a warning; empty if not known."""
    if warnings := advice(effect):
        return finding_message(warnings[0]).whole, True
    kept = effect.kept
    if kept.written is None:
        return "", False
    others = {name: getattr(kept, name) for name in PRECISIONS if name != effect.precision}
    told = ", ".join(f"{name} {written(percent(value))} %" for name, value in others.items() if value is not None)
    if not effect.precision or not told:
        return say("delta.kept", kept=percent(kept.written)), False
    return say("delta.kept_by", precision=effect.precision, kept=percent(kept.written), others=told), False


def cell_text(place: str, modules: Sequence[ModuleDelta], precision: str) -> str:
    """All that is known of a cell; ``place`` names it."""
    if not modules:
        return say("delta.cell.unchanged", place=place)
    relative, largest = value_of(modules, Quantity.RELATIVE), value_of(modules, Quantity.LARGEST)
    unmoved, kept = value_of(modules, Quantity.UNMOVED), kept_of(modules).written
    parts = [say("delta.cell.relative", share=share(relative or 0.0))]
    if largest is not None:
        parts.append(say("delta.cell.largest", largest=written(f"{largest:.3g}")))
    if kept is not None:
        key = "delta.cell.kept_by" if precision else "delta.cell.kept"
        parts.append(say(key, precision=precision, kept=percent(kept)))
    if unmoved is not None:
        parts.append(say("delta.cell.unmoved", share=share(unmoved)))
    return f"{place}: {'; '.join(parts)}.{_spread(modules)}"


def _spread(modules: Sequence[ModuleDelta]) -> str:
    """From where to where several experts go."""
    shares = [module.relative for module in modules if module.relative is not None]
    if len(modules) < 2 or not shares:
        return ""
    return f" {say('delta.experts', number=len(modules), low=share(min(shares)), high=share(max(shares)))}"


def place_text(delta_map: WeightDeltaMap, row: int, column: int, expert_layer: int | None) -> str:
    """The name of a cell."""
    kind, number = delta_map.kinds[row].label, str(delta_map.columns[column])
    if expert_layer is not None:
        return say("delta.place.expert", layer=str(expert_layer), expert=number, kind=kind)
    return say("delta.place.layer", layer=number, kind=kind)


def share(value: float) -> str:
    """A share as percent, two or three digits."""
    return written(f"{100 * value:.2g}" if value < 0.995 else f"{100 * value:.3g}")
