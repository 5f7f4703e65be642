"""Texts that are written as templates, in files beside the code that fills them."""

from __future__ import annotations

from pathlib import Path


def render(template: Path, *, escape: bool = False, **values: object) -> str:
    """The template filled; its filter ``repr`` writes a value as Python does.

    ``escape`` turns what HTML would take for markup into text, in every value.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(template.parent),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["repr"] = repr
    return environment.get_template(template.name).render(**values)
