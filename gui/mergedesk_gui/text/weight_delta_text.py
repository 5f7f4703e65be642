"""What an adapter does to the weights, in the person's language."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.units import human_count
from mergedesk.domain.weight_delta import PRECISIONS, ModuleDelta, WeightDelta, advice, kept_of, percent
from mergedesk.reports.weight_delta_map import Group, Quantity, WeightDeltaMap, by_group, value_of

from .messages import finding_message

translate = QCoreApplication.translate


def quantity_text(quantity: Quantity) -> tuple[str, str]:
    """A quantity's short name, and what it is."""
    return {
        Quantity.RELATIVE: (
            translate("Effect", "Relative change"),
            translate("Effect", "The size of the change relative to the size of the weights: ‖ΔW‖ / ‖W‖"),
        ),
        Quantity.LARGEST: (
            translate("Effect", "Largest change"),
            translate("Effect", "The largest change of a single weight: the largest |ΔW|"),
        ),
        Quantity.ROUNDED_AWAY: (
            translate("Effect", "Rounded away"),
            translate("Effect", "The share of the change that rounding to the written precision takes away"),
        ),
        Quantity.UNMOVED: (
            translate("Effect", "Unchanged weights"),
            translate("Effect", "The share of weights whose change is too small for the written precision"),
        ),
    }[quantity]


def headline(effect: WeightDelta, found: WeightDeltaMap) -> str:
    """Where the adapter changes most, and whether attention or MLP changes more."""
    values = found.values(Quantity.RELATIVE)
    if not values or not max(values.values()):
        return translate("Effect", "No module in a layer changes measurably.")
    row, column = max(values, key=lambda cell: values[cell])
    sentence = translate(
        "Effect", "The adapter changes layer {layer}'s {kind} most: by {share} % of its weights' size."
    )
    where = {"layer": found.columns[column], "kind": found.kinds[row].label}
    return " ".join((sentence.format(**where, share=share(values[row, column])), _groups(effect))).strip()


def _groups(effect: WeightDelta) -> str:
    groups = by_group(effect)
    if len(groups) < 2:
        return ""
    more, less = sorted(groups, key=lambda one: -groups[one])
    if groups[more] < 1.1 * groups[less]:
        sentence = translate("Effect", "Attention and MLP change about alike: by {more} % and {less} %.")
        attention, mlp = share(groups[Group.ATTENTION]), share(groups[Group.MLP])
        return sentence.format(more=attention, less=mlp)
    sentence = (
        translate("Effect", "Attention changes more than the MLP: by {more} % against {less} %.")
        if more is Group.ATTENTION
        else translate("Effect", "The MLP changes more than attention: by {more} % against {less} %.")
    )
    return sentence.format(more=share(groups[more]), less=share(groups[less]))


def precision_text(effect: WeightDelta) -> tuple[str, bool]:
    """What the written precision keeps and what others would, and whether that is a warning; empty if not known."""
    if found := advice(effect):
        return finding_message(found[0]).whole, True
    kept = effect.kept
    if kept.written is None:
        return "", False
    others = {name: getattr(kept, name) for name in PRECISIONS if name != effect.precision}
    told = ", ".join(f"{name} {percent(one)} %" for name, one in others.items() if one is not None)
    if not effect.precision or not told:
        return translate("Effect", "Rounding keeps {kept} % of the change.").format(kept=percent(kept.written)), False
    sentence = translate("Effect", "{precision} keeps {kept} % of this adapter's effect; others would keep: {others}.")
    return sentence.format(precision=effect.precision, kept=percent(kept.written), others=told), False


def cell_text(place: str, modules: Sequence[ModuleDelta], precision: str) -> str:
    """All that is known of a cell; ``place`` names it."""
    if not modules:
        return translate("Effect", "{place}: the adapter does not change it.").format(place=place)
    relative, largest = value_of(modules, Quantity.RELATIVE), value_of(modules, Quantity.LARGEST)
    unmoved, kept = value_of(modules, Quantity.UNMOVED), kept_of(modules).written
    parts = [translate("Effect", "changes by {share} % of its weights' size").format(share=share(relative or 0.0))]
    if largest is not None:
        parts.append(translate("Effect", "a single weight by {largest} at most").format(largest=f"{largest:.3g}"))
    if kept is not None:
        words = (
            translate("Effect", "{precision} keeps {kept} %") if precision else translate("Effect", "{kept} % is kept")
        )
        parts.append(words.format(precision=precision, kept=percent(kept)))
    if unmoved is not None:
        words = translate("Effect", "rounding leaves {share} % of the weights as they were")
        parts.append(words.format(share=share(unmoved)))
    return f"{place}: {'; '.join(parts)}.{_spread(modules)}"


def _spread(modules: Sequence[ModuleDelta]) -> str:
    """From where to where several experts go."""
    shares = [one.relative for one in modules if one.relative is not None]
    if len(modules) < 2 or not shares:
        return ""
    sentence = translate("Effect", "{count} experts together; one by one from {low} % to {high} %.")
    return " " + sentence.format(count=human_count(len(modules)), low=share(min(shares)), high=share(max(shares)))


def place_text(found: WeightDeltaMap, row: int, column: int, expert_layer: int | None) -> str:
    """The name of a cell."""
    kind, number = found.kinds[row].label, found.columns[column]
    if expert_layer is not None:
        sentence = translate("Effect", "Layer {layer}, expert {expert}, {kind}")
        return sentence.format(layer=expert_layer, expert=number, kind=kind)
    return translate("Effect", "Layer {layer}, {kind}").format(layer=number, kind=kind)


def share(value: float) -> str:
    """A share as percent, two or three digits."""
    return f"{100 * value:.2g}" if value < 0.995 else f"{100 * value:.3g}"
