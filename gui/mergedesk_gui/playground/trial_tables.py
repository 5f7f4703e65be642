"""Tables of a trial: scores side by side, logits compared, speeds."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent

from mergedesk.inference.logits_comparison import Gap, LogitsComparison, Measure
from mergedesk.inference.trial import ALL_SIDES, AnswerKind, Score, Side, Speed, Trial

from ..text.messages import say
from ..text.numbers import percent, written
from ..text.trial_text import short_time, side_name, three_digits
from ..widgets.table import Cell, ReadTable

translate = QCoreApplication.translate

_MEAN, _WORST, _ALL_COLUMNS_WIDTH = 2, 3, 480
Scores = Mapping[Side, tuple[Score, ...]]


class ScoresTable(ReadTable):
    """Each class, or each token, with what every side gives it; a bar shows the probability."""

    def __init__(self) -> None:
        headers = (translate("TrialTables", "Class"), *map(side_name, ALL_SIDES))
        super().__init__("tryScoresTable", translate("TrialTables", "Scores of every model"), headers)
        self.hide()

    def show_trial(self, trial: Trial) -> None:
        """Show the scores of ``trial``; hidden where it has none."""
        scored = {answer.side: answer.scores for answer in trial.answers if answer.scores}
        self.setVisible(bool(scored))
        if not scored:
            return
        by_token = trial.task is AnswerKind.TOKEN_CLASSES
        first = translate("TrialTables", "Token") if by_token else translate("TrialTables", "Class")
        self.setHorizontalHeaderLabels([first, *map(side_name, ALL_SIDES)])
        for column, side in enumerate(ALL_SIDES, 1):
            self.setColumnHidden(column, side not in scored)
        self.show_rows(_token_rows(scored) if by_token else _class_rows(scored))


def _class_rows(scored: Scores) -> list[tuple[str | Cell, ...]]:
    """The classes as the merged model orders them."""
    order = next(scored[side] for side in (Side.MERGED, Side.UNMERGED, Side.BASE) if side in scored)
    by_label = {side: {score.label: score for score in scores} for side, scores in scored.items()}
    labels = dict.fromkeys(score.label for scores in (order, *scored.values()) for score in scores)
    return [(label, *(_score_cell(by_label.get(side, {}).get(label)) for side in ALL_SIDES)) for label in labels]


def _token_rows(scored: Scores) -> list[tuple[str | Cell, ...]]:
    """The tokens in the order of the text, each with the class that a side gives it."""
    longest = max(scored.values(), key=len)
    rows = zip_longest(*(scored.get(side, ()) for side in ALL_SIDES))
    return [
        (token.token, *(_score_cell(score, f"{score.label} " if score else "") for score in row))
        for token, row in zip(longest, rows, strict=True)
    ]


def _score_cell(score: Score | None, label: str = "") -> Cell:
    return Cell(f"{label}{percent(score.probability)}", share=score.probability) if score else Cell("–")


class LogitsTable(ReadTable):
    """Every two models, how far their outputs are apart, and how far rounding alone would put them."""

    def __init__(self) -> None:
        super().__init__("logitsTable", translate("TrialTables", "Logits compared"), _logits_headers(Measure.KL))

    def show_comparison(self, comparison: LogitsComparison) -> None:
        """Show the gaps of ``comparison``."""
        gaps = [*comparison.gaps, *([comparison.rounding] if comparison.rounding else [])]
        if gaps:
            self._name_measure(gaps[0].measure)
        self.show_rows([_gap_row(gap) for gap in gaps])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave out the least telling column where there is too little room."""
        self.setColumnHidden(_WORST, event.size().width() < _ALL_COLUMNS_WIDTH)
        super().resizeEvent(event)

    def _name_measure(self, measure: Measure) -> None:
        meaning = (
            translate("TrialTables", "The Kullback-Leibler divergence of the two models' probabilities, in nats")
            if measure is Measure.KL
            else translate("TrialTables", "The squared difference of the outputs, as a share of the outputs squared")
        )
        self.setHorizontalHeaderLabels(_logits_headers(measure))
        for column in (_MEAN, _WORST):
            self.model().setHeaderData(column, Qt.Orientation.Horizontal, meaning, Qt.ItemDataRole.ToolTipRole)


def _logits_headers(measure: Measure) -> list[str]:
    is_kl = measure is Measure.KL
    return [
        translate("TrialTables", "Compared"),
        translate("TrialTables", "Largest\n|Δ|"),
        translate("TrialTables", "KL,\nmean") if is_kl else translate("TrialTables", "Relative,\nmean"),
        translate("TrialTables", "KL,\nmost") if is_kl else translate("TrialTables", "Relative,\nmost"),
        translate("TrialTables", "Same first\nchoice"),
    ]


def _gap_row(gap: Gap) -> tuple[str, ...]:
    agreement = "–" if gap.agreement is None else percent(gap.agreement)
    return (
        say(f"gap.{gap.one}.{gap.other}"),
        *(written(f"{value:.3g}") for value in (gap.largest, gap.mean, gap.worst)),
        agreement,
    )


def speed_table() -> ReadTable:
    """For the tokens a second and the time to the first token."""
    headers = (
        translate("TrialTables", "Model"),
        translate("TrialTables", "Tokens/s"),
        translate("TrialTables", "First token\nafter"),
    )
    return ReadTable("speedTable", translate("TrialTables", "Speeds measured"), headers)


def speed_rows(speed: Speed) -> list[tuple[str, ...]]:
    """The speeds of both models."""
    return [
        (side_name(side.side), three_digits(side.tokens_per_second), short_time(side.first_token_seconds))
        for side in (speed.unmerged, speed.merged)
        if side is not None
    ]
