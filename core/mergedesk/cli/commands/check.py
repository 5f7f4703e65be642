"""``mergedesk check``: the preflight alone."""

from __future__ import annotations

import time

import psutil

from ...pipelines.check import check_with_libraries
from ..fetching import with_folders
from ..option_sets import takes
from ..options import CheckOptions, check_request
from ..output import ExitCode, name_original, print_json, told
from ..rendering import preflight_json, print_preflight


@takes(CheckOptions)
def check(options: CheckOptions) -> None:
    """Check two folders without merging them."""
    spent = time.time() - psutil.Process().create_time()  # by starting this program
    request = with_folders(check_request(options), as_json=options.as_json)
    preflight = check_with_libraries(request, max(0.0, spent))
    with told(ExitCode.REFUSED if preflight.refused else ExitCode.DONE):
        if options.as_json:
            print_json(preflight_json(preflight))
        else:
            print_preflight(preflight)
            name_original(preflight.findings)
