"""One merge each: every adapter that is chosen by itself, at every strength that is named, as jobs of the queue."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.requests import MergeRequest
from mergedesk.pipelines.queue.one_each import Choices, one_each

from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.layouts import labelled, row
from ..widgets.naming import named
from ..widgets.page_dialog import PageDialog

_WIDTH = 560
_MOST_NAMED = 8
_NAME = "{base}-{adapter}-{strength}-merged"


class OneEachDialog(PageDialog):
    """Asks for the strengths; ``like`` is the merge that all of them are like but for these."""

    chapter = "queue"

    queued = Signal(object)
    """The ``MergeRequest``s."""

    def __init__(self, parent: QWidget, like: MergeRequest) -> None:
        super().__init__(parent, self.tr("One merge each"))
        self._like = like
        self.setMinimumWidth(_WIDTH)
        self.strengths = named(QLineEdit("1"), "strengthsEdit")
        self.strengths.textChanged.connect(self._show)
        self.names = named(Text("", tone="quiet"), "oneEachNames")
        self.add = named(IconButton(self.tr("Add to queue"), "add", clicked=self._add), "oneEachAddButton")
        what = Text(self.tr("Each adapter that is chosen is merged by itself, at each of these strengths."))
        title = Text(self.tr("One merge each"), TextRole.DISPLAY)
        strengths = labelled(self.tr("&Strengths, with spaces between them"), self.strengths)
        self._parts = self.fill(title, what, strengths, self.names, None, row(self.add, None, self.close_box))
        self._show()

    @property
    def merges(self) -> tuple[MergeRequest, ...]:
        """What would be added; nothing while a strength is no number."""
        numbers = strengths_of(self.strengths.text())
        output = self._like.output.with_name(_NAME)
        adapters = tuple((adapter,) for adapter in self._like.adapters)
        return one_each(replace(self._like, output=output), Choices((), adapters, numbers)) if numbers else ()

    def _show(self) -> None:
        merges = self.merges
        names = [spoken_name(one.output) for one in merges[:_MOST_NAMED]]
        more = ["…"] if len(merges) > _MOST_NAMED else []
        self.names.setText("\n".join([*names, *more]) or self.tr("Write numbers such as 0.5 1."))
        self.add.setEnabled(bool(merges))
        self._parts.activate()
        self.setMinimumHeight(self._parts.totalHeightForWidth(max(self.width(), _WIDTH)))

    def _add(self) -> None:
        self.queued.emit(self.merges)
        self.accept()


def strengths_of(text: str) -> tuple[float, ...]:
    """The numbers of a line, each once; none where one of its words is no number."""
    try:
        numbers = [float(word) for word in text.replace(";", " ").split()]
    except ValueError:
        return ()
    return tuple(dict.fromkeys(numbers)) if all(map(math.isfinite, numbers)) else ()
