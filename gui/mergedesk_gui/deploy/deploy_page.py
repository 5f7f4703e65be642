"""The page “Use it”: how each tool takes the merged folder, and what in it is known to break there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QWidget

from mergedesk.deployment.codes import TOOL_NAMES, Tool, ToolUsage

from ..jobs.engine_api import UsageAnswer
from ..text.finding_rows import finding_rows
from ..text.lines import Line
from ..text.messages import say
from ..text.usage_text import remark_rows, step_heading, usage_headline
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.code_block import CodeBlock
from ..widgets.findings_view import FindingsView
from ..widgets.icons import IconButton, IconLabel
from ..widgets.labels import ElidedText, Notice, Text
from ..widgets.layouts import beside_icon, column, frame, refill, row
from ..widgets.segments import Segment, Segments
from ..widgets.slices import Slices
from .gguf_box import GgufBox
from .ollama_box import OllamaBox
from .packed_box import PackedBox
from .place_row import PlaceRow

_COPY_NAMES = {
    Tool.TRANSFORMERS: "copyTransformersButton",
    Tool.VLLM: "copyVllmButton",
    Tool.OLLAMA: "copyOllamaButton",
    Tool.LM_STUDIO: "copyLmStudioButton",
    Tool.LLAMA_CPP: "copyLlamaCppButton",
}


_MERGED, _ADAPTER = "merged", "adapter"


class DeployPage(QWidget):
    """One card for each tool, of which one is shown. The folder is looked at when the page is first seen."""

    look_asked = Signal()
    modelfile_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("useItPage")
        self._stale = False
        self._tool = Tool.TRANSFORMERS
        self._merged: Path | None = None
        self._adapter: Path | None = None
        self._cards: dict[Tool, QFrame] = {}
        self._offers_ollama = False
        self.ollama = OllamaBox()
        self.gguf = GgufBox()
        self.packed = PackedBox()
        self.place = PlaceRow()
        self._folder = ElidedText("", tone="quiet")
        self._state = Text("", tone="quiet")
        self.warning = Text("", tone="error")
        self._findings = FindingsView()
        self.notice = Notice()
        self._tools = Segments(self.tr("Tools"), self._segments())
        for button in self._tools.findChildren(QPushButton):
            button.setProperty("narrow", True)  # five of them share the least width of a page
        self._tools.changed.connect(self._show_tool)
        self._subject = Segments(self.tr("What is used"), self._subjects())
        self._subject.changed.connect(self._turn)
        self._shown = column(spacing=0)
        self._rest: Slices | None = None
        self.ollama.copied.connect(self.notice.copy)
        self._lay_out()

    @property
    def cards(self) -> Mapping[Tool, QFrame]:
        """The card of each tool; none while there are some to be made."""
        return {} if self._rest is not None and self._rest.left else self._cards

    @property
    def findings(self) -> tuple[str, ...]:
        """Why the folder cannot be used, as it is read out."""
        return self._findings.texts

    @property
    def shows_adapter(self) -> bool:
        """Whether the adapter is shown, unmerged, in the place of the merged folder."""
        return self._subject.value == _ADAPTER

    def expect(self, folder: Path | None, *, adapter: Path | None = None, refuted: bool = False) -> None:
        """Get ready for another folder, or none; ``refuted`` if it was found that it is not what it should be.

        ``adapter``: the one that it was made with, which may be used unmerged as well.
        """
        self._merged, self._adapter = folder, adapter
        self._subject.setVisible(folder is not None and adapter is not None)
        self.warning.setVisible(refuted)
        if self.shows_adapter:
            self._subject.choose(_MERGED)
        else:
            self._look_anew()

    def _turn(self, _subject: str) -> None:
        self._look_anew()

    def _look_anew(self) -> None:
        folder = self._adapter if self.shows_adapter else self._merged
        self._clear()
        self._stale = folder is not None
        self._folder.setText(str(folder or ""))
        self._state.setText(self.tr("Looking at the folder…"))
        self._state.setVisible(folder is not None)
        if self._stale and self.isVisible():
            self._ask()

    def show_answer(self, answer: UsageAnswer) -> None:
        """Show how the folder is used, or why it cannot be."""
        self._clear()
        self._state.hide()
        self._findings.show_rows(finding_rows(answer.usage.findings))
        self._tools.setVisible(bool(answer.usage.tools))
        is_model = bool(answer.usage.tools) and not answer.unmerged
        self.gguf.setVisible(is_model)
        self.place.setVisible(is_model)
        self.packed.setVisible(is_model and not _is_packed(answer.usage.tools))
        self._offers_ollama = answer.has_ollama and answer.modelfile is not None
        self._show_tool(self._tool)
        chosen_first = sorted(answer.usage.tools, key=lambda usage: usage.tool is not self._tool)
        steps = [partial(self._add_card, usage, answer) for usage in chosen_first]
        for step in steps[:1]:
            step()
        self._rest = Slices(steps[1:], self)

    def show_failure(self, sentence: str) -> None:
        """Say that the folder could not be looked at."""
        self._clear()
        self._state.setText(sentence)
        self._state.show()

    def choose(self, tool: Tool) -> None:
        """Turn to a tool's card."""
        self._tools.choose(tool.value)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Look at the folder, now that somebody wants to know."""
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        if self._stale:
            self._stale = False
            self.look_asked.emit()

    def _show_tool(self, value: str) -> None:
        self._tool = Tool(value)
        for tool, card in self._cards.items():
            card.setVisible(tool is self._tool)
        self.ollama.setVisible(self._offers_ollama and self._tool is Tool.OLLAMA)

    def _add_card(self, usage: ToolUsage, answer: UsageAnswer) -> None:
        card = self._card(usage, answer)
        self._cards[usage.tool] = card
        self._shown.addWidget(card)
        card.setVisible(usage.tool is self._tool)

    def _clear(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        refill(self._shown)
        self._cards = {}
        self._offers_ollama = False
        self.ollama.hide()
        self.gguf.hide()
        self.packed.hide()
        self.place.hide()
        self._tools.hide()
        self._findings.hide()
        self.notice.hide()

    def _card(self, usage: ToolUsage, answer: UsageAnswer) -> QFrame:
        parts: list[QWidget | QLayout] = [_headline(usage_headline(usage))]
        for number, step in enumerate(usage.steps):
            block = CodeBlock(step_heading(step), step.text.rstrip("\n"), _COPY_NAMES[usage.tool] if not number else "")
            block.copied.connect(self.notice.copy)
            parts.append(block)
        if usage.tool is Tool.OLLAMA and usage.steps and answer.modelfile is not None:
            parts.insert(1, self._modelfile(answer.modelfile.text))
        remarks = FindingsView()
        remarks.show_rows(remark_rows(usage.remarks))
        parts.append(column(Text(self.tr("What was looked at"), TextRole.STRONG), remarks))
        return frame("card", column(*parts, spacing=2 * UNIT, margin=2 * UNIT))

    def _modelfile(self, text: str) -> QLayout:
        """The Modelfile as it would be, and the button that writes it."""
        block = CodeBlock(self.tr("The Modelfile"), text.rstrip("\n"), "copyModelfileButton")
        block.copied.connect(self.notice.copy)
        what = self.tr("Saves this text as “Modelfile” in the merged folder.")
        button = IconButton(self.tr("Write a Modelfile"), "save", clicked=self.modelfile_asked, tooltip=what)
        button.setObjectName("modelfileButton")
        return column(block, row(button, None))

    def _subjects(self) -> Sequence[Segment]:
        merged = Segment(_MERGED, self.tr("Merged model"), "useMergedSegment", self.tr("The folder that was merged"))
        why = self.tr("The adapter beside its base, as servers of several adapters take it")
        return [merged, Segment(_ADAPTER, self.tr("Adapter, unmerged"), "useAdapterSegment", why)]

    def _segments(self) -> Sequence[Segment]:
        return [Segment(tool, TOOL_NAMES[tool], f"{tool}Segment", say(f"tool.{tool}")) for tool in Tool]

    def _lay_out(self) -> None:
        self.warning.setText(
            self.tr("The verification found that this folder is not the merge it should be. Put that right first.")
        )
        hidden = (self._state, self.warning, self._findings, self._subject, self._tools, self.ollama, self.gguf)
        for part in (*hidden, self.packed, self.place):
            part.hide()
        title = Text(self.tr("Use the merged model"), TextRole.TITLE)
        head = column(title, self._folder, spacing=UNIT // 2)
        above = (
            self.warning,
            self._subject,
            self._state,
            self._findings,
            self.place,
            self.gguf,
            self.packed,
            self._tools,
        )
        self.setLayout(column(head, *above, self.notice, self.ollama, self._shown, None, spacing=2 * UNIT))


def _is_packed(tools: Sequence[ToolUsage]) -> bool:
    return any(remark.code.startswith("packed_") for tool in tools for remark in tool.remarks)


def _headline(line: Line) -> QLayout:
    return beside_icon(IconLabel(line.icon, line.tone, 20), Text(line.sentence, TextRole.HEADING))
