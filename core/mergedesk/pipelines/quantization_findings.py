"""What is to be said of a quantised base after it was merged into: how large its rounding errors were."""

from __future__ import annotations

import math
from pathlib import Path

from ..checkpoints.checkpoint import Checkpoint, read_checkpoint
from ..domain.findings import Code, Finding, UserError, info, warning
from ..engines.quantization_error import QuantizationErrorStats
from ..planning.preflight import Ready


def original_of(ready: Ready) -> Checkpoint | None:
    """The 16-bit original of a quantised base, where it is on this computer and whole."""
    findings = ready.preflight.findings
    paths = (finding.data.get("original_path") for finding in findings if finding.code is Code.WILL_DEQUANTIZE)
    try:
        return next((read_checkpoint(Path(path)) for path in paths if isinstance(path, str)), None)
    except UserError:
        return None


def error_findings(errors: QuantizationErrorStats) -> tuple[Finding, ...]:
    """What was measured: the errors' size as a multiple of the adapter's change, and both as shares of the weights."""
    if not errors.delta or not errors.weights:
        return ()
    code = Code.QUANTIZATION_ERROR_MEASURED if errors.measured else Code.QUANTIZATION_ERROR_ESTIMATED
    ratio = math.sqrt(errors.error / errors.delta)
    shares = {
        "error_percent": _two_digits(100 * math.sqrt(errors.error / errors.weights)),
        "delta_percent": _two_digits(100 * math.sqrt(errors.delta / errors.weights)),
    }
    return ((warning if ratio > 1 else info)(code, ratio=_two_digits(ratio), **shares),)


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")
