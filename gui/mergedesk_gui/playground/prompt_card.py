"""What is asked, whom, and how: the upper part of the page for trying a merge out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QMenu, QPushButton, QSpinBox, QWidget

from mergedesk.domain.requests import Precision
from mergedesk.inference.trial import ALL_SIDES, AnswerKind, Side, TrialRequest, UnmergedLoading

from ..state.trial_subject import TrialSubject
from ..text.trial_text import side_name
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.explained_combo import ExplainedCombo
from ..widgets.icons import IconButton
from ..widgets.labels import Text, set_tone
from ..widgets.layouts import column, frame, labelled, row
from ..widgets.naming import named
from ..widgets.prompt_edit import PromptEdit
from ..widgets.recent_menu import add_choice
from ..widgets.steady import whole_number_field
from ..widgets.word_button import WordBox
from ..widgets.wrapping import SideBySide, WrapRow

USUAL_TOKENS, MOST_TOKENS = 96, 4096
_TOKENS_STEP = 32
_OPTION_WIDTH = 216


class PromptCard(QFrame):
    """The prompt with its buttons, and below it who answers and how."""

    asked = Signal()
    setting_changed = Signal()
    """Something that the need for memory depends on."""

    def __init__(self, examples: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self.examples = tuple(examples)
        self.recent: Sequence[str] = ()
        """The prompts used last, the latest first."""
        self.prompt = named(PromptEdit(), "tryPromptEdit", self.tr("Prompt"))
        self.prompt.setPlaceholderText(self.tr("Ask what the adapter was trained for"))
        self.prompt.asked.connect(self.asked)
        keys = self.tr("Answer (Ctrl+Enter)")
        self.answer = IconButton(self.tr("Answer"), "prompt", "on_accent", clicked=self.asked, tooltip=keys)
        self.answer.setObjectName("tryButton")
        self.answer.setProperty("part", "primary")
        self.stop = IconButton(self.tr("Stop"), "stop", tooltip=self.tr("Stop (Esc)"))
        self.stop.setObjectName("tryStopButton")
        self.status = Text("", TextRole.SMALL, "quiet")
        self._menu = self._prompts_menu()
        self._sides = {side: self._side_box(side) for side in ALL_SIDES}
        self.loading = self._loading_combo()
        self.precision = self._precision_combo()
        cpu = (self.tr("Processor (CPU)"),)
        self.device = ExplainedCombo(self.tr("Device"), "tryDeviceCombo", (("cpu", ""),), cpu)
        self.device.hide()
        for control in (self.loading, self.precision, self.device):
            control.combo.currentIndexChanged.connect(self.setting_changed)
        self.longest = self._longest_spin()
        self._lay_out()

    def request(self, subject: TrialSubject) -> TrialRequest:
        """What is set now, asked of base and adapters, and of their merge where there is one."""
        asked = [side for side, box in self._sides.items() if box.isChecked()]
        return TrialRequest(
            subject.base,
            subject.adapters,
            subject.merged,
            self.prompt.toPlainText().strip(),
            tuple(side for side in asked if side is not Side.MERGED or subject.merged is not None),
            UnmergedLoading(self.loading.value),
            self.device.value,
            Precision(self.precision.value),
            self.longest.value(),
            subject.combination,
        )

    def offer_merged(self, is_merged: bool) -> None:
        """Offer to ask the merged model, where there is one."""
        self._sides[Side.MERGED].setVisible(is_merged)

    def set_prompt(self, prompt: str) -> None:
        """Put ``prompt`` into the field, in a way that can be undone."""
        cursor = self.prompt.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(prompt)

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer devices, as pairs of id and name; a choice is shown only where there is one."""
        combo, current = self.device.combo, self.device.value
        if len(devices) == combo.count():
            return
        combo.clear()
        for device, name in devices:
            combo.addItem(name, device)
        self.device.choose(current if current in dict(devices) else devices[0][0])
        self.device.setVisible(len(devices) > 1)
        self._options.arrange()

    def show_task(self, task: AnswerKind) -> None:
        """Show only what counts for ``task``."""
        self._longest_part.setVisible(task.makes_tokens)
        self._options.arrange()

    def show_running(self, running: bool) -> None:
        """Lock what must stay as it is while an answer is being made."""
        self.stop.setEnabled(running)
        settings = (self.loading, self.precision, self.device, self._longest_part, *self._sides.values())
        for control in (*settings, self._menu):
            control.setEnabled(not running)

    def say(self, sentence: str, tone: str = "quiet") -> None:
        """Say beside the buttons what a trial needs, or what it is at."""
        self.status.setText(sentence)
        set_tone(self.status, tone)

    def _side_box(self, side: Side) -> QCheckBox:
        box = named(WordBox(side_name(side)), f"try{side.value.title()}Check", side_name(side))
        box.setChecked(True)
        box.toggled.connect(self.setting_changed)
        return box

    def _prompts_menu(self) -> QPushButton:
        meaning = self.tr("Prompts used last, and a few examples")
        button = named(IconButton(self.tr("Prompts"), "recent", tooltip=meaning), "tryPromptsButton")
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(partial(self._fill_menu, menu))
        button.setMenu(menu)
        return button

    def _fill_menu(self, menu: QMenu) -> None:
        menu.clear()
        for prompt in self.recent:
            add_choice(menu, prompt, self._choose_prompt, Qt.TextElideMode.ElideRight)
        if self.recent:
            menu.addSeparator()
        for prompt in self.examples:
            if prompt not in self.recent:
                add_choice(menu, prompt, self._choose_prompt, Qt.TextElideMode.ElideRight)

    def _choose_prompt(self, prompt: str) -> None:
        self.set_prompt(prompt)
        self.prompt.setFocus()

    def _loading_combo(self) -> ExplainedCombo:
        choices = (
            (
                UnmergedLoading.PEFT_MODEL,
                self.tr("Wraps the base you chose; merge_and_unload() then gives the plain model."),
            ),
            (
                UnmergedLoading.AUTO_CLASS,
                self.tr("Reads the base's path from adapter_config.json; stays unmerged, without merge_and_unload()."),
            ),
        )
        titles = ("PeftModel.from_pretrained(base, adapter)", "AutoModelForCausalLM.from_pretrained(adapter)")
        return ExplainedCombo(self.tr("How the unmerged side is loaded"), "tryLoadingCombo", choices, titles)

    def _precision_combo(self) -> ExplainedCombo:
        choices = (
            (Precision.AUTO, self.tr("Each model as it is stored.")),
            (Precision.FLOAT32, self.tr("Hardly any rounding; slower, and takes more memory.")),
        )
        titles = (self.tr("As stored"), "float32")
        return ExplainedCombo(self.tr("Calculated in"), "tryPrecisionCombo", choices, titles)

    def _longest_spin(self) -> QSpinBox:
        spin = named(whole_number_field(), "tryLongestSpin", self.tr("Longest answer, in tokens"))
        spin.setRange(1, MOST_TOKENS)
        spin.setSingleStep(_TOKENS_STEP)
        spin.setValue(USUAL_TOKENS)
        return spin

    def _lay_out(self) -> None:
        label = QLabel(self.tr("Prompt"))
        label.setBuddy(self.prompt)
        head = row(label, None, self._menu)
        head.setAlignment(label, Qt.AlignmentFlag.AlignBottom)
        buttons = row(WrapRow(self.answer, self.stop), self.status, grows=1)
        rule = frame("rule")
        self._longest_part = self._longest_column()
        options = (self.loading, self.precision, self.device, self._longest_part)
        self._options = SideBySide(*options, least=_OPTION_WIDTH, shares=(3, 2, 2, 2))
        boxes = WrapRow(*self._sides.values(), spacing=2 * UNIT)
        who = column(Text(self.tr("Answered by")), boxes, spacing=UNIT // 2)
        parts = (head, self.prompt, buttons, rule, who, self._options)
        self.setLayout(column(*parts, spacing=12, margin=2 * UNIT))
        self.show_running(False)

    def _longest_column(self) -> QWidget:
        meaning = Text(self.tr("In tokens; it may end before."), TextRole.SMALL, "quiet")
        part = QWidget()
        part.setLayout(labelled(self.tr("Longest answer"), self.longest, meaning, None))
        return part
