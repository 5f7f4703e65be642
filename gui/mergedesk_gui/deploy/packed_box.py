"""“Pack for vLLM and SGLang”: which form, what it will take, how far it is, and what was lost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.packed_export import ExportStatus, PackedExport, PackedForecast
from mergedesk.domain.progress import Progress
from mergedesk.export.packed.scheme import GroupSize, PackedForm, ScaleGrid, scheme_name

from ..text.finding_rows import finding_rows
from ..text.messages import say
from ..text.packed_text import forecast_line, packed_line, packing_line
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.layouts import column
from ..widgets.naming import announce, named
from ..widgets.segments import Segment, Segments
from ..widgets.wrapping import WrapRow
from .export_state import ExportState


class PackedBox(QWidget):
    """Asks for the work and shows it; the work itself is another's."""

    pack_asked = Signal()
    stop_asked = Signal()
    queue_asked = Signal()
    open_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._forecast: PackedForecast | None = None
        self._forms = Segments(self.tr("Form of the packed weights"), self._form_segments())
        self._scales = Segments(self.tr("Scales"), self._scale_segments())
        self._groups = Segments(self.tr("Size of groups"), self._group_segments())
        what = self.tr("Writes a packed copy into a new folder. Every packed weight is read back and proved.")
        pack = IconButton(self.tr("Pack it"), "output", clicked=self.pack_asked, tooltip=what)
        self._pack = named(pack, "packButton")
        stop, later = self.tr("Stop packing"), self.tr("Add the packed model to the queue")
        self._stop = named(IconButton(self.tr("Stop"), "stop", clicked=self.stop_asked), "stopPackingButton", stop)
        add = IconButton(self.tr("Add to queue"), "add", clicked=self.queue_asked)
        self._queue = named(add, "queuePackButton", later)
        opens = IconButton(self.tr("Open the folder"), "folder", clicked=self.open_asked)
        self._open = named(opens, "openPackedButton")
        self._shown = ExportState("packingProgressBar", self.tr("Packed model"), "packingState")
        self._expected = Text("", tone="quiet")
        self._lay_out()
        for choice in (self._forms, self._scales, self._groups):
            choice.changed.connect(self._on_chosen)
        self._on_chosen()
        self.forget()

    @property
    def form(self) -> str:
        """What is chosen: a key of ``export.packed.scheme.SCHEMES``."""
        return scheme_name(PackedForm(self._forms.value), GroupSize(self._groups.value), ScaleGrid(self._scales.value))

    @property
    def said(self) -> str:
        """What stands below the button."""
        return self._shown.said

    @property
    def expected(self) -> str:
        """What it will take, as it is shown."""
        return self._expected.plain if self._expected.isVisibleTo(self) else ""

    @property
    def rows(self) -> tuple[str, ...]:
        """What was lost, or what speaks against it, as it is read out."""
        return self._shown.rows

    def forget(self) -> None:
        """Another folder is meant."""
        self._shown.forget()
        self._open.hide()
        self.expect(None)
        self._set_running(False)

    def expect(self, forecast: PackedForecast | None) -> None:
        """What each form will take."""
        self._forecast = forecast
        self._on_chosen()

    def begin(self) -> None:
        """It is being packed."""
        self._shown.begin()
        self._open.hide()
        self._set_running(True)

    def show_progress(self, readings: Sequence[Progress]) -> None:
        """How far it is: the latest counts."""
        self._shown.show_progress(readings[-1].fraction, packing_line(readings[-1]))

    def show_report(self, report: PackedExport) -> None:
        """The packed model, or why there is none."""
        done = report.status is ExportStatus.EXPORTED
        self._shown.show_end(packed_line(report), "ok" if done else "error", finding_rows(report.findings))
        self._open.setVisible(done)
        announce(self, self.said)
        self._set_running(False)

    def show_failure(self, sentence: str) -> None:
        """It ended in a way nobody foresaw."""
        self._shown.show_end(sentence, "error")
        self._set_running(False)

    def show_stopped(self) -> None:
        """Somebody stopped it."""
        self._shown.show_stopped()
        self._set_running(False)

    def _set_running(self, running: bool) -> None:
        self._stop.setVisible(running)
        for part in (self._pack, self._forms, self._scales, self._groups):
            part.setEnabled(not running)

    def _on_chosen(self, _value: str = "") -> None:
        self._scales.setVisible(self._forms.value == PackedForm.FP8)
        self._groups.setVisible(self._forms.value == PackedForm.INT4)
        line = forecast_line(self._forecast, self.form) if self._forecast is not None else ""
        self._expected.setText(line)
        self._expected.setVisible(bool(line))

    def _form_segments(self) -> Sequence[Segment]:
        return (
            Segment(PackedForm.FP8, "FP8", "packFp8Segment", say("packed.form.fp8")),
            Segment(PackedForm.INT8, "INT8", "packInt8Segment", say("packed.form.int8")),
            Segment(PackedForm.INT4, "INT4", "packInt4Segment", say("packed.form.int4")),
        )

    def _scale_segments(self) -> Sequence[Segment]:
        rows, blocks = self.tr("A scale for each row"), self.tr("A scale for each block of 128")
        return (
            Segment(ScaleGrid.CHANNEL, rows, "packByRowSegment", self.tr("The usual choice.")),
            Segment(ScaleGrid.BLOCK, blocks, "packByBlockSegment", self.tr("As DeepSeek’s models have them.")),
        )

    def _group_segments(self) -> Sequence[Segment]:
        large, small = self.tr("Groups of 128"), self.tr("Groups of 32")
        return (
            Segment(GroupSize.LARGE, large, "packGroups128Segment", self.tr("The usual choice.")),
            Segment(GroupSize.SMALL, small, "packGroups32Segment", self.tr("Larger files, less is lost.")),
        )

    def _lay_out(self) -> None:
        title = Text(self.tr("Pack for vLLM and SGLang"), TextRole.HEADING)
        choices = WrapRow(self._forms, self._scales, self._groups)
        buttons = WrapRow(self._pack, self._queue, self._stop, self._open)
        self.setLayout(column(title, choices, self._expected, buttons, *self._shown.parts, spacing=UNIT))
