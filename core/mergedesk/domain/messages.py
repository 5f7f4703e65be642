"""Codes and their data as sentences, in any language that has a catalogue.

The catalogues are gettext's, in ``locale``, a folder for each language, English being one. A message is asked for by
its key, such as ``finding.no_adapter.hint``; keys are made of the codes. What a language lacks is said in English.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from .findings import Check, CheckCode, CheckStatus, Code, Data, Finding, SkipReason
from .units import human_bytes, human_count

ENGLISH = "en"
DOMAIN = "mergedesk"
LOCALES = Path(__file__).parents[1] / "locale"
MAX_LISTED = 4
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_BYTES = re.compile(r"(?<=\d )bytes$")
_NUMBER = re.compile(r"\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Message:
    """``sentence`` says what is so and what it means; ``hint`` what to do, empty if nothing is needed."""

    sentence: str
    hint: str = ""

    @property
    def whole(self) -> str:
        """Both parts as one line."""
        return f"{self.sentence} {self.hint}".strip()


@cache
def catalogue(language: str) -> NullTranslations:
    """A language's messages, read when first asked for; ``de_AT`` finds ``de``."""
    english = translation(DOMAIN, LOCALES, [ENGLISH])
    own = translation(DOMAIN, LOCALES, [language], fallback=True)
    own.add_fallback(english)
    return own


def template(key: str, language: str = ENGLISH, count: int | None = None) -> str:
    """The message under ``key``, in its form for ``count`` where it has several; empty where there is none."""
    messages = catalogue(language)
    text = key if count is None else messages.ngettext(key, key, count)
    text = messages.gettext(key) if text == key else text
    return "" if text == key else text


def environment_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language that messages shall have by the environment's word, as a locale's name: ``de_DE``."""
    stated = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name.partition(".")[0] for name in stated if name), ENGLISH)


def as_written(number: str, language: str = ENGLISH) -> str:
    """A number, with a unit or without, with the decimal mark and the word for bytes that the language has."""
    with_word = _BYTES.sub(template("value.bytes", language), number)
    return _DECIMAL_POINT.sub(template("value.decimal_mark", language), with_word)


def presentable(data: Mapping[str, Data], language: str = ENGLISH) -> dict[str, str]:
    """Turn finding data into text for placeholders: byte counts and long lists shortened.

    Keys ending in ``bytes`` hold byte counts; sequences are joined, at most four items.
    """
    unknown = template("value.none", language)
    shown = {key: _in_language(_present(key, value, unknown), value, language) for key, value in data.items()}
    return {**shown, **_told_apart(data, shown, language)}


def _in_language(shown: str, value: Data, language: str) -> str:
    """What was made of a number here, or of a text that is one, as the language writes it; names stay as they are."""
    is_number = isinstance(value, (int, float)) or (isinstance(value, str) and _NUMBER.fullmatch(value))
    return as_written(shown, language) if is_number else shown


def _told_apart(data: Mapping[str, Data], shown: Mapping[str, str], language: str) -> dict[str, str]:
    """Byte counts that differ only beyond the digits that are shown, in full: “101 kB, not 101 kB” says nothing."""
    counts = {key: value for key, value in data.items() if key.endswith("bytes") and isinstance(value, int)}
    return {
        key: as_written(f"{human_count(value)} bytes", language)
        for key, value in counts.items()
        if any(shown[other] == shown[key] and counts[other] != value for other in counts)
    }


def _present(key: str, value: Data, unknown: str) -> str:
    if value is None:
        return unknown
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, int):
        return human_bytes(value) if key.endswith("bytes") else human_count(value)
    if key.endswith("shape") and isinstance(value, Sequence):
        return " × ".join(str(size) for size in value)
    items = [_present("", item, unknown) for item in value]
    listed = ", ".join(items[:MAX_LISTED])
    return listed if len(items) <= MAX_LISTED else f"{listed}, … ({human_count(len(items))})"


def filled(key: str, data: Mapping[str, Data], language: str = ENGLISH) -> str:
    """The message under ``key`` with its placeholders filled; ``count``, or else ``total``, decides its form."""
    count = data.get("count", data.get("total"))
    text = template(key, language, count if isinstance(count, int) else None)
    return text.format_map(presentable(data, language))


def peak_memory(own_bytes: int, whole_bytes: int, language: str = ENGLISH) -> str:
    """A job's memory at its peak, its own and with the libraries; empty where it was not measured."""
    if not own_bytes:
        return as_written(human_bytes(whole_bytes), language) if whole_bytes else ""
    return filled("value.peak_memory", {"own_bytes": own_bytes, "whole_bytes": whole_bytes}, language)


def message_of(key: str, data: Mapping[str, Data], language: str = ENGLISH) -> Message:
    """Sentence and hint under ``key``."""
    return Message(filled(f"{key}.sentence", data, language), filled(f"{key}.hint", data, language))


def finding_text(finding: Finding, language: str = ENGLISH) -> Message:
    """A finding in words."""
    return message_of(f"finding.{finding.code}", finding.data, language)


def finding_message(finding: Finding, language: str = ENGLISH) -> str:
    """One finding as a sentence and its hint."""
    return finding_text(finding, language).whole


def check_title(code: CheckCode, language: str = ENGLISH) -> str:
    """What a verification check proves."""
    return template(f"check.{code}.title", language)


def check_message(check: Check, language: str = ENGLISH) -> str:
    """What one verification check found."""
    if check.status is CheckStatus.SKIPPED:
        return f"{template('check.skipped', language)} {check_reason(check, language)}"
    outcome = "passed" if check.status is CheckStatus.PASS else "failed"
    return filled(f"check.{check.code}.{outcome}", check.data, language)


def check_reason(check: Check, language: str = ENGLISH) -> str:
    """Why a check was left out, as a sentence; of one that was not, what it was told by a library."""
    given = str(check.data.get("reason", ""))
    return template(f"skipped.{SkipReason(given)}", language) if check.status is CheckStatus.SKIPPED else given


def engine_reason(code: Code | None, language: str = ENGLISH) -> str:
    """Why an engine was taken; empty where nothing is known of it."""
    return template(f"engine.{code}", language) if code else ""


def outcome_name(outcome: str, language: str = ENGLISH) -> str:
    """What became of a targeted tensor, in a few words; the code itself where a newer engine tells another outcome."""
    return template(f"outcome.{outcome}", language) or outcome
