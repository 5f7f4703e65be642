"""Write the fields of PEFT's configs, with their defaults, into the table that planning reads without importing PEFT.

``python tests/tools/export_config_fields.py`` renews core/mergedesk/methods/config_fields.json. A test compares it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from peft import PeftType
from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING

from mergedesk.methods.peft_methods import TABLE, cannot_merge


def build_table() -> dict[str, dict[str, Any]]:
    """Every method that can be merged; a field that is the method's name has no default."""
    methods = sorted(one.value for one in PeftType if not cannot_merge(one.value))
    return {name: _fields(PEFT_TYPE_TO_CONFIG_MAPPING[PeftType[name]]) for name in methods}


def _fields(config: Any) -> dict[str, Any]:
    defaults = {one.name: _plain_default(one) for one in dataclasses.fields(config)}
    return {**dict(sorted(defaults.items())), "peft_type": None}


def _plain_default(field: dataclasses.Field[Any]) -> Any:
    """A field's default as it stands in the JSON that PEFT saves."""
    default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
    if default is dataclasses.MISSING:
        return None
    return dataclasses.asdict(default) if dataclasses.is_dataclass(default) else default  # type: ignore[arg-type]


def as_text(table: Mapping[str, Mapping[str, Any]]) -> str:
    """JSON with one line for each field, so that a renewal shows what changed."""
    return json.dumps(table, indent=1) + "\n"


if __name__ == "__main__":
    TABLE.write_text(as_text(build_table()), encoding="utf-8", newline="\n")
