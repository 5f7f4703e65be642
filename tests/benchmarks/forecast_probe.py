"""How long the check before a merge says that it will take. Prints one JSON object.

``python forecast_probe.py BASE ADAPTER OUTPUT``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines.check import check


def main() -> None:
    """Check once."""
    base, adapter, output = map(Path, sys.argv[1:])
    expected = check(MergeRequest(base, (AdapterChoice(adapter),), output)).expected_seconds
    if expected is None:
        raise SystemExit("there is no forecast")
    print(json.dumps({"expected": expected}))


if __name__ == "__main__":
    main()
