"""What ``mergedesk try`` shows: each side's answer, and where they part; as text or as JSON."""

from __future__ import annotations

import sys

from ..domain.findings import Data, Severity
from ..domain.json_objects import json_object
from ..domain.units import human_seconds
from ..inference.trial import Answer, Difference, Ended, Piece, Side, Trial
from .words import finding_message, say

_TOLD_ENDS = (Ended.END_TOKEN, Ended.LENGTH, Ended.CANCELLED)


class Printer:
    """Prints pieces as they come, under a heading for each side."""

    def __init__(self) -> None:
        self._side: Side | None = None

    def show(self, piece: Piece) -> None:
        """One more piece."""
        if piece.side is not self._side:
            print(f"{'' if self._side is None else chr(10)}{_name(piece.side)}:")
            self._side = piece.side
        print(piece.text, end="", flush=True)


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
        said.append(say("speed", speed=f"{answer.tokens_per_second:.1f}", first=first))
    return "; ".join(said)


def _told(difference: Difference) -> str:
    if difference.cosine is not None:
        return say("cosine", cosine=f"{difference.cosine:.6f}")
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
