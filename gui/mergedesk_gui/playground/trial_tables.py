"""Tables of a trial: scores side by side, logits compared, speeds."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableWidgetItem

from mergedesk.inference.logits_comparison import LogitsComparison, Measure
from mergedesk.inference.trial import ALL_SIDES, AnswerKind, Score, Side, Speed, Trial

from ..text.measurement_text import gap_name
from ..text.trial_text import short_time, side_name, three_digits
from ..theme.colours import colours_of
from ..theme.stylesheet import UNIT
from ..widgets.icons import tone_colour
from ..widgets.table import ReadTable

translate = QCoreApplication.translate

_MOST_HEIGHT = 480
_SHARE = Qt.ItemDataRole.UserRole
_BAR_HEIGHT = 6
_WORST, _ALL_COLUMNS_WIDTH = 3, 480
_CELL_WIDTH = 120


class ScoresTable(ReadTable):
    """Each class, or each token, with what every side gives it; a bar shows the probability."""

    def __init__(self) -> None:
        headers = (translate("TrialTables", "Class"), *map(side_name, ALL_SIDES))
        name = translate("TrialTables", "Scores of every model")
        super().__init__("tryScoresTable", name, headers, stretched=0, most_height=_MOST_HEIGHT)
        for column in range(1, 1 + len(ALL_SIDES)):
            self.setItemDelegateForColumn(column, _Bars(self))
        self.hide()

    def show_trial(self, trial: Trial) -> None:
        """Show the scores of ``trial``; hidden where it has none."""
        scored = {one.side: one.scores for one in trial.answers if one.scores}
        self.setVisible(bool(scored))
        if not scored:
            return
        by_token = trial.task is AnswerKind.TOKEN_CLASSES
        first = translate("TrialTables", "Token") if by_token else translate("TrialTables", "Class")
        self.setHorizontalHeaderLabels([first, *map(side_name, ALL_SIDES)])
        for column, side in enumerate(ALL_SIDES, 1):
            self.setColumnHidden(column, side not in scored)
        if by_token:
            self._show_tokens(scored)
        else:
            self._show_classes(scored)
        self.fit()

    def _show_classes(self, scored: Mapping[Side, tuple[Score, ...]]) -> None:
        order = next(scored[side] for side in (Side.MERGED, Side.UNMERGED, Side.BASE) if side in scored)
        labels = [score.label for score in order]
        labels += [one.label for scores in scored.values() for one in scores if one.label not in labels]
        self.setRowCount(len(labels))
        for row, label in enumerate(labels):
            self.put(row, 0, QTableWidgetItem(label))
            for column, side in enumerate(ALL_SIDES, 1):
                found = next((one for one in scored.get(side, ()) if one.label == label), None)
                self.put(row, column, _score_item(found, f"{found.probability:.1%}" if found else "–"))

    def _show_tokens(self, scored: Mapping[Side, tuple[Score, ...]]) -> None:
        longest = max(scored.values(), key=len)
        self.setRowCount(len(longest))
        for row, score in enumerate(longest):
            self.put(row, 0, QTableWidgetItem(score.token))
            for column, side in enumerate(ALL_SIDES, 1):
                scores = scored.get(side, ())
                found = scores[row] if row < len(scores) else None
                self.put(row, column, _score_item(found, f"{found.label} {found.probability:.1%}" if found else "–"))


class LogitsTable(ReadTable):
    """Every two models, how far their outputs are apart, and how far rounding alone would put them."""

    def __init__(self) -> None:
        headers = (
            translate("TrialTables", "Compared"),
            translate("TrialTables", "Largest\n|Δ|"),
            translate("TrialTables", "Mean"),
            translate("TrialTables", "Most"),
            translate("TrialTables", "Same first\nchoice"),
        )
        name = translate("TrialTables", "Logits compared")
        super().__init__("logitsTable", name, headers, stretched=0, most_height=_MOST_HEIGHT)

    def show_comparison(self, made: LogitsComparison) -> None:
        """Show the gaps of ``made``."""
        gaps = [*made.gaps, *([made.rounding] if made.rounding else [])]
        self.setRowCount(len(gaps))
        if gaps:
            self._name_measure(gaps[0].measure)
        for row, gap in enumerate(gaps):
            agreement = "–" if gap.agreement is None else f"{gap.agreement:.1%}"
            texts = (gap_name(gap), f"{gap.largest:.3g}", f"{gap.mean:.3g}", f"{gap.worst:.3g}", agreement)
            self.put_texts(row, texts)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave out the least telling column where there is too little room."""
        self.setColumnHidden(_WORST, event.size().width() < _ALL_COLUMNS_WIDTH)
        super().resizeEvent(event)

    def _name_measure(self, measure: Measure) -> None:
        is_kl = measure is Measure.KL
        names = (
            translate("TrialTables", "KL,\nmean") if is_kl else translate("TrialTables", "Relative,\nmean"),
            translate("TrialTables", "KL,\nmost") if is_kl else translate("TrialTables", "Relative,\nmost"),
        )
        meaning = (
            translate("TrialTables", "The Kullback-Leibler divergence of the two models' probabilities, in nats")
            if is_kl
            else translate("TrialTables", "The squared difference of the outputs, as a share of the outputs squared")
        )
        for column, text in enumerate(names, 2):
            header = QTableWidgetItem(text)
            header.setToolTip(meaning)
            self.setHorizontalHeaderItem(column, header)


class SpeedTable(ReadTable):
    """Tokens a second and the time to the first token."""

    def __init__(self) -> None:
        headers = (
            translate("TrialTables", "Model"),
            translate("TrialTables", "Tokens/s"),
            translate("TrialTables", "First token\nafter"),
        )
        name = translate("TrialTables", "Speeds measured")
        super().__init__("speedTable", name, headers, stretched=0, most_height=_MOST_HEIGHT)

    def show_speed(self, made: Speed) -> None:
        """Show the speeds of both models."""
        sides = [one for one in (made.unmerged, made.merged) if one is not None]
        self.setRowCount(len(sides))
        for row, one in enumerate(sides):
            texts = (side_name(one.side), three_digits(one.tokens_per_second), short_time(one.first_token_seconds))
            self.put_texts(row, texts)
        self.fit()


def _score_item(score: Score | None, text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setData(_SHARE, score.probability if score else None)
    return item


class _Bars(QStyledItemDelegate):
    """The number, and under it a bar as long as the probability."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw both."""
        self.initStyleOption(option, index)
        place = option.rect.adjusted(UNIT, UNIT // 2, -UNIT, -UNIT)
        painter.save()
        painter.setPen(QColor(tone_colour("plain")))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), option.text)
        share = index.data(_SHARE)
        if isinstance(share, float):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            bar = QRect(place.left(), place.bottom() - _BAR_HEIGHT, place.width(), _BAR_HEIGHT)
            self._draw_bar(painter, bar, colours_of(option.palette).line)
            bar.setWidth(max(_BAR_HEIGHT, round(bar.width() * share)))
            self._draw_bar(painter, bar, tone_colour("accent"))
        painter.restore()

    def sizeHint(  # noqa: N802 (Qt's name)
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Room for a line and a bar."""
        self.initStyleOption(option, index)
        metrics = option.fontMetrics
        width = max(_CELL_WIDTH, metrics.horizontalAdvance(option.text) + 2 * UNIT)
        return QSize(width, metrics.lineSpacing() + _BAR_HEIGHT + 2 * UNIT)

    def _draw_bar(self, painter: QPainter, place: QRect, colour: str) -> None:
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(place, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
