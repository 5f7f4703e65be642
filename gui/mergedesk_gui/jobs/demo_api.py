"""The demo's parts as the window asks for them, gathered so that tests can put others in their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .quiet_imports import importing_quietly

if TYPE_CHECKING:
    from mergedesk.demo.base_model import DemoParts


def _find() -> DemoParts:
    from mergedesk.demo.base_model import find_demo_parts

    return find_demo_parts()


def _make(say: Callable[[str], None]) -> Path:
    from mergedesk.demo.base_model import demo_base_folder, make_demo_base
    from mergedesk.pipelines.merge import warm_up

    with importing_quietly():
        warm_up()
    return make_demo_base(demo_base_folder(), say)


def _output() -> Path:
    from mergedesk.demo.base_model import demo_output_folder

    return demo_output_folder()


@dataclass(frozen=True, slots=True)
class DemoBackend:
    """``find`` and ``make`` are called off the GUI thread; ``make`` tells what it does, and stops if telling raises."""

    find: Callable[[], DemoParts] = _find
    make: Callable[[Callable[[str], None]], Path] = _make
    output: Callable[[], Path] = _output
