"""What the adapter does, module by module: a sentence, a table of kinds of modules, and a heat map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..domain.weight_delta import KeptShare, ModuleDelta, WeightDelta, kept_of, percent
from .document_parts import Row, Section, Table
from .heat_map_svg import heat_map
from .weight_delta_map import Group, Quantity, WeightDeltaMap, by_group, effect_map, value_of

_KEPT = (
    "Kept: how many times the adapter's change is in the weights once rounded, by least squares; 100 % means that "
    "rounding takes nothing away on balance."
)
_GROUPS = {Group.ATTENTION: "attention", Group.MLP: "the MLP"}


def effect_section(effect: WeightDelta) -> Section:
    """The section of a report; without modules in layers it has no heat map."""
    delta_map = effect_map(effect)
    rows = [*_kinds(delta_map), *_apart(delta_map)]
    known_kept = any(kept_of([module]).written is not None for module in effect.modules)
    headers = ("Modules", "Tensors", "Change", "Largest change", "Kept", "Changed most")
    note = " ".join(part for part in (_sentence(effect, delta_map), _precisions(effect), _KEPT * known_kept) if part)
    table = Table(headers, tuple(rows), numeric=(1, 2, 3, 4))
    chart = heat_map(delta_map, Quantity.RELATIVE) if delta_map.cells else ""
    return Section("What the adapter changes", table, note, chart)


def share(value: float | None) -> str:
    """A share of the weights' size, as people read it."""
    return "" if value is None else f"{100 * value:.2g} %" if value < 0.995 else f"{100 * value:.3g} %"


def _kinds(delta_map: WeightDeltaMap) -> Iterator[Row]:
    for number, kind in enumerate(delta_map.kinds):
        cells = {delta_map.columns[column]: cell for (row, column), cell in delta_map.cells.items() if row == number}
        modules = [module for cell in cells.values() for module in cell]
        most = max(cells, key=lambda layer: value_of(cells[layer], Quantity.RELATIVE) or 0.0)
        where = f"layer {most}: {share(value_of(cells[most], Quantity.RELATIVE))}"
        yield Row((kind.label, str(len(modules)), *_numbers(modules), where))


def _apart(delta_map: WeightDeltaMap) -> Iterator[Row]:
    for module in delta_map.apart:
        yield Row((module.name, "1", *_numbers([module]), ""))


def _numbers(modules: Sequence[ModuleDelta]) -> tuple[str, str, str]:
    largest, kept = value_of(modules, Quantity.LARGEST), kept_of(modules).written
    shown = share(value_of(modules, Quantity.RELATIVE)), f"{largest:.3g}" if largest is not None else ""
    return (*shown, f"{percent(kept)} %" if kept is not None else "")


def _sentence(effect: WeightDelta, delta_map: WeightDeltaMap) -> str:
    values = delta_map.values(Quantity.RELATIVE)
    if not values:
        return ""
    row, column = max(values, key=lambda place: values[place])
    strongest = (
        f"The adapter changes {delta_map.kinds[row].label} of layer {delta_map.columns[column]} most: by "
        f"{share(values[row, column])} of its weights' size (‖ΔW‖ / ‖W‖)."
    )
    groups = by_group(effect)
    if len(groups) < 2:
        return strongest
    more, less = sorted(groups, key=lambda group: -groups[group])
    sizes = share(groups[more]), share(groups[less])
    return f"{strongest} In all, {_GROUPS[more]} changes more ({sizes[0]}) than {_GROUPS[less]} ({sizes[1]})."


def _precisions(effect: WeightDelta) -> str:
    kept: KeptShare = effect.kept
    shares = {name: getattr(kept, name) for name in ("bfloat16", "float16", "float32")}
    told = [f"{name} {percent(value)} %" for name, value in shares.items() if value is not None]
    return f"Each precision would keep of the change: {', '.join(told)}." if told else ""
