"""The menu bar: every command of the window with its key."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenuBar

from .merge.start_bar import SHORTCUT
from .state.mode import Mode


class Commands(QObject):
    """The window's commands. ``wiring`` connects them, and the window says which make sense at the moment."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._modes = QActionGroup(self)
        self._make_file()
        self._make_edit()
        self._make_merge()
        self._make_help()

    def fill(self, bar: QMenuBar) -> None:
        """Put the commands into a menu bar."""
        folders = [self.base, self.adapter, self.output, self.swap, self.refresh]
        result = [self.open_result, self.save_report, self.copy_code]
        adapters = [self.add_adapter, self.move_up, self.move_down, self.remove_adapter]
        jobs = [self.merge, self.add_to_queue, self.one_each, self.verify_everything, self.cancel]
        pages = [self.show_preflight, self.show_result, self.show_effect, self.show_playground, self.show_deploy]
        pages += [self.show_queue, self.show_library]
        support = [self.diagnostics, self.log, self.log_folder]
        _add_menu(bar, self.tr("&File"), [self.new], folders, result, [self.history], [self.quit])
        _add_menu(bar, self.tr("&Edit"), [self.undo, self.redo, self.clear], adapters, [self.preferences])
        _add_menu(bar, self.tr("&Merge"), [self.mode_merge, self.mode_verify], jobs, pages)
        _add_menu(bar, self.tr("&Help"), [self.manual, self.help, self.shortcuts], support, [self.licences, self.about])

    def show_mode(self, mode: Mode) -> None:
        """Name the commands after what the window is used for."""
        verifies = mode is Mode.VERIFY
        (self.mode_verify if verifies else self.mode_merge).setChecked(True)
        self.merge.setText(self.tr("&Verify") if verifies else self.tr("&Merge"))
        self.output.setText(self.tr("Choose &merged model…") if verifies else self.tr("Choose &output folder…"))
        self.show_preflight.setText(self.tr("&Before verifying") if verifies else self.tr("&Before the merge"))

    def show_undo(self, undone: str, redone: str) -> None:
        """Name what would be undone, and what redone; empty where there is nothing."""
        undo, redo = self.tr("&Undo"), self.tr("R&edo")
        self.undo.setText(self.tr("&Undo: {change}").format(change=undone) if undone else undo)
        self.redo.setText(self.tr("R&edo: {change}").format(change=redone) if redone else redo)
        self.undo.setEnabled(bool(undone))
        self.redo.setEnabled(bool(redone))

    def allow_list(self, count: int, current: int | None) -> None:
        """Allow what can be done with a list of ``count`` adapters, of which ``current`` has the focus."""
        movable = current is not None and count > 1
        self.move_up.setEnabled(movable and current != 0)
        self.move_down.setEnabled(movable and current != count - 1)
        self.remove_adapter.setEnabled(movable)

    def _make_file(self) -> None:
        self.new = self._action(self.tr("&New merge"), "Ctrl+N")
        self.base = self._action(self.tr("Choose &base model…"), "Ctrl+O")
        self.adapter = self._action(self.tr("Choose &adapter…"), "Ctrl+Shift+O")
        self.output = self._action(self.tr("Choose &output folder…"), "Ctrl+Shift+S")
        self.swap = self._action(self.tr("S&wap base and adapter"), "Ctrl+T")
        self.refresh = self._action(self.tr("&Look at the folders again"), "F5")
        self.open_result = self._action(self.tr("Open &merged folder"), "Ctrl+E")
        self.save_report = self._action(self.tr("&Save report…"), "Ctrl+S")
        self.copy_code = self._action(self.tr("&Copy PEFT code"), "Ctrl+Shift+C")
        self.history = self._action(self.tr("&Past merges…"), "Ctrl+H")
        self.quit = self._action(self.tr("&Quit"), "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

    def _make_edit(self) -> None:
        self.undo = self._action(self.tr("&Undo"), "Ctrl+Z")
        self.redo = self._action(self.tr("R&edo"), "Ctrl+Shift+Z")
        self.redo.setShortcuts([*self.redo.shortcuts(), QKeySequence("Ctrl+Y")])
        self.clear = self._action(self.tr("&Clear all inputs"), "Ctrl+Shift+Backspace")
        self.add_adapter = self._action(self.tr("&Add another adapter"), "Ctrl+Shift+A")
        self.move_up = self._action(self.tr("Move adapter u&p"), "Alt+Up")
        self.move_down = self._action(self.tr("Move adapter &down"), "Alt+Down")
        self.remove_adapter = self._action(self.tr("&Remove adapter"), "Ctrl+Backspace")
        self.preferences = self._action(self.tr("Prefere&nces…"), "Ctrl+,")
        self.preferences.setMenuRole(QAction.MenuRole.PreferencesRole)

    def _make_merge(self) -> None:
        self.merge = self._action(self.tr("&Merge"), SHORTCUT)
        self.add_to_queue = self._action(self.tr("&Add to queue"), "Ctrl+Shift+Return")
        self.one_each = self._action(self.tr("&One merge each…"))
        self.mode_merge = self._mode_action(self.tr("Turn to mer&ging"), "Ctrl+M")
        self.mode_verify = self._mode_action(self.tr("Turn to verif&ying a merge"), "Ctrl+K")
        self.verify_everything = self._action(self.tr("Verify every&thing"), "Ctrl+Shift+K")
        self.cancel = self._action(self.tr("&Cancel"), "Esc")
        self.show_preflight = self._action(self.tr("&Before the merge"), "Ctrl+1")
        self.show_result = self._action(self.tr("&Result"), "Ctrl+2")
        self.show_effect = self._action(self.tr("&Effect"), "Ctrl+3")
        self.show_playground = self._action(self.tr("Try &it"), "Ctrl+4")
        self.show_deploy = self._action(self.tr("&Use it"), "Ctrl+5")
        self.show_queue = self._action(self.tr("&Queue"), "Ctrl+6")
        self.show_library = self._action(self.tr("&Library"), "Ctrl+7")

    def _make_help(self) -> None:
        self.manual = self._action(self.tr("&Manual"), "F1")
        self.help = self._action(self.tr("&How merging works"))
        self.shortcuts = self._action(self.tr("&Keyboard shortcuts…"), "Ctrl+F1")
        self.diagnostics = self._action(self.tr("Copy &diagnostics…"))
        self.log = self._action(self.tr("&Show the log…"))
        self.log_folder = self._action(self.tr("Show &log folder"))
        self.licences = self._action(self.tr("L&icences…"))
        self.about = self._action(self.tr("&About MergeDesk"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    def _mode_action(self, text: str, keys: str) -> QAction:
        action = self._action(text, keys)
        action.setCheckable(True)
        self._modes.addAction(action)
        return action

    def _action(self, text: str, keys: str = "") -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        return action


def _add_menu(bar: QMenuBar, title: str, *groups: list[QAction]) -> None:
    menu = bar.addMenu(title)
    for number, group in enumerate(groups):
        if number:
            menu.addSeparator()
        menu.addActions(group)
