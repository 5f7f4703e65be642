"""``mergedesk verify``: prove or refute a merge."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ...domain.hub_reference import folder_or_name
from ...domain.progress import Cancelled, CancelToken
from ...domain.requests import VerifyRequest
from ...domain.verdict import Verdict, VerifyStatus, verdict_json
from ...pipelines.verify import verify as run_verify
from ...pipelines.verify_logits import with_logits
from ..fetching import with_folders
from ..interrupt import ctrl_c_cancels
from ..option_sets import takes
from ..options import Combining, Inputs, JsonOption, OwnAlphaOption
from ..output import ExitCode, print_json, told
from ..rendering import print_verdict, progress_bar


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """What ``verify`` takes."""

    inputs: Inputs
    merged: Annotated[
        Path,
        typer.Option("--merged", help="Folder that should be their merge.", metavar="DIR", parser=folder_or_name),
    ]
    quick: Annotated[bool, typer.Option("--quick", help="Look at samples of every tensor, not all rows.")] = False
    logits: Annotated[bool, typer.Option("--logits", help="Run the models too, and compare their outputs.")] = False
    combining: Combining
    own_alpha: OwnAlphaOption = None
    as_json: JsonOption = False

    def request(self) -> VerifyRequest:
        """What is asked for. Raises BadParameter."""
        inputs = self.inputs
        combination = self.combining.combination
        return VerifyRequest(inputs.base, inputs.adapters, self.merged, self.quick, combination, self.own_alpha)


@takes(VerifyOptions)
def verify(options: VerifyOptions) -> None:
    """Prove or refute a merge that any tool made."""
    request = with_folders(options.request(), as_json=options.as_json)
    verdict = _verdict(request, logits=options.logits)
    with told(verdict_code(verdict)):
        if options.as_json:
            print_json(verdict_json(verdict))
        else:
            print_verdict(verdict)


def _verdict(request: VerifyRequest, *, logits: bool) -> Verdict:
    cancel = CancelToken()
    try:
        with ctrl_c_cancels(cancel), progress_bar() as show:
            verdict = run_verify(request, show, cancel)
            return with_logits(verdict, request, show, cancel) if logits else verdict
    except Cancelled:
        return Verdict(VerifyStatus.CANCELLED, request.merged, quick=request.quick)


def verdict_code(verdict: Verdict) -> ExitCode:
    """How the shell is told of a finished proof."""
    if verdict.status is VerifyStatus.PROVED:
        return ExitCode.DONE if verdict.matches else ExitCode.VERIFICATION_FAILED
    codes = {VerifyStatus.REFUSED: ExitCode.REFUSED, VerifyStatus.CANCELLED: ExitCode.CANCELLED}
    return codes.get(verdict.status, ExitCode.FAILED)
