"""A merge's effect as a table for other programs: a line for each tensor, in the CSV of RFC 4180."""

from __future__ import annotations

import csv
import io

from ..domain.weight_delta import PRECISIONS, ModuleDelta, WeightDelta
from .weight_delta_map import Place, placed

_HEAD = ("tensor", "layer", "expert", "module", "weight_norm", "delta_norm", "relative", "largest", "unmoved", "kept")


def weight_delta_csv(effect: WeightDelta) -> str:
    """The table with its headings. Shares go from 0 to 1; what is not known is empty; ``sampled`` is 0 or 1.

    ``kept`` is the share of the change that the written precision keeps, ``kept_NAME`` what another would keep.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((*_HEAD, *(f"kept_{name}" for name in PRECISIONS), "sampled"))
    writer.writerows(_line(place, module) for place, module in placed(effect))
    return text.getvalue()


def _line(place: Place, module: ModuleDelta) -> tuple[object, ...]:
    numbers = (module.weight_norm, module.delta_norm, module.relative, module.largest, module.unmoved)
    kept = (module.kept.written, *(getattr(module.kept, name) for name in PRECISIONS))
    return module.name, place.layer, place.expert, ".".join(place.path), *numbers, *kept, int(module.sampled)
