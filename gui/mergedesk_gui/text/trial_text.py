"""What a trial came to, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mergedesk.domain.merge_report import QuestionAnswered
from mergedesk.domain.units import human_bytes, human_count, human_seconds
from mergedesk.inference.trial import (
    Answer,
    AnswerKind,
    Difference,
    Ended,
    Forecast,
    Score,
    Side,
    Trial,
    TrialProgress,
    TrialStep,
)

from ..theme.tone import Tone
from .lines import SEPARATOR, Line
from .messages import finding_message

translate = QCoreApplication.translate

_SHORT_SECONDS = 1.0
_MILLISECONDS = 1000


def side_name(side: Side) -> str:
    """What a side is called."""
    return {
        Side.BASE: translate("Trial", "Base"),
        Side.UNMERGED: translate("Trial", "Base + adapter, unmerged"),
        Side.MERGED: translate("Trial", "Merged"),
    }[side]


def side_meaning(side: Side) -> str:
    """What a side is."""
    return {
        Side.BASE: translate("Trial", "The model as it was before, without the adapter."),
        Side.UNMERGED: translate("Trial", "The adapter beside the base: its part is calculated anew at every step."),
        Side.MERGED: translate("Trial", "The folder that the merge made: a plain model."),
    }[side]


def need_line(forecast: Forecast) -> Line:
    """What a trial needs, or why it cannot be."""
    if forecast.findings:
        tone = Tone.ERROR if any(one.severity == "error" for one in forecast.findings) else Tone.WARNING
        return Line(finding_message(forecast.findings[0]).whole, tone.value, tone)
    most = max((one.bytes for one in forecast.needs), default=0)
    numbers = {"needed": human_bytes(most), "free": human_bytes(forecast.available_bytes)}
    text = (
        translate("Trial", "Needs {needed} of {free} free; the models are loaded one at a time.")
        if len(forecast.needs) > 1
        else translate("Trial", "Needs {needed} of {free} free.")
    )
    return Line(text.format(**numbers), "info", Tone.QUIET)


def progress_sentence(progress: TrialProgress) -> str:
    """What a trial is at."""
    text = {
        TrialStep.LOADING: translate("Trial", "Loading the model"),
        TrialStep.ANSWERING: translate("Trial", "Answering"),
        TrialStep.COMPARING: translate("Trial", "Comparing"),
        TrialStep.MEASURING: translate("Trial", "Measuring"),
    }[progress.step]
    who = side_name(progress.side) if progress.side else ""
    counted = translate("Trial", "{done} of {total}").format(done=progress.done, total=progress.total)
    return SEPARATOR.join(part for part in (text, who, counted if progress.total else "") if part)


def question_answered(prompt: str, trial: Trial) -> QuestionAnswered | None:
    """What base and merged model said, as a report keeps it; None unless both wrote a whole answer."""
    whole = (Ended.END_TOKEN, Ended.LENGTH)
    said = {one.side: one.text for one in trial.answers if one.ended in whole}
    if Side.BASE not in said or Side.MERGED not in said:
        return None
    return QuestionAnswered(prompt, said[Side.BASE], said[Side.MERGED])


def answer_line(answer: Answer, task: AnswerKind) -> Line:
    """How one answer went."""
    if answer.trouble is not None:
        return Line(finding_message(answer.trouble).whole, "error", Tone.ERROR)
    if not task.makes_tokens:
        return Line(translate("Trial", "In {time}").format(time=short_time(answer.seconds)), "", Tone.QUIET)
    tokens = translate("Trial", "%n token(s)", None, answer.tokens)
    parts = [tokens, speed(answer.tokens_per_second), _first_token(answer.first_token_seconds), _ending(answer.ended)]
    return Line(SEPARATOR.join(part for part in parts if part), "", Tone.QUIET)


def score_text(score: Score) -> str:
    """A class with its probability; before it the token, where each has a class of its own."""
    text = f"{score.label} {score.probability:.1%}"
    return f"{score.token.strip()}: {text}" if score.token else text


def speed(tokens_per_second: float | None) -> str:
    """A speed; empty where there is too little to tell."""
    if tokens_per_second is None:
        return ""
    return translate("Trial", "{number} tokens/s").format(number=three_digits(tokens_per_second))


def short_time(seconds: float) -> str:
    """A duration, in milliseconds below a second."""
    return f"{seconds * _MILLISECONDS:.0f} ms" if seconds < _SHORT_SECONDS else human_seconds(seconds)


def three_digits(number: float) -> str:
    """A number with about three digits: ``0.52``, ``7.31``, ``24.6``, ``138``."""
    decimals = 2 if abs(number) < 9.995 else 1 if abs(number) < 99.95 else 0
    return f"{number:.{decimals}f}"


def comparison_lines(trial: Trial) -> list[Line]:
    """What the answers say of the merge, the proof first; nothing for sides that were not asked."""
    found: list[Line] = []
    for one in trial.differences:
        pair = {one.one, one.other}
        if pair == {Side.MERGED, Side.UNMERGED}:
            found.append(_agreement(one, trial))
        elif Side.BASE in pair and (Side.MERGED in pair or not _asked(trial, Side.MERGED)):
            found.append(_effect(one))
    return found


def _asked(trial: Trial, side: Side) -> bool:
    return any(one.side is side and one.trouble is None for one in trial.answers)


def _agreement(one: Difference, trial: Trial) -> Line:
    if one.same:
        return Line(_same_sentence(trial), "proof", Tone.SUCCESS)
    if one.first_token is not None:
        text = translate(
            "Trial",
            "Merged and unmerged first differ at token {number}, marked below. Rounding can do that; “Compare logits” "
            "tells whether it is more.",
        )
        return Line(text.format(number=human_count(one.first_token + 1)), "warning", Tone.WARNING)
    if one.cosine is not None:
        text = translate("Trial", "Merged and unmerged give different vectors: their cosine is {cosine}.")
        return Line(text.format(cosine=f"{one.cosine:.6f}"), "warning", Tone.WARNING)
    text = translate("Trial", "Merged and unmerged differ by up to {points} percentage points.")
    return Line(text.format(points=_points(one)), "warning", Tone.WARNING)


def _same_sentence(trial: Trial) -> str:
    merged = next(one for one in trial.answers if one.side is Side.MERGED)
    if trial.task.makes_tokens:
        return translate("Trial", "Merged and unmerged gave the same %n token(s).", None, merged.tokens)
    if merged.embedding:
        return translate("Trial", "Merged and unmerged give the same vector.")
    return translate("Trial", "Merged and unmerged give the same scores.")


def _effect(one: Difference) -> Line:
    if one.same:
        text = translate(
            "Trial", "The base answers just the same here: ask about something that the adapter was trained for."
        )
        return Line(text, "info", Tone.QUIET)
    if one.first_token is not None:
        text = translate("Trial", "The base answers differently from token {number} on: that is what the adapter does.")
        return Line(text.format(number=human_count(one.first_token + 1)), "info", Tone.QUIET)
    if one.cosine is not None:
        text = translate("Trial", "The base gives another vector (cosine {cosine}): that is what the adapter does.")
        return Line(text.format(cosine=f"{one.cosine:.4f}"), "info", Tone.QUIET)
    text = translate("Trial", "The base differs by up to {points} percentage points: that is what the adapter does.")
    return Line(text.format(points=_points(one)), "info", Tone.QUIET)


def _points(one: Difference) -> str:
    return three_digits(100 * (one.largest or 0.0))


def _first_token(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return translate("Trial", "first after {time}").format(time=short_time(seconds))


def _ending(ended: Ended) -> str:
    return {
        Ended.END_TOKEN: translate("Trial", "ended by itself"),
        Ended.LENGTH: translate("Trial", "cut off at the longest answer"),
        Ended.CANCELLED: translate("Trial", "stopped"),
    }.get(ended, "")
