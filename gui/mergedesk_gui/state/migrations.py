"""Settings of earlier versions, carried over to the form of this one, a step at a time.

Form 0 has no number. Its first releases kept one adapter, and recent folders as they were typed; later ones of form 0
kept several adapters with a strength each. Form 1 has the number, a strength for every adapter, and absolute folders.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath, PureWindowsPath

from .settings_store import Store

FORM_KEY = "settings/form"
CURRENT_FORM = 1
_FOLDER_LISTS = ("recent/base", "recent/adapter", "recent/output", "recent/merged")


def form_of(store: Store) -> int:
    """The form that the stored settings have; the present one where nothing is stored."""
    stored = store.value(FORM_KEY)
    if stored is None:
        return 0 if store.allKeys() else CURRENT_FORM
    try:
        return int(stored)
    except (TypeError, ValueError):
        return 0


def migrate(store: Store) -> None:
    """Bring the settings to this version's form and number them; those of a newer form must not come here."""
    for step in STEPS[form_of(store) :]:
        step(store)
    store.setValue(FORM_KEY, str(CURRENT_FORM))


def to_form_1(store: Store) -> None:
    """One adapter becomes a list of one with strength 1; folders that depend on where the program was are dropped."""
    adapters = _texts(store, "choices/adapter")
    strengths = _texts(store, "choices/strength")
    kept = [
        (folder, strengths[number] if number < len(strengths) else "1.0")
        for number, folder in enumerate(adapters)
        if _is_absolute(folder)
    ]
    if adapters:
        store.setValue("choices/adapter", [folder for folder, _strength in kept])
        store.setValue("choices/strength", [strength for _folder, strength in kept])
    base = store.value("choices/base")
    if isinstance(base, str) and base and not _is_absolute(base):
        store.remove("choices/base")
    for key in _FOLDER_LISTS:
        if store.value(key) is not None:
            store.setValue(key, [folder for folder in _texts(store, key) if _is_absolute(folder)])


STEPS: tuple[Callable[[Store], None], ...] = (to_form_1,)
"""Step ``n`` takes settings of form ``n`` to the next one."""


def _texts(store: Store, key: str) -> list[str]:
    value = store.value(key)
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [text for text in texts if isinstance(text, str) and text]


def _is_absolute(folder: str) -> bool:
    return PurePosixPath(folder).is_absolute() or PureWindowsPath(folder).is_absolute()
