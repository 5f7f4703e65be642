"""What of the window is connected with the library: its rows go into the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, SignalInstance

from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.library import EntryKind, LibraryEntry
from mergedesk.domain.requests import AdapterChoice

from ..results.results_panel import Page
from ..state.mode import Mode
from ..text.library_text import hub_name

if TYPE_CHECKING:
    from ..library.library_controller import LibraryController
    from ..main_window import MainWindow

translate = QCoreApplication.translate


def connect(window: MainWindow) -> None:
    """Connect what is there from the start and stays."""
    window.library_made.connect(partial(_take_in, window))
    window.queue.job_ended.connect(lambda _job: _look_again(window))


def of_parts(window: MainWindow) -> tuple[tuple[SignalInstance, Callable[..., object]], ...]:
    """What is made anew with the window's parts."""
    return (
        (window.commands.show_library.triggered, window.results.show_library),
        (window.results.welcome.library.clicked, window.results.show_library),
        (window.merging.form_changed, partial(_show_preflight, window)),
        (window.merging.ended, partial(_look_again, window)),
    )


def _take_in(window: MainWindow, library: LibraryController) -> None:
    page, details = library.page, library.page.details
    page.used.connect(partial(_use, window))
    details.merge_asked.connect(partial(_merge, window))
    details.download_asked.connect(partial(_ask_hub, window))


def _look_again(window: MainWindow) -> None:
    """What was written just now is listed, if the list is seen; else it will be when the person turns to it."""
    if window.results.page is Page.LIBRARY:
        window.library.look()


def _show_preflight(window: MainWindow) -> None:
    """Another form has another answer; whoever chooses from the library may have more to choose there."""
    if window.results.page is not Page.LIBRARY:
        window.results.show_page(Page.PREFLIGHT)


def _use(window: MainWindow, entry: LibraryEntry) -> None:
    """Put an entry where one of its kind belongs, as if its folder had been dropped."""
    window.inputs.receive(entry.folder, _kind_of(entry), is_merge=entry.merged_here)
    if entry.kind is EntryKind.ADAPTER:
        said = translate("Library", "{name} is among the adapters now.")
    elif window.inputs.base.folder == entry.folder:
        said = translate("Library", "{name} is the base model now.")
    else:
        said = translate("Library", "{name} is the model to verify now.")
    window.library.page.say(said.format(name=entry.name))


def _merge(window: MainWindow) -> None:
    """Have an adapter and its base, and nothing else, in the form."""
    adapter = window.library.page.selected
    if adapter is not None and adapter.base_folder is not None:
        with window.inputs.one_change():
            window.inputs.set_mode(Mode.MERGE)
            window.inputs.base.set_folder(adapter.base_folder)
            window.inputs.adapters.set_choices([AdapterChoice(adapter.folder)])
        window.results.show_page(Page.PREFLIGHT)


def _ask_hub(window: MainWindow) -> None:
    """Have an adapter in the form, and beside it its base by name: the field offers to download that."""
    adapter = window.library.page.selected
    if adapter is not None and (name := hub_name(adapter, window.library.page.library)):
        with window.inputs.one_change():
            window.inputs.adapters.set_choices([AdapterChoice(adapter.folder)])
            window.inputs.base.set_folder(name)
        window.inputs.base.edit.setFocus()


def _kind_of(entry: LibraryEntry) -> FolderKind:
    if entry.kind is EntryKind.ADAPTER:
        return FolderKind.ADAPTER
    return FolderKind.QUANTIZED_MODEL if entry.quantization else FolderKind.MODEL
