"""The adapters to be merged: one as a plain field, several as a list with an order and a strength each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QApplication, QWidget

from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.hub_reference import as_typed
from mergedesk.domain.requests import AdapterChoice

from ..state.inspection import Inspection
from ..text.folder_text import describe_adapter
from ..text.messages import say
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.folder_field import FieldTexts, field_heading
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.layouts import column, row
from ..widgets.naming import announce, named
from ..widgets.offer_bar import ActionBar
from ..widgets.path_edit import folder_from_text
from ..widgets.recent_menu import RecentFolders
from .adapter_row import AdapterRow, RowContent


class AdapterList(QWidget):
    """There is always a first row, and its controls are always the same ones."""

    changed = Signal()
    confirmed = Signal()
    """Enter was pressed in a path."""
    offer_taken = Signal(int, object)
    """What was offered at the row with this index was accepted."""
    arranged = Signal()
    """A row came, went or has the focus now: what can be done with the list has changed."""

    def __init__(self, texts: FieldTexts, object_name: str, recent: RecentFolders) -> None:
        super().__init__()
        self._texts, self._object_name, self._recent = texts, object_name, recent
        self.rows: list[AdapterRow] = []
        self._removed: list[tuple[int, RowContent]] = []
        self._rows_column = column(spacing=UNIT)
        self._explanation = Text(say("strength_explanation"), TextRole.SMALL, "quiet")
        add = IconButton(self.tr("Add another adapter"), "add", "accent", clicked=lambda: self.add())
        add.setProperty("part", "link")
        self.add_button = named(add, "addAdapterButton")
        self.undo_bar = ActionBar()
        self.undo_bar.taken.connect(self.undo)
        self._append_row()
        heading, self._label = field_heading(texts, self.first.edit)
        parts = (heading, self._rows_column, self._explanation, row(self.add_button, None), self.undo_bar)
        self.setLayout(column(*parts))
        self._arrange()
        QApplication.instance().focusChanged.connect(self.arranged)  # type: ignore[union-attr]

    @property
    def first(self) -> AdapterRow:
        """The first row, which is always there."""
        return self.rows[0]

    @property
    def choices(self) -> tuple[AdapterChoice, ...]:
        """The adapters with their strengths; rows without a folder count for nothing."""
        return tuple(choice for row in self.rows if (choice := row.choice))

    @property
    def filled_rows(self) -> list[AdapterRow]:
        """The rows that name a folder, in the order of ``choices``."""
        return [row for row in self.rows if row.folder]

    @property
    def current(self) -> int | None:
        """The index of the row that has the focus."""
        focused = QApplication.focusWidget()
        inside = (number for number, row_ in enumerate(self.rows) if focused and _is_within(focused, row_))
        return next(inside, None)

    def set_choices(self, choices: Sequence[AdapterChoice]) -> None:
        """Hold ``choices``, and nothing to bring back; what is said of an adapter that was there already stays."""
        self._removed.clear()
        self.undo_bar.withdraw()
        known = {row_.folder: row_.content for row_ in self.filled_rows}
        contents = [_content(choice, known.get(choice.folder)) for choice in choices]
        self._hold(contents or [RowContent()])

    def receive(self, folder: Path) -> None:
        """Take a dropped adapter: into an empty row, or else as one more. One that is there already stays alone."""
        if any(choice.folder == folder for choice in self.choices):
            return
        empty = next((row for row in self.rows if not row.folder), None)
        if empty is not None:
            empty.set_folder(folder)
        else:
            self._hold([*self._contents, RowContent(as_typed(folder))])

    def add(self) -> None:
        """Offer a row for one more adapter, with the focus in it."""
        if self.rows[-1].folder:
            self._append_row()
            self._arrange()
        self.rows[-1].edit.setFocus()

    def remove(self, index: int) -> None:
        """Take the adapter at ``index`` off the list; ``undo`` brings it back."""
        contents = self._contents
        removed = contents.pop(index)
        focus = self.current is not None
        if removed.path:
            self._removed.append((index, removed))
        self._hold(contents or [RowContent()])
        self._offer_undo()
        if focus:
            self._focus_after_removal(min(index, len(self.rows) - 1))

    def undo(self) -> None:
        """Put the adapter that was removed last back into its place."""
        if not self._removed:
            return
        index, content = self._removed.pop()
        contents = [filled for filled in self._contents if filled.path]
        contents.insert(min(index, len(contents)), content)
        self._hold(contents)
        self._offer_undo()
        announce(self, self.tr("{name} is back.").format(name=_name(content)))

    def move_row(self, index: int, by: int) -> None:
        """Move the adapter at ``index`` by so many places; the focus goes with it."""
        target = index + by
        if not 0 <= target < len(self.rows) or not by:
            return
        part = self._focused_part(index)
        contents = self._contents
        contents.insert(target, contents.pop(index))
        self._hold(contents)
        if part is not None:
            self._focus_part(target, part)
        place = self.tr("Adapter {number} of {count}").format(number=target + 1, count=len(self.rows))
        announce(self, place)

    def move_current(self, by: int) -> None:
        """Move the adapter that has the focus."""
        if self.current is not None:
            self.move_row(self.current, by)

    def remove_current(self) -> None:
        """Remove the adapter that has the focus."""
        if self.current is not None and len(self.rows) > 1:
            self.remove(self.current)

    def show_inspection(self, inspection: Inspection) -> None:
        """Say in each row what its folder is."""
        for row_, adapter in zip(self.filled_rows, inspection.adapters, strict=False):
            row_.describe(describe_adapter(adapter, inspection))
        for row_ in self.rows:
            if not row_.folder:
                row_.describe(None)

    def drop_folders(self, gone: Sequence[int]) -> None:
        """Forget the filled rows with these indices, for good."""
        filled = [row_.content for row_ in self.filled_rows]
        self._hold([content for number, content in enumerate(filled) if number not in gone] or [RowContent()])

    @property
    def _contents(self) -> list[RowContent]:
        return [row.content for row in self.rows]

    def _hold(self, contents: Sequence[RowContent]) -> None:
        while len(self.rows) < len(contents):
            self._append_row()
        while len(self.rows) > len(contents):
            self._drop_row(self.rows.pop())
        for row_, content in zip(self.rows, contents, strict=True):
            if row_.content != content:
                row_.load(content)
        self._arrange()
        self.changed.emit()

    def _append_row(self) -> None:
        number = len(self.rows)
        texts = replace(self._texts, picture="")
        made = AdapterRow(texts, f"{self._object_name}{number + 1 if number else ''}", self._recent)
        self.rows.append(made)
        self._rows_column.addWidget(made)
        made.changed.connect(self._on_row_changed)
        made.edit.returnPressed.connect(self.confirmed)
        made.move_asked.connect(partial(self.move_row, number))
        made.remove_asked.connect(partial(self.remove, number))
        made.offer_bar.taken.connect(partial(self.offer_taken.emit, number))
        made.handle_dragged.connect(self._on_dragged)
        made.handle_dropped.connect(partial(self._on_dropped, number))
        if number:
            for before, after in pairwise([self.rows[number - 1].controls[-1], *made.controls]):
                QWidget.setTabOrder(before, after)

    def _drop_row(self, dropped: AdapterRow) -> None:
        self._rows_column.removeWidget(dropped)
        dropped.hide()
        dropped.setParent(None)
        dropped.deleteLater()

    def _arrange(self) -> None:
        count = len(self.rows)
        for number, row_ in enumerate(self.rows, 1):
            row_.take_place(number, count)
        self._label.setText(self._texts.label if count == 1 else self.tr("&Adapters"))
        self._explanation.setVisible(count > 1)
        self._show_add_button()
        self.arranged.emit()

    def _show_add_button(self) -> None:
        self.add_button.setVisible(bool(self.rows[-1].edit.text()))

    def _on_row_changed(self) -> None:
        self._show_add_button()
        self.changed.emit()

    def _offer_undo(self) -> None:
        if self._removed:
            sentence = self.tr("{name} was removed.").format(name=_name(self._removed[-1][1]))
            self.undo_bar.offer(sentence, [(self.tr("Undo"), None)])
            announce(self, sentence)
        else:
            self.undo_bar.withdraw()

    def _on_dragged(self, where: QPoint) -> None:
        target = self._row_at(where)
        for number, row_ in enumerate(self.rows):
            row_.highlight(number == target)

    def _on_dropped(self, index: int, where: QPoint) -> None:
        for row_ in self.rows:
            row_.highlight(False)
        self.move_row(index, self._row_at(where) - index)

    def _row_at(self, where: QPoint) -> int:
        height = self.mapFromGlobal(where).y()
        below = sum(height > row_.geometry().bottom() for row_ in self.rows)
        return min(below, len(self.rows) - 1)

    def _focused_part(self, index: int) -> int | None:
        focused = QApplication.focusWidget()
        controls = self.rows[index].controls
        return controls.index(focused) if focused in controls else None

    def _focus_part(self, index: int, part: int) -> None:
        row_ = self.rows[index]
        wanted = row_.controls[part]
        if not wanted.isEnabled():  # at an end of the list there is one way left
            wanted = row_.down if wanted is row_.up else row_.up
        wanted.setFocus()

    def _focus_after_removal(self, index: int) -> None:
        remaining = self.rows[index]
        (remaining.edit if len(self.rows) == 1 else remaining.remove).setFocus()


def _content(choice: AdapterChoice, known: RowContent | None) -> RowContent:
    return replace(known, weight=choice.weight) if known else RowContent(as_typed(choice.folder), choice.weight)


def _is_within(widget: QWidget, row_: QWidget) -> bool:
    return widget is row_ or row_.isAncestorOf(widget)


def _name(content: RowContent) -> str:
    folder = folder_from_text(content.path)
    return f"“{spoken_name(folder)}”" if folder else content.path
