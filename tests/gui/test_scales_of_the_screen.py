"""Pages and dialogs are whole at 100 to 250 % on a screen no larger than the smallest window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FACTORS = ("1.0", "1.25", "1.5", "2.0", "2.5")
HELPERS = Path(__file__).parents[1] / "helpers"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="each factor is looked at in a process that is forked")
def test_pages_and_dialogs_at_every_scale(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(HELPERS), "XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, str(HELPERS / "at_scales.py"), *FACTORS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.splitlines() == [f"looked at {float(factor):g}" for factor in FACTORS], done.stderr
