"""Settings of earlier versions, carried over to the form of this one, a step at a time.

Form 0 has no number. Its first releases kept one adapter, and recent folders as they were typed; later ones of form 0
kept several adapters with a strength each. Form 1 has the number, and absolute folders only. Form 2 keeps the choices
in one text instead of a key for each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import chain, islice, repeat

from PySide6.QtCore import QSettings

from .settings_store import text_of, texts_of
from .stored_form import FORM_KEY as CHOICES_KEY
from .stored_form import form_of_text, form_text, is_absolute, makes_sense

FORM_KEY = "settings/form"
CURRENT_FORM = 2
_FOLDER_LISTS = ("recent/base", "recent/adapter", "recent/output", "recent/merged")


def form_of(store: QSettings) -> int:
    """The form that the stored settings have; the present one where nothing is stored."""
    stored = store.value(FORM_KEY)
    if stored is None:
        return 0 if store.allKeys() else CURRENT_FORM
    try:
        return int(stored)
    except (TypeError, ValueError):
        return 0


def migrate(store: QSettings) -> None:
    """Bring the settings to this version's form and number them; those of a newer form must not come here."""
    for step in STEPS[form_of(store) :]:
        step(store)
    if store.value(FORM_KEY) != str(CURRENT_FORM):  # setting it would have the file written at every start
        store.setValue(FORM_KEY, str(CURRENT_FORM))


def to_form_1(store: QSettings) -> None:
    """Recent folders that depend on where the program was are dropped."""
    for key in _FOLDER_LISTS:
        if store.value(key) is not None:
            store.setValue(key, [folder for folder in texts_of(store, key) if is_absolute(folder)])


def to_form_2(store: QSettings) -> None:
    """All choices in one text. There may be one adapter without a strength, and values that make no sense."""

    def text(name: str) -> str:
        return text_of(store, f"choices/{name}")

    strengths = chain(texts_of(store, "choices/strength"), repeat(""))
    combination = {"method": text("combination"), "majority_sign": text("majority_sign")}
    numbers = {name: _number(text(name)) for name in ("density", "seed")}
    plain = {
        **{name: text(name) for name in ("base", "precision", "engine", "shard_size", "mode", "merged")},
        "adapters": [
            adapter
            for folder, strength in zip(texts_of(store, "choices/adapter"), strengths, strict=False)
            for adapter in _likeliest({"folder": folder, "weight": _number(strength)}, {"folder": folder})
        ],
        "combination": {
            name: value
            for name, value in {**combination, **numbers}.items()
            if makes_sense({"combination": {name: value}})
        },
        "quick": text("depth") != "full",
    }
    for key in store.allKeys():
        if key.startswith("choices/"):
            store.remove(key)
    store.setValue(CHOICES_KEY, form_text(form_of_text(json.dumps(plain))))


STEPS: tuple[Callable[[QSettings], None], ...] = (to_form_1, to_form_2)
"""Step ``n`` takes settings of form ``n`` to the next one."""


def _number(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _likeliest(*adapters: dict[str, object]) -> Iterator[dict[str, object]]:
    """The first of several readings that makes sense."""
    yield from islice((adapter for adapter in adapters if makes_sense({"adapters": [adapter]})), 1)
