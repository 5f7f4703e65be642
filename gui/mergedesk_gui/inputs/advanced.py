"""What few people need to change: the engine, and how the result is cut into files."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from mergedesk.domain.requests import Engine

from ..state.form import shard_bytes
from ..text.lines import SEPARATOR
from ..text.messages import say, shard_size_trouble
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.disclosure import Disclosure
from ..widgets.explained_combo import ExplainedCombo
from ..widgets.labels import Text, set_tone
from ..widgets.layouts import column, labelled
from ..widgets.naming import named
from ..widgets.steady import steady_line


class Advanced(Disclosure):
    """Folded away; what differs from the usual stays readable beside the heading."""

    changed = Signal()

    def __init__(self) -> None:
        self._content_widget = QWidget()
        super().__init__(self._title(), "advancedButton", self._content_widget)
        self.engine = ExplainedCombo(
            self.tr("En&gine"), "engineCombo", [(engine, say(f"engine.{engine}")) for engine in Engine]
        )
        self.shard_size = named(steady_line(QLineEdit()), "shardSizeEdit", self.tr("Maximum file size"))
        self.shard_size.setPlaceholderText(self.tr("as in the base"))
        self.shard_size.setToolTip(self.tr("For example 5GB, 500MB or 2GiB"))
        self._sentence = Text("", TextRole.SMALL, "quiet")
        size = labelled(self.tr("Maximum file si&ze"), self.shard_size, self._sentence)
        self._content_widget.setLayout(column(self.engine, size, spacing=2 * UNIT))
        self.engine.combo.currentTextChanged.connect(self._on_changed)
        self.shard_size.textChanged.connect(self._on_changed)
        self._judge()

    def _title(self) -> str:
        return self.tr("Ad&vanced")

    def _on_changed(self) -> None:
        self._judge()
        self.changed.emit()

    def _judge(self) -> None:
        typed = self.shard_size.text()
        trouble = shard_size_trouble(typed)
        meaning = self.tr("Weights are written to as many files as this needs. Empty: the same files as the base's.")
        self._sentence.setText(trouble or meaning)
        set_tone(self._sentence, "error" if trouble else "quiet")
        self.shard_size.setAccessibleDescription(trouble or meaning)
        self.summarise(self._summary_text(typed.strip(), bool(trouble)))

    def _summary_text(self, typed: str, is_wrong: bool) -> str:
        engine = self.engine.value
        parts = [engine] if engine != Engine.AUTO else []
        if typed and (is_wrong or shard_bytes(typed)):
            parts.append(self.tr("files of at most {size}").format(size=typed))
        return SEPARATOR.join(parts)
