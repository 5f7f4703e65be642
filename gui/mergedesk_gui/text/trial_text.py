"""What a trial came to, in words, and as Markdown to be put into an issue or a message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mergedesk.domain.merge_report import QuestionAnswered
from mergedesk.inference.trial import Answer, AnswerKind, Difference, Ended, Forecast, Score, Side, Trial, TrialProgress

from ..theme.tone import Tone
from .lines import Line, joined
from .messages import finding_message, say
from .numbers import human_seconds, percent, written

_SHORT_SECONDS = 1.0
_MILLISECONDS = 1000
_LEAST_FENCE = 3


def side_name(side: Side) -> str:
    """What a side is called."""
    return say(f"side.{side}.name")


def need_line(forecast: Forecast) -> Line:
    """What a trial needs, or why it cannot be."""
    if forecast.findings:
        tone = Tone.ERROR if any(finding.severity == "error" for finding in forecast.findings) else Tone.WARNING
        return Line(finding_message(forecast.findings[0]).whole, tone.value, tone)
    most = max((need.bytes for need in forecast.needs), default=0)
    key = "trial.needs_in_turn" if len(forecast.needs) > 1 else "trial.needs"
    return Line(say(key, needed_bytes=most, free_bytes=forecast.available_bytes), "info", Tone.QUIET)


def progress_sentence(progress: TrialProgress) -> str:
    """What a trial is at."""
    side = side_name(progress.side) if progress.side else ""
    counted = say("progress.amount", done=progress.done, total=progress.total) if progress.total else ""
    return joined(say(f"trial.step.{progress.step}"), side, counted)


def question_answered(prompt: str, trial: Trial) -> QuestionAnswered | None:
    """What base and merged model said, as a report keeps it; None unless both wrote a whole answer."""
    whole = (Ended.END_TOKEN, Ended.LENGTH)
    said = {answer.side: answer.text for answer in trial.answers if answer.ended in whole}
    if Side.BASE not in said or Side.MERGED not in said:
        return None
    return QuestionAnswered(prompt, said[Side.BASE], said[Side.MERGED])


def answer_line(answer: Answer, task: AnswerKind) -> Line:
    """How one answer went."""
    if answer.trouble is not None:
        return Line(finding_message(answer.trouble).whole, "error", Tone.ERROR)
    if not task.makes_tokens:
        return Line(say("answer.time", time=short_time(answer.seconds)), "", Tone.QUIET)
    first = "" if answer.first_token_seconds is None else short_time(answer.first_token_seconds)
    parts = (
        say("answer.tokens", count=answer.tokens),
        speed(answer.tokens_per_second),
        say("answer.first_token", time=first) if first else "",
        say(f"ended.{answer.ended}"),
    )
    return Line(joined(*parts), "", Tone.QUIET)


def score_text(score: Score) -> str:
    """A class with its probability; before it the token, where each has a class of its own."""
    text = f"{score.label} {percent(score.probability)}"
    return f"{score.token.strip()}: {text}" if score.token else text


def speed(tokens_per_second: float | None) -> str:
    """A speed; empty where there is too little to tell."""
    return "" if tokens_per_second is None else say("speed.number", number=three_digits(tokens_per_second))


def short_time(seconds: float) -> str:
    """A duration, in milliseconds below a second."""
    return f"{seconds * _MILLISECONDS:.0f} ms" if seconds < _SHORT_SECONDS else human_seconds(seconds)


def three_digits(number: float) -> str:
    """A number with about three digits: ``0.52``, ``7.31``, ``24.6``, ``138``."""
    decimals = 2 if abs(number) < 9.995 else 1 if abs(number) < 99.95 else 0
    return written(f"{number:.{decimals}f}")


def comparison_lines(trial: Trial) -> list[Line]:
    """What the answers say of the merge, the proof first; nothing for sides that were not asked."""
    lines: list[Line] = []
    for difference in trial.differences:
        pair = {difference.one, difference.other}
        if pair == {Side.MERGED, Side.UNMERGED}:
            lines.append(_agreement(difference, trial))
        elif Side.BASE in pair and (Side.MERGED in pair or not _asked(trial, Side.MERGED)):
            sentence = say("effect.same") if difference.same else _apart(difference, "effect", 4)
            lines.append(Line(sentence, "info", Tone.QUIET))
    return lines


def _asked(trial: Trial, side: Side) -> bool:
    return any(answer.side is side and answer.trouble is None for answer in trial.answers)


def _agreement(difference: Difference, trial: Trial) -> Line:
    if not difference.same:
        return Line(_apart(difference, "agreement", 6), "warning", Tone.WARNING)
    merged = next(answer for answer in trial.answers if answer.side is Side.MERGED)
    same = "tokens" if trial.task.makes_tokens else "vector" if merged.embedding else "scores"
    return Line(say(f"agreement.same_{same}", count=merged.tokens), "proof", Tone.SUCCESS)


def _apart(difference: Difference, subject: str, decimals: int) -> str:
    """Where, or by how much, two answers differ, and what that says of the ``subject``."""
    if difference.first_token is not None:
        return say(f"{subject}.token", number=difference.first_token + 1)
    if difference.cosine is not None:
        return say(f"{subject}.cosine", cosine=written(f"{difference.cosine:.{decimals}f}"))
    return say(f"{subject}.points", points=three_digits(100 * (difference.largest or 0.0)))


def as_markdown(prompt: str, trial: Trial) -> str:
    """Prompt, every answer with its class and numbers, and the sentences that compare them."""
    blocks = [f"**{say('trial.prompt')}**", fenced(prompt)]
    for answer in trial.answers:
        blocks += _blocks(answer, trial)
    blocks += [line.sentence for line in comparison_lines(trial)]
    return "\n\n".join(blocks) + "\n"


def fenced(text: str) -> str:
    """A block that shows ``text`` to the letter, whatever fences are in it."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(_LEAST_FENCE, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _blocks(answer: Answer, trial: Trial) -> Iterator[str]:
    loaded = f" (`{answer.class_name}`)" if answer.class_name else ""
    yield f"**{side_name(answer.side)}**{loaded}"
    if answer.text:
        yield fenced(answer.text)
    if answer.scores:
        yield "\n".join(f"- {score_text(score)}" for score in answer.scores)
    yield f"_{answer_line(answer, trial.task).sentence}_"
