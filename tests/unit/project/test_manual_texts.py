"""The manual is whole and true in each language: chapters, pictures, links, the window's words, and commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typer

from mergedesk.cli import commands
from mergedesk.domain.messages import LOCALES, catalogue
from mergedesk_gui.manual.chapters import CHAPTERS, read_chapters, search
from mergedesk_gui.state.preferences import LANGUAGES

ROOT = Path(__file__).parents[3]
MANUAL = ROOT / "assets" / "manual"
MOST_BYTES = 3_000_000
EVERY = [(language, chapter) for language in LANGUAGES for chapter in CHAPTERS]
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
PICTURE = re.compile(r"!\[([^]]*)]\(([^)]*)\)")
LINK = re.compile(r"(?<!!)\[[^]]+]\(([^)]*)\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def text_of(language: str, chapter: str) -> str:
    return (MANUAL / language / f"{chapter}.md").read_text(encoding="utf-8")


def form_of(text: str) -> dict[str, object]:
    """What is the same in every language."""
    return {
        "headings": [len(marks) for marks in HEADING.findall(FENCE.sub("", text))],
        "pictures": [target for _, target in PICTURE.findall(text)],
        "links": sorted(LINK.findall(text)),
        "code": FENCE.findall(text),
        "words of the window": len(BOLD.findall(text)),
        "rows": len(re.findall(r"^\|", text, re.MULTILINE)),
    }


def test_there_is_a_manual_in_each_language_of_the_window() -> None:
    assert {folder.name for folder in MANUAL.iterdir()} == set(LANGUAGES) == {one.name for one in LOCALES.iterdir()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_these_chapters_and_no_others(language: str) -> None:
    assert {file.stem for file in (MANUAL / language).glob("*.md")} == set(CHAPTERS)


@pytest.mark.parametrize(("language", "chapter"), EVERY)
def test_a_chapter_has_the_same_form_in_each_language(language: str, chapter: str) -> None:
    text = text_of(language, chapter)
    assert text.startswith("# ")
    assert form_of(text) == form_of(text_of("en", chapter))


@pytest.mark.parametrize(("language", "chapter"), EVERY)
def test_links_and_pictures_lead_somewhere(language: str, chapter: str) -> None:
    text = text_of(language, chapter)
    for said, target in PICTURE.findall(text):
        assert said, target
        assert (MANUAL / language / target).is_file(), target
    for target in LINK.findall(text):
        assert target.startswith("https://") or target.removesuffix(".md") in CHAPTERS, target


def test_every_picture_is_shown_and_all_are_small() -> None:
    for language in LANGUAGES:
        shown = {target for chapter in CHAPTERS for _, target in PICTURE.findall(text_of(language, chapter))}
        assert {file.name for file in (MANUAL / language).glob("*.png")} == shown
    assert sum(file.stat().st_size for file in MANUAL.rglob("*")) <= MOST_BYTES


def plain(text: str) -> str:
    """A text of the window as people read it: without its key, and the dots that stand for a question to come."""
    return re.sub(r"\s?…$", "", re.sub(r"\(&\w\)|&", "", text)).strip()


@cache
def words_of_the_window(language: str) -> frozenset[str]:
    """All texts of the window in a language."""
    tree = ElementTree.parse(ROOT / "assets/translations" / "mergedesk_de.ts").getroot()
    if language == "en":
        own = [message.findtext("source", "") for message in tree.iter("message")]
    else:
        tree = ElementTree.parse(ROOT / "assets/translations" / f"mergedesk_{language}.ts").getroot()
        own = [message.findtext("translation", "") for message in tree.iter("message")]
    engine = [text for key, text in _engine_texts(language) if key.startswith("window.")]
    return frozenset(map(plain, [*own, *engine]))


def _engine_texts(language: str) -> Iterator[tuple[str, str]]:
    texts = catalogue(language)._catalog  # type: ignore[attr-defined]  # gettext has no other way to list them
    return ((key, text) for key, text in texts.items() if isinstance(key, str))


@pytest.mark.parametrize(("language", "chapter"), EVERY)
def test_the_window_s_words_are_those_of_the_window(language: str, chapter: str) -> None:
    known = words_of_the_window(language)
    assert not [word for word in BOLD.findall(text_of(language, chapter)) if plain(" ".join(word.split())) not in known]


def test_a_word_that_the_window_does_not_have_would_be_seen() -> None:
    assert "Merge" in words_of_the_window("en")
    assert "Merge quickly" not in words_of_the_window("en")


def every_command() -> dict[str, Any]:
    return vars(typer.main.get_command(commands.app))["commands"]


def commands_in(text: str) -> Iterator[list[str]]:
    for _, code in FENCE.findall(text):
        yield from (shlex.split(line)[1:] for line in code.splitlines() if line.startswith("mergedesk "))


def test_every_command_is_one_and_has_its_options() -> None:
    group = every_command()
    seen = {}
    for chapter in CHAPTERS:
        for name, *words in commands_in(text_of("en", chapter)):
            command = group[name]
            known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
            assert {word for word in words if word.startswith("--")} <= known, (name, words)
            seen[name] = command
    left_out = set(group) - set(seen) - {"demo", "login", "logout", "lm-studio"}
    assert not left_out, "commands that the manual does not know"


def test_options_that_are_named_in_sentences_exist() -> None:
    group = every_command()
    every = {option for one in group.values() for part in one.params for option in (*part.opts, *part.secondary_opts)}
    for chapter in CHAPTERS:
        named = re.findall(r"`(--[a-z-]+)`", text_of("en", chapter))
        assert set(named) <= every | {"--help"}


def test_the_batch_file_is_one(tmp_path: Path) -> None:
    from mergedesk.pipelines.queue.batch_file import read_batch

    (yaml,) = (code for kind, code in FENCE.findall(text_of("en", "queue")) if kind == "yaml")
    file = tmp_path / "jobs.yaml"
    file.write_text(yaml, encoding="utf-8")
    assert len(read_batch(file)) == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_is_plain_and_found(language: str) -> None:
    chapters = read_chapters(MANUAL / language)
    assert [one.name for one in chapters] == list(CHAPTERS)
    for one in chapters:
        assert one.paragraphs
        assert not [text for text in one.paragraphs if "**" in text or "](" in text or text.startswith("#")]
    assert {hit.chapter.name for hit in search(chapters, "Q4_K_M")} == {"gguf-ollama", "command-line"}
    assert search(chapters, "HF_ENDPOINT hf_hub_offline")[0].chapter.name == "hub"
    assert search(chapters, chapters[3].title)[0].chapter == chapters[3]
    assert search(chapters, "  ") == search(chapters, "xyzzy") == ()
