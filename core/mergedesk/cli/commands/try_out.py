"""``mergedesk try``: the same question to base, base with adapter, and merged model."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ...domain.findings import Data, Severity
from ...domain.hub_reference import folder_or_name
from ...domain.json_objects import json_object
from ...domain.progress import CancelToken
from ...domain.requests import Precision
from ...inference.trial import (
    ALL_SIDES,
    Answer,
    Difference,
    Ended,
    OnPiece,
    Piece,
    Side,
    Trial,
    TrialRequest,
    UnmergedLoading,
)
from ...pipelines.trial import try_it
from ..fetching import with_folders
from ..interrupt import ctrl_c_cancels
from ..option_sets import takes
from ..options import Inputs, JsonOption, OwnAlphaOption
from ..output import ExitCode, print_json, told
from ..words import finding_message, human_seconds, say, written

_TOLD_ENDS = (Ended.END_TOKEN, Ended.LENGTH, Ended.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TryOptions:
    """What ``try`` takes."""

    inputs: Inputs
    prompt: Annotated[str, typer.Option("--prompt", help="What the models are asked.", metavar="TEXT")]
    merged: Annotated[
        Path | None,
        typer.Option("--merged", help="Folder of the merged model.", metavar="DIR", parser=folder_or_name),
    ] = None
    loading: Annotated[UnmergedLoading, typer.Option("--loading", help="How base and adapter are loaded unmerged.")] = (
        UnmergedLoading.PEFT_MODEL
    )
    precision: Annotated[Precision, typer.Option(help="Precision to compute in.")] = Precision.AUTO
    max_tokens: Annotated[int, typer.Option("--max-tokens", min=1, help="Longest answer, in tokens.")] = 128
    device: Annotated[str, typer.Option("--device", help="Where to compute: cpu, cuda:0, mps.")] = "cpu"
    own_alpha: OwnAlphaOption = None
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
            own_alpha=self.own_alpha,
        )


@takes(TryOptions)
def try_out(options: TryOptions) -> None:
    """Ask base, base with adapter, and merged model the same, and show their answers side by side."""
    request, cancel = with_folders(options.request(), as_json=options.as_json), CancelToken()
    with ctrl_c_cancels(cancel):
        trial = try_it(request, (lambda _: None) if options.as_json else _printer(), lambda _: None, cancel)
    with told(trial_code(trial, cancel)):
        if options.as_json:
            print_json(trial_json(trial))
        else:
            print_trial(trial)


def trial_code(trial: Trial, cancel: CancelToken) -> ExitCode:
    """How the shell is told of a finished trial: some answer is enough."""
    if cancel.cancelled:
        return ExitCode.CANCELLED
    if not trial.answers:
        return ExitCode.REFUSED
    return ExitCode.FAILED if all(answer.trouble for answer in trial.answers) else ExitCode.DONE


def _printer() -> OnPiece:
    """Prints pieces as they come, under a heading for each side."""
    side: Side | None = None

    def show(piece: Piece) -> None:
        nonlocal side
        with suppress(OSError):  # a stdout that takes nothing is told at the end
            if piece.side is not side:
                print(f"{'' if side is None else chr(10)}{_name(piece.side)}:")
                side = piece.side
            print(piece.text, end="", flush=True)

    return show


def print_trial(trial: Trial) -> None:
    """What is left to say once all answers are there."""
    print()
    for finding in trial.findings:
        stream = sys.stderr if finding.severity is Severity.ERROR else sys.stdout
        print(finding_message(finding), file=stream)
    for answer in trial.answers:
        print(f"{_name(answer.side)}: {_facts(answer)}")
    for difference in trial.differences:
        pair = say("pair", one=_name(difference.one), other=say(f"other_side.{difference.other}"))
        print(f"{pair}: {_told(difference)}")
        if {difference.one, difference.other} == {Side.MERGED, Side.UNMERGED} and difference.first_token is not None:
            print(f"  {say('rounding_can')}")


def _name(side: Side) -> str:
    return say(f"side.{side}")


def _facts(answer: Answer) -> str:
    if answer.trouble is not None:
        return finding_message(answer.trouble)
    said = [answer.class_name]
    if answer.scores and not answer.scores[0].token:
        said += [f"{score.label} {score.probability:.1%}" for score in answer.scores[:5]]
    elif answer.scores:
        said += [f"{score.token}/{score.label}" for score in answer.scores]
    elif answer.ended in _TOLD_ENDS:
        said.append(f"{say('tokens', count=answer.tokens)}, {say(f'ended.{answer.ended}')}")
    if answer.tokens_per_second and answer.first_token_seconds:
        first = human_seconds(answer.first_token_seconds)
        said.append(say("speed", speed=written(f"{answer.tokens_per_second:.1f}"), first=first))
    return "; ".join(said)


def _told(difference: Difference) -> str:
    if difference.cosine is not None:
        return say("cosine", cosine=written(f"{difference.cosine:.6f}"))
    if difference.same:
        return say("same_answer")
    if difference.largest is not None:
        return say("probabilities_differ", largest=f"{difference.largest:.1%}")
    return say("part_at_token", token=str((difference.first_token or 0) + 1))


def trial_json(trial: Trial) -> dict[str, Data]:
    """What ``try --json`` prints."""
    answers = [_answer_json(answer) for answer in trial.answers]
    return json_object(trial, "task", "answers", "differences", "findings", answers=answers)


def _answer_json(answer: Answer) -> dict[str, Data]:
    timed = ("first_token_seconds", "seconds", "tokens_per_second")
    return json_object(
        answer,
        *("side", "class", "loaded_as", "text", "tokens", "ended", *timed, "scores", "trouble"),
        **{"class": answer.class_name or None},
        **{key: round(value, 3) for key in timed if (value := getattr(answer, key)) is not None},
    )
