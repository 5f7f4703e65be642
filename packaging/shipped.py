"""What the bundle ships besides this program: distributions, libraries of the system, and the licences of both.

Run as a script it prints the notice of the distributions: ``python packaging/shipped.py > THIRD-PARTY.txt``.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from fetch_converter import FOLDER as CONVERTER
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
PROGRAM = "mergedesk"
EXTRA = "export"
"""Of the program's extras, the one that ships."""
LEFT_OUT = frozenset({"hf-xet", "requests"})
"""Distributions that a dependency names and nothing here loads: they download."""

# Distributions whose wheels hold no licence text of their own, and where in this repository it is.
_QT_LICENCES = ("packaging/licences/LGPL-3.txt", "packaging/licences/GPL-3.txt")
_TEXTS = {
    "pyside6-essentials": _QT_LICENCES,
    "sentencepiece": ("LICENSE",),  # the Apache License 2.0, as for this program
    "shiboken6": _QT_LICENCES,
    "tokenizers": ("LICENSE",),  # the same
}
_QT = """Qt holds works of others, ICU among them: https://doc.qt.io/qt-6/licenses-used-in-qt.html lists them.
Qt's sources: https://download.qt.io/official_releases/qt/ and https://download.qt.io/official_releases/QtForPython/"""
_WORDS = ("licen", "copying", "notice", "authors")
_LINE = "=" * 100
_COPYRIGHT = "/usr/share/doc/{package}/copyright"


def shipped() -> dict[str, Distribution]:
    """The distributions that the program needs at run time, itself included, by name."""
    found: dict[str, Distribution] = {}
    waiting = [PROGRAM]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found or name in LEFT_OUT:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # asked for on other platforms only
        waiting += _needs(found[name])
    return dict(sorted(found.items()))


def _needs(one: Distribution) -> Iterator[str]:
    extra = EXTRA if canonicalize_name(one.metadata["Name"]) == PROGRAM else ""
    environment = {**default_environment(), "extra": extra}
    for line in one.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            yield requirement.name


def licence_name(one: Distribution) -> str:
    """The licence as the distribution's metadata states it, in one line."""
    metadata = one.metadata
    stated = metadata.get("License-Expression") or (metadata.get("License") or "").strip().splitlines()[:1]
    if isinstance(stated, str):
        return stated
    classified = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if "License ::" in line]
    return (stated or [", ".join(classified)])[0] or "see the text below"


def licence_texts(name: str, one: Distribution) -> list[tuple[str, str]]:
    """Name and text of every licence file that the distribution brings, each text once."""
    texts: dict[str, str] = {}
    for file in one.files or ():
        inside = file.parts[0].endswith((".dist-info", ".egg-info"))
        if inside and any(word in "/".join(file.parts[1:]).lower() for word in _WORDS):
            text = Path(str(one.locate_file(file))).read_text(encoding="utf-8", errors="replace").strip()
            texts.setdefault(text, "/".join(file.parts[1:]).removeprefix("licenses/"))
    if _TEXTS.get(name) == _QT_LICENCES:
        texts.setdefault(_QT, "sources and further works")
    for extra in _TEXTS.get(name, ()):
        texts.setdefault((HERE.parent / extra).read_text(encoding="utf-8").strip(), Path(extra).name)
    return [(title, text) for text, title in texts.items()]


def python_licence() -> str:
    """The licence of the Python interpreter in the bundle."""
    candidates = [Path(sys.base_prefix) / "LICENSE.txt", *Path(sys.base_prefix).glob("lib/python3*/LICENSE.txt")]
    for file in candidates:
        if file.is_file():
            return file.read_text(encoding="utf-8", errors="replace").strip()
    return "See https://docs.python.org/3/license.html"


def converter() -> Path:
    """The folder of llama.cpp's converter, which ``fetch_converter.py`` puts beside what pip installs."""
    return Path(sysconfig.get_path("purelib")) / CONVERTER


def _converter_section() -> tuple[str, str, list[tuple[str, str]]]:
    texts = [(name, (converter() / name).read_text(encoding="utf-8").strip()) for name in ("LICENSE", "AUTHORS")]
    release = (converter() / "SOURCE").read_text(encoding="utf-8").split()[0]
    return f"llama.cpp's converter, of {release}", "MIT", texts


def system_packages(libraries: Iterable[str]) -> dict[str, str]:
    """Debian's packages that those files are from, each with what Debian keeps of its licences.

    Empty where there is no dpkg: on other systems Python brings the libraries it needs. Raises ValueError for a file
    that is from no package and not Python's either.
    """
    if shutil.which("dpkg-query") is None:
        return {}
    names = sorted({_package_of(os.path.realpath(file)) for file in libraries} - {""})
    return {name: Path(_COPYRIGHT.format(package=name)).read_text(encoding="utf-8") for name in names}


def _package_of(file: str) -> str:
    """The package's name; empty for a file that came with Python."""
    # /lib is a link to /usr/lib by now, while packages still name either.
    for path in (file, file.removeprefix("/usr")):
        done = subprocess.run(["dpkg-query", "--search", path], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    if Path(file).is_relative_to(sys.base_prefix):
        return ""
    raise ValueError(f"{file} is from no package, so that nobody can say under which licence it ships.")


def notice(libraries: Iterable[str] = ()) -> str:
    """Everything that is shipped, with licence and licence texts; ``libraries`` are files taken from the system."""
    ours = shipped()
    ours.pop(PROGRAM, None)
    python = f"Python {platform.python_version()}"
    sections = [(python, "PSF-2.0", [("LICENSE", python_licence())])]
    for name, one in ours.items():
        sections.append((f"{one.metadata['Name']} {one.version}", licence_name(one), licence_texts(name, one)))
    sections.append(_converter_section())
    for name, text in system_packages(libraries).items():
        sections.append(
            (name, ", ".join(dict.fromkeys(re.findall(r"^License: (.+)$", text, re.M))), [("copyright", text)])
        )
    parts = [
        "MergeDesk is under the Apache License 2.0. Its installers also hold the following works, each under its own",
        "licence. Qt and PySide6 are used under the LGPL 3: their libraries are separate files, which you may replace.",
        "",
        *(f"  {title} ({licence or 'see below'})" for title, licence, _texts in sections),
        "",
    ]
    for title, licence, texts in sections:
        parts += _section(f"{title} — {licence}" if licence else title, texts)
    return "\n".join(parts) + "\n"


def _section(title: str, texts: list[tuple[str, str]]) -> list[str]:
    lines = [_LINE, title, _LINE, ""]
    for name, text in texts:
        lines += [f"--- {name}", "", text, ""]
    return lines


if __name__ == "__main__":
    sys.stdout.write(notice())
