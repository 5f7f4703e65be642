"""What the library says of its entries."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from mergedesk.domain.hub_reference import parse_reference
from mergedesk.domain.library import EntryKind, Library, LibraryEntry

from .folder_text import method_name
from .lines import joined
from .messages import say
from .numbers import human_bytes

translate = QCoreApplication.translate


def class_text(entry: LibraryEntry) -> str:
    """What it is: the class of a model, the method and rank of an adapter."""
    if entry.kind is EntryKind.ADAPTER:
        method = method_name(entry.peft_type)
        return joined(method, say("folder.rank", r=str(entry.r)) if entry.r else "")
    return entry.class_name or say("folder.model")


def kind_text(entry: LibraryEntry) -> str:
    """Which of the three kinds it is, in a word."""
    if entry.merged_here:
        return translate("Library", "Merged here")
    return translate("Library", "Adapter") if entry.kind is EntryKind.ADAPTER else translate("Library", "Model")


def size_text(entry: LibraryEntry) -> str:
    """What its files take."""
    return human_bytes(entry.nbytes)


def date_text(entry: LibraryEntry) -> str:
    """The day on which the latest of its files was written."""
    if not entry.modified:
        return ""
    day = QDateTime.fromSecsSinceEpoch(int(entry.modified)).date()
    return QLocale().toString(day, QLocale.FormatType.ShortFormat)


def base_text(entry: LibraryEntry, library: Library) -> str:
    """What it was trained on or made of, by the name that it has here."""
    base = library.base_of(entry)
    return base.name if base else entry.base or ""


def facts_text(entry: LibraryEntry) -> str:
    """What else is known of it."""
    incomplete = "" if entry.complete else translate("Library", "Files with weights are missing.")
    packed = entry.quantization or ""
    return joined(kind_text(entry), class_text(entry), entry.dtype or "", packed, size_text(entry), incomplete)


def relation_text(entry: LibraryEntry, library: Library) -> str:
    """How it belongs to others: what it was trained on, made of, and how many adapters were trained on it."""
    if entry.kind is EntryKind.MODEL and not entry.merged_here:
        count = len(library.built_on(entry))
        return say("library.adapters", count=count) if count else ""
    if not entry.base:
        return ""
    name = base_text(entry, library)
    if entry.merged_here:
        made_of = " + ".join((name, *entry.adapters))
        return translate("Library", "Made of {inputs}").format(inputs=made_of)
    if entry.base_folder is not None:
        return translate("Library", "Trained on {base}, which is on this computer.").format(base=name)
    return translate("Library", "Trained on {base}, which is not on this computer.").format(base=name)


def hub_name(entry: LibraryEntry, library: Library) -> str:
    """The name under which the base of an adapter may be had from a hub; empty where it is here, or has none."""
    if entry.kind is not EntryKind.ADAPTER or not entry.base or library.base_of(entry):
        return ""
    reference = parse_reference(entry.base)
    return reference.text if reference else ""


def summary_text(library: Library) -> str:
    """How much there is of each kind."""
    adapters = sum(entry.kind is EntryKind.ADAPTER for entry in library.entries)
    merged = sum(entry.merged_here for entry in library.entries)
    models = len(library.entries) - adapters - merged
    counts = {"models": models, "of_adapters": adapters, "merged": merged}
    return joined(*(say(f"library.{kind}", count=count) for kind, count in counts.items() if count))
