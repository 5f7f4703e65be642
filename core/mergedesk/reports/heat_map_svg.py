"""A map of layers × kinds of modules as one SVG element for a page: nothing fetched, and words for listeners."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ..runtime.templates import render
from .weight_delta_map import Cell, Quantity, WeightDeltaMap

# Of cividis (Nuñez et al. 2018), made for colour-blind eyes; without its darkest fifth, which a dark page would hide.
RAMP = (
    (0x33, 0x47, 0x6C),
    (0x5B, 0x61, 0x70),
    (0x80, 0x7C, 0x78),
    (0xB1, 0x9F, 0x6E),
    (0xDC, 0xC4, 0x5A),
    (0xFE, 0xE8, 0x38),
)
_PICTURE = Path(__file__).parent / "templates" / "heat_map.svg.jinja"
_TITLES = {
    Quantity.RELATIVE: "Change of each module, relative to its weights' size (‖ΔW‖ / ‖W‖)",
    Quantity.LARGEST: "Largest change of a single weight in each module",
    Quantity.ROUNDED_AWAY: "Share of each module's change that rounding takes away",
    Quantity.UNMOVED: "Share of each module's weights that rounding leaves as they were",
}


def colour(share: float) -> tuple[int, int, int]:
    """The ramp's colour at ``share`` of the way, 0 to 1."""
    place = max(0.0, min(1.0, share)) * (len(RAMP) - 1)
    step = min(int(place), len(RAMP) - 2)
    red, green, blue = (
        round(low + (high - low) * (place - step)) for low, high in zip(RAMP[step], RAMP[step + 1], strict=True)
    )
    return red, green, blue


def heat_map(delta_map: WeightDeltaMap, quantity: Quantity) -> str:
    """The element, with ids that one page has once. A map without values is a frame with its names.

    The colours go from zero to the largest value, so that twice the way is twice the value.
    """
    values = delta_map.values(quantity)
    return render(
        _PICTURE,
        escape=True,
        map=delta_map,
        longest_label=max((len(kind.label) for kind in delta_map.kinds), default=0),
        title=_TITLES[quantity],
        description=_description(delta_map, values, quantity),
        values=sorted(values.items()),
        most=max(values.values(), default=0.0) or 1.0,
        fill=lambda share: "#{:02x}{:02x}{:02x}".format(*colour(share)),
        spoken=partial(_spoken, quantity),
    )


def _spoken(quantity: Quantity, value: float) -> str:
    return f"{value:.3g}" if quantity is Quantity.LARGEST else f"{100 * value:.3g} %"


def _description(delta_map: WeightDeltaMap, values: dict[Cell, float], quantity: Quantity) -> str:
    if not values:
        return "No values are known."
    ends = (("largest", max(values, key=values.__getitem__)), ("smallest", min(values, key=values.__getitem__)))
    said = (
        f"{name} {_spoken(quantity, values[row, column])} in {delta_map.kinds[row].label} "
        f"of layer {delta_map.columns[column]}"
        for name, (row, column) in ends
    )
    return f"{len(delta_map.kinds)} kinds of modules in {len(delta_map.columns)} layers: {', '.join(said)}."
