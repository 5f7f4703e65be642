"""The style sheet, made from a scheme's colours. Distances are multiples of 8 pixels, 4 inside controls."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from .assets import icon_file
from .colours import LIGHT, Colours

UNIT = 8

_TEMPLATE = Template("""
QMainWindow, QDialog, QMessageBox { background: $window; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 4px; }

QLabel[tone="quiet"] { color: $quiet; }
QLabel[tone="success"] { color: $success; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="error"] { color: $error; }
QLabel[tone="accent"] { color: $accent; }
QLabel:disabled { color: $disabled; }

QWidget[part="sidebar"] { background: $sidebar; border: none; border-right: 1px solid $line; }
QFrame[part="footer"] { background: $sidebar; border: none; border-top: 1px solid $line; }
QFrame[part="page"], QScrollArea[part="page"] { background: $window; border: none; }
QScrollArea[part="plain"], QWidget[part="plain"] { background: $sidebar; border: none; }
QFrame[part="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[part="tile"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[part="offer"] { background: $accent_soft; border: none; border-radius: 6px; }
QFrame[part="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[part="finding"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[part="finding"][severity="error"] { background: $error_soft; border-color: $error; }
QFrame[part="finding"][severity="warning"] { background: $warning_soft; border-color: $line; }
QFrame[part="step"] { background: $accent_soft; border: none; border-radius: 16px; }
QWidget[part="entry"] { background: $window; border: 1px solid $line; border-radius: 8px; }
QWidget[part="entry"]:focus { border-color: $accent; }
QWidget[part="target"] { background: $accent_soft; border: 1px solid $accent; border-radius: 8px; }
QFrame[part="drop"] { background: $accent_soft; border: 2px dashed $accent; border-radius: 8px; }

QLineEdit {
    background: $field; color: $text; border: 1px solid $field_line; border-radius: 6px;
    padding: 0 8px; min-height: 30px; placeholder-text-color: $quiet;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus { border: 2px solid $accent; padding: 0 7px; }
QLineEdit:disabled { background: $window; color: $disabled; border-color: $line; }

QAbstractSpinBox {
    background: $field; color: $text; border: 1px solid $field_line; border-radius: 6px;
    padding: 0; min-height: 26px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QAbstractSpinBox:focus { border: 2px solid $accent; min-height: 24px; }
QAbstractSpinBox:disabled { background: $window; color: $disabled; border-color: $line; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 20px; background: transparent; border: none; margin: 1px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; border-radius: 4px; }
QAbstractSpinBox::up-arrow { image: url("$chevron_up"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("$chevron"); width: 10px; height: 10px; }

QComboBox {
    background: $field; color: $text; border: 1px solid $field_line; border-radius: 6px;
    padding: 0 8px; min-height: 30px;
}
QComboBox:focus, QComboBox:on { border: 2px solid $accent; padding: 0 7px; }
QComboBox:disabled { background: $window; color: $disabled; border-color: $line; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$chevron"); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
    background: $card; color: $text; border: 1px solid $line; outline: none; padding: 4px;
    selection-background-color: $accent_soft; selection-color: $text;
}

QPushButton, QToolButton {
    background: $card; color: $text; border: 1px solid $field_line; border-radius: 6px;
    padding: 0 12px; min-height: 30px;
}
QToolButton { padding: 0 6px; min-width: 18px; min-height: 28px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:open { background: $line; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 0 11px; }
QToolButton:focus { padding: 0 5px; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; border-color: $line; background: $window; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton[part="primary"] {
    background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; padding: 0 20px;
    min-height: 38px;
}
QPushButton[part="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[part="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[part="primary"]:focus { border: 2px solid $text; padding: 0 19px; }
QPushButton[part="primary"]:disabled { background: $hover; color: $quiet; border-color: $line; }
QPushButton[part="link"] {
    background: transparent; color: $accent; border: none; padding: 0; font-weight: 600; min-height: 24px;
    text-align: left; margin-right: 16px;
}
QPushButton[part="link"]:hover { text-decoration: underline; background: transparent; }
QPushButton[part="link"]:focus { border: 2px solid $accent; border-radius: 4px; padding: 0; }
QPushButton[part="link"]:disabled { color: $disabled; background: transparent; }
QPushButton[part="heading"] {
    background: transparent; border: none; padding: 0; min-height: 24px; text-align: left; font-weight: 600;
}
QPushButton[part="heading"]:hover { color: $accent; background: transparent; }
QPushButton[part="heading"]:focus { border: 2px solid $accent; border-radius: 4px; padding: 0; }
QFrame[part="segments"] { background: $hover; border: 1px solid $line; border-radius: 8px; }
QPushButton[part="segment"] {
    background: transparent; color: $quiet; border: 1px solid transparent; border-radius: 6px; padding: 0 8px;
    min-height: 26px; font-weight: 600;
}
QPushButton[part="segment"]:hover { color: $text; }
QPushButton[part="segment"]:checked { background: $card; color: $text; border-color: $field_line; }
QPushButton[part="segment"]:focus { border: 2px solid $accent; padding: 0 7px; min-height: 24px; }
QPushButton[part="segment"][narrow="true"], QPushButton[part="segment"][narrow="true"]:focus { padding: 0 2px; }
QPushButton[part="segment"]:disabled { color: $disabled; }
QToolButton[part="flat"] { background: transparent; border: 1px solid transparent; padding: 0 4px; min-height: 24px; }
QToolButton[part="flat"]:hover { background: $hover; }
QToolButton[part="flat"]:pressed { background: $line; }
QToolButton[part="flat"]:focus { border: 2px solid $accent; padding: 0 3px; }
QToolButton[part="flat"]:disabled { background: transparent; border-color: transparent; }
QPushButton[part="link"]::menu-indicator { image: none; width: 0; }

QCheckBox { color: $text; spacing: 8px; min-height: 24px; }
QCheckBox:disabled { color: $disabled; }
QCheckBox::indicator {
    width: 16px; height: 16px; border: 1px solid $field_line; border-radius: 4px; background: $field;
}
QCheckBox::indicator:focus { border: 2px solid $accent; width: 14px; height: 14px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick"); }

QProgressBar { background: $line; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }

QTabBar { background: transparent; border: none; }
QTabBar::tab {
    background: transparent; color: $quiet; border: none; border-bottom: 2px solid transparent;
    padding: 8px 4px; margin-right: 12px; font-weight: 600;
}
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; }
QTabBar::tab:disabled { color: $disabled; }

QTableView {
    background: $card; color: $text; border: none; gridline-color: $line; outline: none;
    selection-background-color: $accent_soft; selection-color: $text;
}
QListWidget {
    background: $card; color: $text; border: 1px solid $line; border-radius: 6px; outline: none; padding: 4px;
    selection-background-color: $accent_soft; selection-color: $text;
}
QListWidget:focus { border: 2px solid $accent; padding: 3px; }
QListWidget::item { padding: 4px; border-radius: 4px; }
QListWidget::item:selected { background: $accent_soft; color: $text; }
QTableView::item { border-bottom: 1px solid $line; }
QTableView#modulesTable::item { padding: 0 5px; }
QHeaderView { background: $card; border: none; }
QHeaderView::section {
    background: $card; color: $quiet; border: none; border-bottom: 1px solid $line; padding: 4px 8px;
}

QMenuBar { background: $sidebar; color: $text; border-bottom: 1px solid $line; padding: 2px 8px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $card; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QPlainTextEdit {
    background: $field; color: $text; border: 1px solid $line; border-radius: 6px; padding: 4px;
}
QPlainTextEdit[part="field"] { border-color: $field_line; }
QPlainTextEdit[part="field"]:focus, QPlainTextEdit[part="answer"]:focus { border: 2px solid $accent; padding: 3px; }
QPlainTextEdit[part="answer"] { background: $window; }

QSplitter::handle { background: $window; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar::handle { background: $field_line; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $quiet; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def stylesheet(colours: Colours) -> str:
    """The style sheet for one scheme."""
    # The file names a picture's own colour: a style sheet cannot tint one.
    scheme = "light" if colours is LIGHT else "dark"
    return _TEMPLATE.substitute(
        asdict(colours),
        chevron=icon_file(f"chevron-{scheme}").as_posix(),
        chevron_up=icon_file(f"chevron-up-{scheme}").as_posix(),
        tick=icon_file(f"tick-{scheme}").as_posix(),
    )
