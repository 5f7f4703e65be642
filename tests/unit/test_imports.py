"""What may import what, looked at from outside: the rules themselves are in pyproject.toml, for lint-imports."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"torch", "transformers", "peft", "safetensors", "numpy"}
WINDOW = {"PySide6", "mergedesk_gui"}
LIGHT = [
    "mergedesk",
    "mergedesk.inspection.inspect_folder",
    "mergedesk.inspection.find_local",
    "mergedesk.planning.preflight",
    "mergedesk.quantization.registry",
    "mergedesk.domain.findings",
    "mergedesk.domain.progress",
    "mergedesk.domain.messages",
    "mergedesk.domain.merge_report",
    "mergedesk.domain.requests",
    "mergedesk.output.companions",
    "mergedesk.output.staging",
    "mergedesk.pipelines.merge",
    "mergedesk.cli.commands",
    "mergedesk.cli.rendering",
    "mergedesk.reports.equivalent_code",
    "mergedesk.demo.base_model",
    "mergedesk.runtime.transformers_class",
]


def loaded_by(modules: list[str]) -> set[str]:
    """The top-level packages in a fresh interpreter that imported ``modules``."""
    script = f"import sys, {', '.join(modules)}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=90)
    return set(done.stdout.split())


@pytest.mark.slow
def test_what_answers_at_once_loads_nothing_heavy() -> None:
    assert loaded_by(LIGHT).isdisjoint(HEAVY | WINDOW)


@pytest.mark.slow
@pytest.mark.parametrize("module", ["mergedesk.pipelines.merge", "mergedesk.cli.commands"])
def test_modules_stand_by_themselves(module: str) -> None:
    assert loaded_by([module]).isdisjoint(HEAVY | WINDOW)


def test_the_engine_logs_nothing_by_itself() -> None:
    """A traceback in the log is for whoever asked for a log, not for the terminal."""
    script = "import logging, mergedesk; logging.getLogger('mergedesk').error('boom')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=90)
    assert done.stderr == ""
