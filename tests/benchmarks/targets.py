"""What is promised: at least, and as an aim. On 2 cores, 1.24 B at bfloat16, r = 16 on all linear layers, warm."""

from __future__ import annotations

from rows import Target

MB = 1_000_000

JOB_TO_COPY = Target(1.8, 1.5)
SYNCED_JOB_TO_SYNCED_COPY = Target(1.4, 1.2)
SCRIPT_TO_JOB = Target(10, 14, more_is_better=True)
COMMAND_TO_JOB = Target(2.2, 1.6)
JOB_CPU = Target(2.9, 2.3)
RESIDENT = Target(80 * MB, 64 * MB, every_run=True)
WIDE_PREFLIGHT = Target(4.0, 2.0)
WIDE_MEMORY = Target(400 * MB, 200 * MB, every_run=True)
MANY_EXPERTS_PREFLIGHT = Target(0.5, 0.25)
PREFLIGHT = Target(0.3, 0.1)
FULL_CHECK_TO_MERGE = Target(0.9, 0.7)
CHECK_MEMORY = Target(100 * MB, every_run=True)
QUICK_CHECK = Target(2.0)
NF4_TO_COPY = Target(4.0, 2.5)
WINDOW = Target(0.6, 0.5)
GAP = Target(0.060, 0.030, every_run=True)
FORECAST_OFF_BY = Target(0.30)
SAME_BYTES = Target(1, more_is_better=True, every_run=True)
