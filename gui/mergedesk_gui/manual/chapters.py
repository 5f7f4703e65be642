"""The manual's chapters as data, and what is found in them. Each is a Markdown file of its own, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..theme.icons import assets_folder

CHAPTERS = (
    "first-merge",
    "verification",
    "adapters",
    "packed-bases",
    "effect",
    "try-it",
    "gguf-ollama",
    "hub",
    "library",
    "queue",
    "past-merges",
    "refused",
    "command-line",
    "privacy",
    "keyboard",
)
"""Their names, in the order in which they are read."""

_MOST_HITS = 60
_EXCERPT = 160
_BEFORE = 40
# Pictures go, links leave their words, and what Markdown puts around and before words.
_MARKUP = (
    (re.compile(r"!\[[^]]*]\([^)]*\)"), ""),
    (re.compile(r"\[([^]]*)]\([^)]*\)"), r"\1"),
    (re.compile(r"\*\*|`"), ""),
)
_LINE_START = re.compile(r"(#+|[-*]|\d+\.|\|)\s+")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its name, its heading, and what is to be read in it, a paragraph each, without markup."""

    name: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Where words were found: a chapter, and what stands around them."""

    chapter: Chapter
    excerpt: str


def manual_folder(language: str) -> Path:
    """The folder of a language's chapters; the English one where the manual does not speak it."""
    own = assets_folder() / "manual" / language
    return own if own.is_dir() else own.with_name("en")


def chapter_file(folder: Path, name: str) -> Path:
    """The file of a chapter."""
    return folder / f"{name}.md"


def read_chapters(folder: Path) -> tuple[Chapter, ...]:
    """All chapters of a language. Raises OSError where one is missing."""
    return tuple(_chapter(name, chapter_file(folder, name).read_text(encoding="utf-8")) for name in CHAPTERS)


def search(chapters: Sequence[Chapter], words: str) -> tuple[Hit, ...]:
    """The paragraphs in which all words stand, large letters or small; those of a heading come first."""
    wanted = words.casefold().split()
    if not wanted:
        return ()
    by_title = [Hit(one, one.paragraphs[0]) for one in chapters if _has(one.title, wanted)]
    by_text = [Hit(one, _around(text, wanted)) for one in chapters for text in one.paragraphs if _has(text, wanted)]
    return tuple(by_title + by_text)[:_MOST_HITS]


def _chapter(name: str, text: str) -> Chapter:
    title, *paragraphs = _paragraphs(text)
    return Chapter(name, title, tuple(paragraphs))


def _paragraphs(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n|\n(?=[-|#]|\d+\. )", text):
        plain = " ".join(_without_markup(block).replace("```", " ").split())
        plain = _LINE_START.sub("", plain, count=1).replace(" | ", " · ").strip("| ")
        if plain and not set(plain) <= set("-·|: "):
            yield plain


def _without_markup(text: str) -> str:
    for pattern, left in _MARKUP:
        text = pattern.sub(left, text)
    return text


def _has(text: str, wanted: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in wanted)


def _around(text: str, wanted: Sequence[str]) -> str:
    start = max(0, text.casefold().find(wanted[0]) - _BEFORE)
    if start:
        start = text.find(" ", start, start + _BEFORE) + 1 or start
    end = start + _EXCERPT
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
