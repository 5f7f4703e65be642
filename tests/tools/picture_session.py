"""One window at work on the models for pictures: what a scene brings about, and how each language is taken."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QDialog, QWidget
from small_png import save_small

from mergedesk.domain.requests import AdapterChoice
from mergedesk_gui import renewal
from mergedesk_gui.app import build_window, create_application
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.mode import Mode
from mergedesk_gui.state.preferences import Preferences
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.theme.appearance import ThemeName

SIZE = QSize(1120, 800)
TALL = QSize(1120, 1040)
TALLEST = QSize(1280, 1400)
_PATIENCE, _SETTLING = 900.0, 0.8
Shown = Callable[[], QWidget]


class Session:
    """The window, the models' folder, and where the pictures go: below ``manual`` a folder for each language."""

    def __init__(
        self, models: Path, manual: Path, readme: Path, languages: Sequence[str], wanted: Sequence[str]
    ) -> None:
        create_application()
        self.models, self._manual, self._readme = models, manual, readme
        self._languages, self._wanted = languages, wanted
        self.settings = Settings.in_file(models.parent / "pictures.ini")
        self.window: MainWindow = build_window(settings=self.settings)
        self.window.resize(SIZE)
        self.window.show()

    def fill_in(
        self, base: str | Path, adapters: Sequence[tuple[str, float]], output: str = "", **more: object
    ) -> None:
        """Put folders into the form, and wait for what is found of them."""
        chosen = tuple(AdapterChoice(self.models / name, strength) for name, strength in adapters)
        place = self.models / output if output else None
        given = base if isinstance(base, Path) else self.models / base
        self.window.prefill(Form(given, chosen, place, **more))  # type: ignore[arg-type]
        self.wait_inspected()

    def press(self, done: Callable[[], bool]) -> None:
        """Press the button of the form, and wait for its end."""
        self.window.merging.start_bar.button.click()
        self.wait(done)
        self.wait(lambda: not self.window.jobs.running)

    def turn_to(self, page: Page, size: QSize = SIZE) -> None:
        """Show a page."""
        self.window.resize(size)
        self.window.results.show_page(page)

    def wants(self, name: str) -> bool:
        """Whether a picture is to be taken this time."""
        return not self._wanted or name in self._wanted

    def take(self, name: str, *, dark: bool = False, readme: str = "", shown: Shown | None = None) -> None:
        """Take a picture in each language, and in English one for the README; ``shown`` opens a dialog to be taken."""
        if not self.wants(name):
            return
        for language in self._languages:
            self._wear(language, ThemeName.LIGHT)
            self._save(self._manual / language / f"{name}.png", shown)
        if readme:
            self._wear("en", ThemeName.DARK if dark else ThemeName.LIGHT)
            self._save(self._readme / f"{readme}.png", shown)
        self._wear("en", ThemeName.LIGHT)

    def wait_inspected(self) -> None:
        """Wait until everything about the inputs as they stand is known."""

        def is_known() -> bool:
            inspection = self.window.merging.inspection
            return inspection is not None and inspection.complete

        self.rest()
        self.wait(is_known)

    def wait(self, reached: Callable[[], bool], seconds: float = _PATIENCE) -> None:
        """Let the window work until ``reached``.

        Raises:
            TimeoutError: It takes too long.
        """
        deadline = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > deadline:
                raise TimeoutError(f"still waiting after {seconds} s")
            self.rest(0.02)

    def rest(self, seconds: float = _SETTLING) -> None:
        """Let the window work for a while."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def verify(self, base: str, adapters: Sequence[tuple[str, float]], merged: str) -> None:
        """Turn to verifying, and have a merge judged."""
        self.fill_in(base, adapters, mode=Mode.VERIFY, merged=self.models / merged)
        self.press(lambda: self.window.verifying.verdict is not None)

    def close(self) -> None:
        """End the window and what it started."""
        self.window.close()
        self.window.deleteLater()
        self.rest()

    def _wear(self, language: str, theme: ThemeName) -> None:
        renewal.take(self.window, Preferences(language=language, theme=theme, points=10))
        self.rest()
        self.wait(lambda: not self.window.is_held)
        if self.window.inputs.choices.has_inputs:
            self.wait_inspected()
        self.rest()

    def _save(self, file: Path, shown: Shown | None) -> None:
        with _opened(shown) as dialog:
            self.rest()
            save_small((dialog or self.window).grab().toImage(), file)
        print(f"{file.parent.name}/{file.name}: {file.stat().st_size // 1000} kB", flush=True)


@contextmanager
def _opened(shown: Shown | None) -> Iterator[QWidget | None]:
    dialog = shown() if shown else None
    yield dialog
    if isinstance(dialog, QDialog):
        dialog.reject()
