"""What the window remembers from one day to the next."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from mergedesk.domain.library import LibraryPlaces

from .form import Form
from .history_entry import HistoryEntry, from_text
from .migrations import CURRENT_FORM, form_of, migrate
from .preferences import Preferences, preferences_of_text, preferences_text
from .settings_store import ReadStore, is_readable, set_aside, text_of, texts_of
from .stored_form import CUT_OFF_KEY, FORM_KEY, cut_off_text, form_of_text, form_text
from .written_later import OpenStore, WrittenLater

MAX_RECENT = 8
MAX_ADDED = 50
MAX_LEFT_OUT = 500
_HISTORY = "history/merges"
_PREFERENCES = "preferences/choices"
_ADDED, _LEFT_OUT = "library/added", "library/left_out"
_SLOTS = ("base", "adapter", "output", "merged")


class SettingsNotice(Enum):
    """What became of the stored settings, as the log puts it."""

    NONE = "as they were"
    NEWER = "of a newer version, used and left as they are"
    SET_ASIDE = "unreadable, set aside"
    UNUSABLE = "unreadable, and not to be set aside"


class Settings:
    """Typed access to the stored values; a value that makes no sense counts as not stored."""

    def __init__(self, store: ReadStore, notice: SettingsNotice) -> None:
        self._store = store
        self.notice = notice
        """What the person should know of their settings."""

    @classmethod
    def of_user(cls) -> Settings:
        """The person's own settings, where the system keeps such things."""
        return cls(*_opened(QSettings))

    @classmethod
    def in_file(cls, file: Path) -> Settings:
        """Settings in a file of one's own, for tests and demonstrations."""
        return cls(*_opened(lambda: QSettings(str(file), QSettings.Format.IniFormat)))

    def save(self) -> None:
        """Write everything to disk now."""
        self._store.sync()

    def bytes_of(self, key: str) -> QByteArray:
        """A window or splitter state stored under ``key``; empty if there is none."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_bytes(self, key: str, state: QByteArray) -> None:
        """Store a window or splitter state."""
        self._store.setValue(key, state)

    @property
    def choices(self) -> Form:
        """The last inputs. The output is proposed afresh, since the last one now holds a model."""
        return form_of_text(text_of(self._store, FORM_KEY))

    @choices.setter
    def choices(self, choices: Form) -> None:
        self._store.setValue(FORM_KEY, form_text(choices))

    @property
    def cut_off(self) -> Form | None:
        """The inputs of a merge that was running when the program last ended, with their output; None if none was."""
        text = text_of(self._store, CUT_OFF_KEY)
        return form_of_text(text) if text else None

    @cut_off.setter
    def cut_off(self, form: Form | None) -> None:
        if form is not None:
            self._store.setValue(CUT_OFF_KEY, cut_off_text(form))
        elif text_of(self._store, CUT_OFF_KEY):
            self._store.remove(CUT_OFF_KEY)

    @property
    def preferences(self) -> Preferences:
        """What the person prefers for all merges."""
        return preferences_of_text(text_of(self._store, _PREFERENCES))

    @preferences.setter
    def preferences(self, preferences: Preferences) -> None:
        self._store.setValue(_PREFERENCES, preferences_text(preferences))

    @property
    def advanced_open(self) -> bool:
        """Whether the advanced choices were unfolded."""
        return text_of(self._store, "window/advanced") == "open"

    @advanced_open.setter
    def advanced_open(self, is_open: bool) -> None:
        self._store.setValue("window/advanced", "open" if is_open else "folded")

    def recent(self, slot: str) -> tuple[Path, ...]:
        """The folders last used for ``slot``, the latest first."""
        return tuple(map(Path, texts_of(self._store, f"recent/{slot}")))

    def add_recent(self, slot: str, folder: Path) -> None:
        """Put ``folder`` first among the recent ones of ``slot``."""
        folder = folder.absolute()  # the next start may be from elsewhere
        latest_first = dict.fromkeys((folder, *self.recent(slot)))
        self._store.setValue(f"recent/{slot}", [*map(str, latest_first)][:MAX_RECENT])
        self._set_left_out(path for path in self._left_out if path != folder)

    def clear_recent(self, slot: str) -> None:
        """Forget the recent folders of ``slot``."""
        self._store.remove(f"recent/{slot}")

    @property
    def past_merges(self) -> tuple[HistoryEntry, ...]:
        """The merges that earlier versions kept here, the latest first."""
        return tuple(past for text in texts_of(self._store, _HISTORY) if (past := from_text(text)))

    def forget_past_merges(self) -> None:
        """Forget them: they are in the list of all past merges now."""
        self._store.remove(_HISTORY)

    @property
    def library_places(self) -> LibraryPlaces:
        """Where the library looks besides the caches: folders that were added, and those that were chosen last."""
        chosen = [folder for slot in _SLOTS for folder in self.recent(slot)]
        added = map(Path, texts_of(self._store, _ADDED))
        return LibraryPlaces(tuple(added), tuple(dict.fromkeys(chosen)), self._left_out)

    def set_added_folders(self, folders: Iterable[Path]) -> None:
        """Have the library look into these folders."""
        latest_first = dict.fromkeys(folder.absolute() for folder in folders)
        self._store.setValue(_ADDED, [*map(str, latest_first)][:MAX_ADDED])

    def leave_out(self, folder: Path) -> None:
        """Show a folder no more in the library for having been chosen; that it is chosen again brings it back."""
        self._set_left_out((folder, *self._left_out))

    @property
    def _left_out(self) -> tuple[Path, ...]:
        return tuple(map(Path, texts_of(self._store, _LEFT_OUT)))

    def _set_left_out(self, folders: Iterable[Path]) -> None:
        wanted = tuple(dict.fromkeys(folders))[:MAX_LEFT_OUT]
        if wanted != self._left_out:
            self._store.setValue(_LEFT_OUT, [*map(str, wanted)])

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompts tried last, the latest first."""
        return tuple(texts_of(self._store, "try/prompts"))

    def add_prompt(self, prompt: str) -> None:
        """Put ``prompt`` first among the ones tried last."""
        latest_first = dict.fromkeys((prompt, *self.prompts))
        self._store.setValue("try/prompts", [*latest_first][:MAX_RECENT])


def _opened(open_store: OpenStore) -> tuple[ReadStore, SettingsNotice]:
    """The stored settings in this version's form, whatever form they had."""
    store, notice = open_store(), SettingsNotice.NONE
    if not is_readable(store):
        file = Path(store.fileName())
        del store  # Qt keeps a file's contents as long as somebody has it open
        if set_aside(file) is None:
            return ReadStore(None), SettingsNotice.UNUSABLE
        store, notice = open_store(), SettingsNotice.SET_ASIDE
    if form_of(store) > CURRENT_FORM:
        return ReadStore(store), SettingsNotice.NEWER
    migrate(store)
    return WrittenLater(store, open_store), notice
