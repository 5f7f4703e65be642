"""Answers compared with one another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, zip_longest

from .trial import Answer, Difference, Ended, Score, Side

_ORDER = (Side.MERGED, Side.UNMERGED, Side.BASE)
# Vectors and probabilities this close are the same to anyone; float32 rounds at 1e-7 of each value.
_SAME_COSINE, _SAME_PROBABILITY = 1e-5, 1e-4


def differences(answers: Sequence[Answer]) -> tuple[Difference, ...]:
    """Every two whole answers compared: merged with unmerged first, then each with the base."""
    whole = [answer for answer in answers if answer.ended not in (Ended.FAILED, Ended.CANCELLED)]
    ordered = sorted(whole, key=lambda answer: _ORDER.index(answer.side))
    return tuple(_compared(answer, other) for answer, other in combinations(ordered, 2))


def _compared(answer: Answer, other: Answer) -> Difference:
    if answer.embedding and other.embedding:
        cosine = _cosine(answer.embedding, other.embedding)
        return Difference(answer.side, other.side, cosine > 1 - _SAME_COSINE, cosine=cosine)
    if answer.scores and other.scores:
        largest = max(_probability_gaps(answer.scores, other.scores), default=0.0)
        return Difference(answer.side, other.side, largest < _SAME_PROBABILITY, largest=largest)
    pairs = enumerate(zip_longest(answer.token_ids, other.token_ids))
    place = next((place for place, (first, second) in pairs if first != second), None)
    return Difference(answer.side, other.side, place is None, first_token=place)


def _cosine(a: Sequence[float], b: Sequence[float]) -> float:
    """⟨a, b⟩ / (‖a‖·‖b‖); 0 where the vectors are of different sizes or empty."""
    norms = math.hypot(*a) * math.hypot(*b)
    return sum(x * y for x, y in zip(a, b, strict=True)) / norms if norms and len(a) == len(b) else 0.0


def _probability_gaps(scores: Sequence[Score], other: Sequence[Score]) -> Iterator[float]:
    """How far each class's probability is apart; a class that only one side names counts as apart by all of it."""
    first, second = _by_class(scores), _by_class(other)
    for key in first.keys() | second.keys():
        yield abs(first.get(key, 0.0) - second.get(key, 0.0))


def _by_class(scores: Sequence[Score]) -> Mapping[object, float]:
    """By label; where each token has its own class, by the token's place too."""
    if any(score.token for score in scores):
        return {(place, score.label): score.probability for place, score in enumerate(scores)}
    return {score.label: score.probability for score in scores}
