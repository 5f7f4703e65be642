"""The licences of everything this program is made of: from the bundle's notice, or from what is installed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

NOTICE = Path("licences", "THIRD-PARTY.txt")
"""Where the bundle keeps its notice; packaging writes it."""

_PROGRAM = "mergedesk"
# Licence texts have such lines of their own, shorter ones.
_SECTION = re.compile(r"^={100}\n(?P<title>[^\n]+)\n={100}\n", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_WORDS = ("licen", "copying", "notice", "authors")


@dataclass(frozen=True, slots=True)
class Component:
    """One work, under the licence it states, with the texts it brings."""

    name: str
    licence: str
    text: str

    @property
    def title(self) -> str:
        """Name and licence in one line."""
        return f"{self.name} — {self.licence}" if self.licence else self.name


def components() -> list[Component]:
    """What the program is made of, itself first. Reads many small files: not for the window's own thread."""
    notice = bundled_notice()
    if notice is not None:
        own = notice.with_name("LICENSE")
        text = own.read_text(encoding="utf-8", errors="replace") if own.is_file() else ""
        return [Component("MergeDesk", "Apache-2.0", text), *from_notice(notice.read_text(encoding="utf-8"))]
    return list(from_distributions())


def bundled_notice() -> Path | None:
    """The bundle's notice; None where this is no bundle, or it has none."""
    folder = getattr(sys, "_MEIPASS", None)
    file = Path(folder) / NOTICE if folder else None
    return file if file is not None and file.is_file() else None


def from_notice(text: str) -> Iterator[Component]:
    """The sections of a notice: a title between two lines of ``=``, then licence texts."""
    parts = _SECTION.split(text.replace("\r\n", "\n"))
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        name, _dash, licence = title.partition(" — ")
        yield Component(name.strip(), licence.strip(), body.strip())


def from_distributions() -> Iterator[Component]:
    """The installed distributions this program needs, and theirs, each once, by name; itself first."""
    packages: dict[str, Distribution] = {}
    waiting = [_PROGRAM]
    while waiting:
        name = _canonical(waiting.pop())
        if name not in packages:
            try:
                packages[name] = distribution(name)
            except PackageNotFoundError:
                continue  # asked for on other platforms only
            waiting += _needs(packages[name])
    for name in sorted(packages, key=lambda key: (key != _PROGRAM, key)):
        yield _component(packages[name])


def _needs(package: Distribution) -> Iterator[str]:
    for line in package.requires or ():
        wanted, _semicolon, marker = line.partition(";")
        match = _NAME.match(wanted)
        if match and "extra" not in marker:
            yield match[0]


def _component(package: Distribution) -> Component:
    texts = {text: name for name, text in _texts(package)}
    body = "\n\n".join(f"--- {name}\n\n{text}" for text, name in texts.items())
    name = package.metadata["Name"]
    return Component(f"{'MergeDesk' if name == _PROGRAM else name} {package.version}", _licence(package), body)


def _texts(package: Distribution) -> Iterator[tuple[str, str]]:
    for name in _licence_files(package.read_text("RECORD") or ""):
        try:
            text = Path(str(package.locate_file(name))).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        yield name.partition("/")[2].removeprefix("licenses/"), text


def _licence_files(record: str) -> Iterator[str]:
    """Of a list of installed files those with licences. The list may have tens of thousands of lines."""
    for line in record.splitlines():
        if ".dist-info/" in line and any(word in line.lower() for word in _WORDS):
            name = line.rsplit(",", 2)[0].strip('"')
            if name.partition("/")[0].endswith(".dist-info"):
                yield name


def _licence(package: Distribution) -> str:
    metadata = package.metadata
    stated = [*(metadata.get_all("License-Expression") or ()), *(metadata.get_all("License") or ())]
    kinds = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if "License ::" in line]
    return stated[0].strip().partition("\n")[0] if stated else ", ".join(kinds)


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
