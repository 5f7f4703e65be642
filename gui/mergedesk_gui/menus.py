"""The menu bar: every command of the window with its key."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenuBar

from .merge.start_bar import SHORTCUT
from .state.mode import Mode


class WindowActions(QObject):
    """The window's commands. The window connects them and says which make sense at the moment."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._modes = QActionGroup(self)
        self.base = self._action(self.tr("Choose &base model…"), "Ctrl+O")
        self.adapter = self._action(self.tr("Choose &adapter…"), "Ctrl+Shift+O")
        self.output = self._action(self.tr("Choose &output folder…"), "Ctrl+Shift+S")
        self.swap = self._action(self.tr("S&wap base and adapter"), "Ctrl+T")
        self.refresh = self._action(self.tr("&Look at the folders again"), "F5")
        self.undo = self._action(self.tr("&Undo removing an adapter"), "Ctrl+Z")
        self.add_adapter = self._action(self.tr("&Add another adapter"), "Ctrl+Shift+A")
        self.move_up = self._action(self.tr("Move adapter u&p"), "Alt+Up")
        self.move_down = self._action(self.tr("Move adapter &down"), "Alt+Down")
        self.remove_adapter = self._action(self.tr("&Remove adapter"), "Ctrl+Backspace")
        self.open_result = self._action(self.tr("Open &merged folder"), "Ctrl+E")
        self.save_report = self._action(self.tr("&Save report…"), "Ctrl+S")
        self.copy_code = self._action(self.tr("&Copy PEFT code"), "Ctrl+Shift+C")
        self.history = self._action(self.tr("&Past merges…"), "Ctrl+H")
        self.quit = self._action(self.tr("&Quit"), "Ctrl+Q")
        self.merge = self._action(self.tr("&Merge"), SHORTCUT)
        self.mode_merge = self._mode_action(self.tr("Turn to mer&ging"), "Ctrl+M")
        self.mode_check = self._mode_action(self.tr("Turn to chec&king a merge"), "Ctrl+K")
        self.check_everything = self._action(self.tr("Check every&thing"), "Ctrl+Shift+K")
        self.cancel = self._action(self.tr("&Cancel"), "Esc")
        self.show_checks = self._action(self.tr("&Before the merge"), "Ctrl+1")
        self.show_result = self._action(self.tr("&Result"), "Ctrl+2")
        self.show_effect = self._action(self.tr("&Effect"), "Ctrl+3")
        self.show_tryout = self._action(self.tr("Tr&y it"), "Ctrl+4")
        self.show_use_it = self._action(self.tr("&Use it"), "Ctrl+5")
        self.help = self._action(self.tr("&How merging works"), "F1")
        self.diagnostics = self._action(self.tr("Copy &diagnostics…"), "")
        self.log_folder = self._action(self.tr("Show &log folder"), "")
        self.licences = self._action(self.tr("L&icences…"), "")
        self.about = self._action(self.tr("&About MergeDesk"), "")
        self._give_roles()

    def fill(self, bar: QMenuBar) -> None:
        """Put the commands into a menu bar."""
        file = bar.addMenu(self.tr("&File"))
        file.addActions([self.base, self.adapter, self.output, self.swap, self.refresh])
        file.addSeparator()
        file.addActions([self.open_result, self.save_report, self.copy_code])
        file.addSeparator()
        file.addAction(self.history)
        file.addSeparator()
        file.addAction(self.quit)
        edit = bar.addMenu(self.tr("&Edit"))
        edit.addAction(self.undo)
        edit.addSeparator()
        edit.addActions([self.add_adapter, self.move_up, self.move_down, self.remove_adapter])
        merge = bar.addMenu(self.tr("&Merge"))
        merge.addActions([self.mode_merge, self.mode_check])
        merge.addSeparator()
        merge.addActions([self.merge, self.check_everything, self.cancel])
        merge.addSeparator()
        merge.addActions([self.show_checks, self.show_result, self.show_effect, self.show_tryout, self.show_use_it])
        support = bar.addMenu(self.tr("&Help"))
        support.addAction(self.help)
        support.addSeparator()
        support.addActions([self.diagnostics, self.log_folder])
        support.addSeparator()
        support.addActions([self.licences, self.about])

    def show_mode(self, mode: Mode) -> None:
        """Name the commands after what the window is used for."""
        checks = mode is Mode.CHECK
        (self.mode_check if checks else self.mode_merge).setChecked(True)
        self.merge.setText(self.tr("&Check") if checks else self.tr("&Merge"))
        self.output.setText(self.tr("Choose &merged model…") if checks else self.tr("Choose &output folder…"))
        self.show_checks.setText(self.tr("&Before the check") if checks else self.tr("&Before the merge"))

    def allow_inputs(self, allowed: bool) -> None:
        """Allow or forbid what changes the inputs."""
        self.mode_merge.setEnabled(allowed)
        self.mode_check.setEnabled(allowed)
        for action in (self.base, self.adapter, self.output, self.swap, self.refresh, self.add_adapter):
            action.setEnabled(allowed)

    def allow_list(self, count: int, current: int | None, can_undo: bool) -> None:
        """Allow what can be done with a list of ``count`` adapters, of which ``current`` has the focus."""
        self.undo.setEnabled(can_undo)
        movable = current is not None and count > 1
        self.move_up.setEnabled(movable and current != 0)
        self.move_down.setEnabled(movable and current != count - 1)
        self.remove_adapter.setEnabled(movable)

    def allow_result(self, has_report: bool, has_folder: bool) -> None:
        """Allow what needs a finished merge."""
        self.open_result.setEnabled(has_folder)
        self.save_report.setEnabled(has_report)
        self.copy_code.setEnabled(has_report)

    def _mode_action(self, text: str, keys: str) -> QAction:
        action = self._action(text, keys)
        action.setCheckable(True)
        self._modes.addAction(action)
        return action

    def _action(self, text: str, keys: str) -> QAction:
        action = QAction(text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        return action

    def _give_roles(self) -> None:
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
