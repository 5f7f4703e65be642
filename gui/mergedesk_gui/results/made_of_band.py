"""A band over what is about other inputs than those on the left."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDate, QDateTime, QLocale, Signal
from PySide6.QtWidgets import QFrame

from mergedesk.domain.folder_names import spoken_name

from ..state.form import Form
from ..state.made_of import MadeOf, same_inputs
from ..text.folder_text import sum_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.layouts import column
from ..widgets.naming import named
from ..widgets.wrapping import WrapRow


class MadeOfBand(QFrame):
    """Names base, adapters and time of a job, and leads back to its inputs; beside other pages also to its progress."""

    again_asked = Signal(object)
    """The ``Form`` that is to be shown again."""
    progress_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "offer")
        named(self, "madeOfBand")
        self.made_of: MadeOf | None = None
        """What is on the pages of results, or on its way there; None while nothing is."""
        self._title, self._reading = Text("", TextRole.STRONG), Text("", tone="quiet")
        self.again = self._link("swap", self.tr("Show these inputs again"), "showInputsAgainButton")
        self.again.clicked.connect(self._ask_again)
        self.progress = self._link("time", self.tr("Show the progress"), "showProgressButton")
        self.progress.clicked.connect(self.progress_asked)
        buttons = WrapRow(self.again, self.progress)
        self.setLayout(column(self._title, self._reading, buttons, spacing=UNIT // 2, margin=UNIT))
        self.hide()

    @property
    def sentence(self) -> str:
        """What the band says."""
        return f"{self._title.plain} {self._reading.plain}".strip()

    def turn_to(self, made_of: MadeOf | None) -> None:
        """Be about another job, or know more of it."""
        self.made_of = made_of
        self._reading.show_or_hide("")
        if made_of is not None:
            self._title.setText(self._said(made_of))

    def read_out(self, reading: str) -> None:
        """Say how far the job is."""
        self._reading.show_or_hide(reading)

    def follow(self, form: Form, *, on_result: bool, on_progress: bool) -> None:
        """Appear where the form is another one: ``on_result`` while the page is about a job, ``on_progress`` while it
        shows how far that is.
        """
        made_of = self.made_of
        differs = made_of is not None and not same_inputs(made_of.form, form)
        runs = made_of is not None and made_of.runs
        self.progress.setVisible(runs and not on_progress)
        self._reading.setVisible(bool(self._reading.plain) and runs and not on_progress)
        self.setVisible(differs and (on_result or runs))

    def _said(self, made_of: MadeOf) -> str:
        form, when = made_of.form, _local(made_of.when)
        base = spoken_name(form.base) if form.base else "–"
        names = sum_of([(spoken_name(adapter.folder), adapter.weight) for adapter in form.adapters], base)
        if made_of.runs:
            running = self.tr("At work since {time} on other inputs than those chosen now: {names}")
            return running.format(names=names, time=when)
        return self.tr("This is of other inputs than those chosen now: {names}, {time}").format(names=names, time=when)

    def _ask_again(self) -> None:
        if self.made_of is not None:
            self.again_asked.emit(self.made_of.form)

    def _link(self, picture: str, words: str, name: str) -> IconButton:
        button = named(IconButton(words, picture, "accent"), name)
        button.setProperty("part", "link")
        return button


def _local(when: datetime) -> str:
    """A time as the window's language writes it, without the date if that is today's."""
    here, locale = QDateTime.fromSecsSinceEpoch(int(when.timestamp())), QLocale()
    if here.date() == QDate.currentDate():
        return locale.toString(here.time(), QLocale.FormatType.ShortFormat)
    return locale.toString(here, QLocale.FormatType.ShortFormat)
