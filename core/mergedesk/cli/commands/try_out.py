"""``mergedesk try``: the same question to base, base with adapter, and merged model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ...domain.progress import CancelToken
from ...domain.requests import Precision
from ...inference.trial import ALL_SIDES, Side, Trial, TrialRequest, UnmergedLoading
from ...pipelines.trial import try_it
from ..interrupt import ctrl_c_cancels
from ..option_sets import takes
from ..options import Inputs, JsonOption
from ..output import ExitCode, print_json
from ..trial_rendering import Printer, print_trial, trial_json


@dataclass(frozen=True, slots=True, kw_only=True)
class TryOptions:
    """What ``try`` takes."""

    inputs: Inputs
    prompt: Annotated[str, typer.Option("--prompt", help="What the models are asked.", metavar="TEXT")]
    merged: Annotated[Path | None, typer.Option("--merged", help="Folder of the merged model.", metavar="DIR")] = None
    loading: Annotated[UnmergedLoading, typer.Option("--loading", help="How base and adapter are loaded unmerged.")] = (
        UnmergedLoading.PEFT_MODEL
    )
    precision: Annotated[Precision, typer.Option(help="Precision to compute in.")] = Precision.AUTO
    max_tokens: Annotated[int, typer.Option("--max-tokens", min=1, help="Longest answer, in tokens.")] = 128
    device: Annotated[str, typer.Option("--device", help="Where to compute: cpu, cuda:0, mps.")] = "cpu"
    as_json: JsonOption = False

    def request(self) -> TrialRequest:
        """What is asked for. Raises BadParameter."""
        return TrialRequest(
            base=self.inputs.base,
            adapters=self.inputs.adapters,
            merged=self.merged,
            prompt=self.prompt,
            sides=tuple(side for side in ALL_SIDES if self.merged or side is not Side.MERGED),
            loading=self.loading,
            device=self.device,
            precision=self.precision,
            max_new_tokens=self.max_tokens,
        )


@takes(TryOptions)
def try_out(options: TryOptions) -> None:
    """Ask base, base with adapter, and merged model the same, and show their answers side by side."""
    request, cancel, printer = options.request(), CancelToken(), Printer()
    with ctrl_c_cancels(cancel):
        trial = try_it(request, (lambda _: None) if options.as_json else printer.show, lambda _: None, cancel)
    if options.as_json:
        print_json(trial_json(trial))
    else:
        print_trial(trial)
    raise typer.Exit(trial_code(trial, cancel))


def trial_code(trial: Trial, cancel: CancelToken) -> ExitCode:
    """How the shell is told of a finished trial: some answer is enough."""
    if cancel.cancelled:
        return ExitCode.CANCELLED
    if not trial.answers:
        return ExitCode.REFUSED
    return ExitCode.FAILED if all(answer.trouble for answer in trial.answers) else ExitCode.DONE
