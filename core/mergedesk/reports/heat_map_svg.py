"""A map of layers × kinds of modules as one SVG element for a page: nothing fetched, and words for listeners."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from .weight_delta_map import Quantity, WeightDeltaMap

# Of cividis (Nuñez et al. 2018), made for colour-blind eyes; without its darkest fifth, which a dark page would hide.
RAMP = (
    (0x33, 0x47, 0x6C),
    (0x5B, 0x61, 0x70),
    (0x80, 0x7C, 0x78),
    (0xB1, 0x9F, 0x6E),
    (0xDC, 0xC4, 0x5A),
    (0xFE, 0xE8, 0x38),
)
_CELL, _HEIGHT, _WIDE = 22, 20, 40
_LETTER, _TOP, _FONT = 7.2, 22, 12
_MOST_LABELS = 24
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


def spoken(value: float, quantity: Quantity) -> str:
    """A value of the map for people."""
    return f"{value:.3g}" if quantity is Quantity.LARGEST else f"{100 * value:.3g} %"


def heat_map(found: WeightDeltaMap, quantity: Quantity) -> str:
    """The element, with ids that one page has once. A map without values is a frame with its names."""
    return "".join(_parts(found, quantity))


def _parts(found: WeightDeltaMap, quantity: Quantity) -> Iterator[str]:
    left = 12 + _LETTER * max((len(kind.label) for kind in found.kinds), default=0)
    cell = _WIDE if len(found.columns) <= 12 else _CELL
    width, bottom = left + cell * len(found.columns) + 8, _TOP + _HEIGHT * len(found.kinds)
    values = found.values(quantity)
    yield (
        f'<svg role="img" aria-labelledby="effect-title effect-text" '
        f'viewBox="0 0 {max(width, left + 330):.0f} {bottom + 62}" width="{max(width, left + 330):.0f}" '
        f'font-family="system-ui, sans-serif" font-size="{_FONT}" class="effect-map">'
    )
    yield "<style>.effect-map { color: #1d2129; max-width: none } @media (prefers-color-scheme: dark) "
    yield "{ .effect-map { color: #e6e9ef } } @media print { .effect-map { color: #000 } }</style>"
    yield f'<title id="effect-title">{escape(_TITLES[quantity])}</title>'
    yield f'<desc id="effect-text">{escape(_description(found, values, quantity))}</desc>'
    yield '<g fill="currentColor">'
    yield from _axes(found, left, cell)
    yield "</g>"
    for (row, column), value in sorted(values.items()):
        place = f'x="{left + cell * column:.1f}" y="{_TOP + _HEIGHT * row}" width="{cell - 1}" height="{_HEIGHT - 1}"'
        text = f"Layer {found.columns[column]}, {found.kinds[row].label}: {spoken(value, quantity)}"
        yield f'<rect {place} fill="{_hex(_part_of(value, values))}" stroke="currentColor" stroke-opacity="0.25">'
        yield f"<title>{escape(text)}</title></rect>"
    yield from _legend(values, quantity, left, bottom + 22)
    yield "</svg>"


def _axes(found: WeightDeltaMap, left: float, cell: int) -> Iterator[str]:
    for row, kind in enumerate(found.kinds):
        yield f'<text x="{left - 6:.1f}" y="{_TOP + _HEIGHT * row + 14}" text-anchor="end">{escape(kind.label)}</text>'
    step = 1 + max(0, len(found.columns) - 1) // _MOST_LABELS
    for column, number in list(enumerate(found.columns))[::step]:
        yield f'<text x="{left + cell * (column + 0.5):.1f}" y="{_TOP - 7}" text-anchor="middle">{number}</text>'
    yield f'<text x="{left - 6:.1f}" y="{_TOP - 7}" text-anchor="end">layer</text>'


def _legend(values: dict[tuple[int, int], float], quantity: Quantity, left: float, top: int) -> Iterator[str]:
    if not values:
        return
    low, high = _ends(values)
    for number in range(60):
        yield f'<rect x="{left + 4 * number:.1f}" y="{top}" width="4.5" height="10" fill="{_hex(number / 59)}"/>'
    marks = ((0, low, "start"), (120, (low + high) / 2, "middle"), (240, high, "end"))
    for place, value, anchor in marks:
        text = f'<text x="{left + place:.1f}" y="{top + 25}" text-anchor="{anchor}" fill="currentColor">'
        yield f"{text}{escape(spoken(value, quantity))}</text>"


def _description(found: WeightDeltaMap, values: dict[tuple[int, int], float], quantity: Quantity) -> str:
    if not values:
        return "No values are known."
    low, high = min(values, key=lambda one: values[one]), max(values, key=lambda one: values[one])
    ends = (
        f"{name} {spoken(values[place], quantity)} in {found.kinds[place[0]].label} of layer {found.columns[place[1]]}"
        for name, place in (("largest", high), ("smallest", low))
    )
    return f"{len(found.kinds)} kinds of modules in {len(found.columns)} layers: {', '.join(ends)}."


def _ends(values: dict[tuple[int, int], float]) -> tuple[float, float]:
    """The scale starts at zero, so that twice the way is twice the value."""
    return 0.0, max(values.values()) or 1.0


def _part_of(value: float, values: dict[tuple[int, int], float]) -> float:
    low, high = _ends(values)
    return (value - low) / (high - low)


def _hex(share: float) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour(share))
