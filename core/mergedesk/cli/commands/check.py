"""``mergedesk check``: the preflight alone."""

from __future__ import annotations

import time
from dataclasses import replace

import psutil

from ...domain.hub_reference import reference_of
from ...domain.requests import CheckRequest
from ...hub.questions import Outline
from ...pipelines.check import SECONDS, check_with_libraries
from ...pipelines.check_on_hub import check_on_hub, named_on_hub
from ...pipelines.check_packed import check_packed
from ...planning.preflight import Preflight
from ..fetching import with_outline
from ..option_sets import takes
from ..options import CheckOptions, check_request, usable_scheme
from ..output import ExitCode, name_original, print_json, told
from ..rendering import preflight_json, print_preflight


@takes(CheckOptions)
def check(options: CheckOptions) -> None:
    """Check two folders without merging them; of a base on a hub only the headers are read."""
    spent = max(0.0, time.time() - psutil.Process().create_time())  # by starting this program
    until, asked = time.monotonic() + SECONDS - spent, check_request(options)
    scheme = usable_scheme(options.packing, asked)
    with with_outline(asked, as_json=options.as_json) as (request, outline):
        preflight = _checked(request, outline, spent)
        if scheme is not None:
            preflight = _packed(preflight, request, outline, scheme, until)
    with told(ExitCode.REFUSED if preflight.refused else ExitCode.DONE):
        if options.as_json:
            print_json(preflight_json(preflight))
        else:
            print_preflight(preflight)
            name_original(preflight.findings)


def _checked(request: CheckRequest, outline: Outline | None, spent: float) -> Preflight:
    reference = reference_of(request.base)
    if outline is None or reference is None:
        return check_with_libraries(request, spent)
    return check_on_hub(request, reference, outline, spent)


def _packed(
    preflight: Preflight, request: CheckRequest, outline: Outline | None, scheme: str, until: float
) -> Preflight:
    reference, folder = reference_of(request.base), outline.folder if outline else None
    if folder is None or reference is None:
        return check_packed(preflight, request, scheme, until)
    here = replace(request, base=folder)
    return check_packed(preflight, here, scheme, until, lambda said: named_on_hub(said, folder, reference))
