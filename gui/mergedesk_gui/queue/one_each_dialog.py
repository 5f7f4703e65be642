"""One merge each: every base with every adapter, at every strength that is named, as jobs of the queue."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.requests import MergeRequest
from mergedesk.pipelines.queue.one_each import ADAPTER, BASE, STRENGTH, Choices, one_each

from ..state.output_naming import BESIDE, OutputNaming
from ..text.messages import say
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, grown
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.layouts import column, labelled, row, scrolled
from ..widgets.naming import named
from ..widgets.page_dialog import PageDialog, resize_within_screen
from ..widgets.wrapping import WrapRow
from .bases_list import BasesList

_WIDTH, _HEIGHT = 560, 620
_MOST_NAMED = 8


class OneEachDialog(PageDialog):
    """Asks for bases and strengths; ``like`` is the merge that all of them are like but for these."""

    chapter = "queue"

    queued = Signal(object)
    """The ``MergeRequest``s."""

    def __init__(self, parent: QWidget, like: MergeRequest, naming: OutputNaming = BESIDE) -> None:
        super().__init__(parent, self.tr("One merge each"))
        self._like, self._naming = like, naming
        self.bases = BasesList(like.base)
        self.bases.changed.connect(self._show)
        self.strengths = named(QLineEdit("1"), "strengthsEdit")
        self.strengths.textChanged.connect(self._show)
        self.names = named(Text("", tone="quiet"), "oneEachNames")
        self.add = named(IconButton(self.tr("Add to queue"), "add", clicked=self._add), "oneEachAddButton")
        what = Text(self.tr("Each adapter is merged by itself, into each of these base models, at each strength."))
        title = Text(self.tr("One merge each"), TextRole.DISPLAY)
        strengths = labelled(self.tr("&Strengths, with spaces between them"), self.strengths)
        self._show()
        content, foot = QWidget(), WrapRow(self.add, self.close_box)
        content.setLayout(
            column(title, what, self.bases, strengths, self.names, None, spacing=2 * UNIT, margin=3 * UNIT)
        )
        area = named(scrolled(content, "page"), "oneEachArea")
        self.setLayout(column(area, row(foot, margin=2 * UNIT), spacing=0))
        resize_within_screen(self, grown(_WIDTH), grown(_HEIGHT))

    @property
    def merges(self) -> tuple[MergeRequest, ...]:
        """What would be added; nothing while a strength is no number."""
        numbers = strengths_of(self.strengths.text())
        adapters = tuple((adapter,) for adapter in self._like.adapters)
        if not numbers:
            return ()
        like = replace(self._like, output=self._like.output.with_name(self._name(numbers)))
        return tuple(map(self._with_leave, one_each(like, Choices(self.bases.bases, adapters, numbers))))

    def _name(self, strengths: tuple[float, ...]) -> str:
        """The person's pattern, with marks for all that merges differ in."""
        adapter = ADAPTER if strengths == (1.0,) else f"{ADAPTER}-{STRENGTH}"
        name = self._naming.name(BASE, adapter)
        several = (
            (BASE, len(self.bases.bases) > 1),
            (ADAPTER, len(self._like.adapters) > 1),
            (STRENGTH, len(strengths) > 1),
        )
        return "-".join((name, *(mark for mark, is_needed in several if is_needed and mark not in name)))

    def _with_leave(self, merge: MergeRequest) -> MergeRequest:
        """What was allowed was allowed for the base that the form has, and for no other."""
        if merge.base == self._like.base:
            return merge
        plain = replace(merge, dequantize=False, keep_quantization=False, accept_loss=False)
        return replace(plain, resize_vocabulary=False, follow_links=False, fold_own=False, own_alpha=None)

    def _show(self) -> None:
        merges = self.merges
        names = [say("queue.each", count=len(merges)), *(spoken_name(one.output) for one in merges[:_MOST_NAMED])]
        more = ["…"] if len(merges) > _MOST_NAMED else []
        names = names if merges else []
        self.names.setText("\n".join([*names, *more]) or self.tr("Write numbers such as 0.5 1."))
        self.add.setEnabled(bool(merges))

    def _add(self) -> None:
        self.queued.emit(self.merges)
        self.accept()


def strengths_of(text: str) -> tuple[float, ...]:
    """The numbers of a line, each once; none where one of its words is no number.

    A comma within a number is its decimal point; behind one it only parts it from the next.
    """
    words = (word.rstrip(",") for word in text.replace(";", " ").split())
    try:
        numbers = [float(word.replace(",", ".")) for word in words if word]
    except ValueError:
        return ()
    return tuple(dict.fromkeys(numbers)) if all(map(math.isfinite, numbers)) else ()
