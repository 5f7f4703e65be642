"""Undo and redo of all that is changed on the left side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit

from ..state.form import Form
from ..state.form_history import ChangeKind, FormHistory, FormStep, change_between
from .inputs_panel import InputsPanel


class FormUndo(QObject):
    """Keeps a step for every change that the panel tells of, and puts forms back into it."""

    changed = Signal()
    """Something else can be undone or redone from now on."""

    def __init__(self, inputs: InputsPanel) -> None:
        super().__init__(inputs)
        self._inputs = inputs
        self._now = inputs.choices
        self._named: ChangeKind | None = None
        self._is_turning = False
        self.history = FormHistory()
        inputs.tidied.connect(self._settle)
        inputs.changed.connect(self._record)
        QApplication.instance().focusChanged.connect(self._seal)  # type: ignore[union-attr]

    @contextmanager
    def named(self, change: ChangeKind) -> Iterator[None]:
        """Call by its own name what is changed meanwhile."""
        self._named = change
        try:
            yield
        finally:
            self._named = None

    def forget(self) -> None:
        """Begin with the form as it is: there is nothing to undo."""
        self._settle()
        self._turn_to(FormHistory())

    def take_over(self, history: FormHistory) -> None:
        """Go on with the steps of another panel that held the same form."""
        self._settle()
        self._turn_to(history)

    def undo(self) -> None:
        """Take the last change back."""
        if (step := self.history.to_undo) is not None:
            self._put(step.before)
            self._turn_to(self.history.undo())

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        if (step := self.history.to_redo) is not None:
            self._put(step.after)
            self._turn_to(self.history.redo())

    def _put(self, form: Form) -> None:
        self._is_turning = True
        self._inputs.set_choices(form)
        self._is_turning = False
        self._settle()

    def _record(self) -> None:
        before, after = self._now, self._inputs.choices
        if self._is_turning or before == after:
            return
        self._now = after
        change = self._named or change_between(before, after)
        self._turn_to(self.history.with_step(FormStep(change, before, after, _editor())))

    def _settle(self) -> None:
        """Take the form as it is for granted: the person changed nothing."""
        self._now = self._inputs.choices

    def _seal(self) -> None:
        self.history = self.history.sealed()

    def _turn_to(self, history: FormHistory) -> None:
        self.history = history
        self.changed.emit()


def _editor() -> int | None:
    """The control that is being typed or stepped in; None where a value came in another way."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractSpinBox):
        return id(focused)
    is_typed = isinstance(focused, QLineEdit) and (focused.isUndoAvailable() or focused.isRedoAvailable())
    return id(focused) if is_typed else None
