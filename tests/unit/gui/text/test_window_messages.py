"""Every message that the window asks the catalogue for is in it, for each code it is asked for, and none is idle."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import mergedesk_gui
from mergedesk.deployment.codes import Outcome, Tool
from mergedesk.domain.findings import CheckStatus, Severity
from mergedesk.domain.messages import LOCALES, template
from mergedesk.domain.progress import Stage
from mergedesk.domain.requests import CombinationMethod, Engine, MajoritySign, Precision
from mergedesk.inference.trial import Ended, Side, TrialStep
from mergedesk.reports.weight_delta_map import Group, Quantity
from mergedesk_gui.state.consents import Consent
from mergedesk_gui.state.follow_up import Step
from mergedesk_gui.state.mode import FolderRole, Mode
from mergedesk_gui.state.settings import SettingsNotice
from mergedesk_gui.state.suggestions import SuggestionKind
from mergedesk_gui.support.crash_text import CrashKind
from mergedesk_gui.text.outcome_text import HeadlineKind

WINDOW = Path(mergedesk_gui.__file__).parent
ASKED = re.compile(r"""(?<![\w.])say\(\s*["']([^"']+)["']""")
ASSEMBLED = re.compile(r"""(?<![\w.])say\(\s*f["']([^"']+)["']""")
LITERAL = re.compile(r"""(?<!f)["']((?:[a-z_0-9]+\.)*[a-z_0-9]+)["']""")
TITLE = ("name", "meaning")

BY_CODE: dict[str, tuple[Iterable[str], tuple[str, ...]]] = {
    "severity": (Severity, ()),
    "check_status": (CheckStatus, ()),
    "stage": (Stage, ("name", "sentence")),
    "consent": (Consent, ("label", "meaning")),
    "combination": (CombinationMethod, ("title", "meaning")),
    "majority_sign": (MajoritySign, ()),
    "precision": (Precision, ()),
    "engine": (Engine, ()),
    "extent": (("quick", "full"), ("title", "meaning")),
    "field": (FolderRole, ("label", "placeholder", "dialog_title")),
    "mode": (Mode, TITLE),
    "ready": ([f"{begun}_{mode}" for begun in ("busy", "to") for mode in Mode], ()),
    "merged": ([f"is_{role}" for role in (FolderRole.BASE, FolderRole.ADAPTER)], ()),
    "headline": (HeadlineKind, ("title", "meaning")),
    "follow_up": (Step, ("label", "meaning")),
    "suggestion": (set(SuggestionKind) - {SuggestionKind.MOVE}, ("sentence",)),
    "suggestion.move.sentence": ((FolderRole.BASE, FolderRole.ADAPTER), ()),
    "side": (Side, TITLE),
    "trial.step": (TrialStep, ()),
    "ended": ((Ended.END_TOKEN, Ended.LENGTH, Ended.CANCELLED), ()),
    "tool": (Tool, ()),
    "usage": (Outcome, ()),
    "quantity": (Quantity, TITLE),
    "delta": ([f"more_in_{group}" for group in (Group.ATTENTION, Group.MLP)], ()),
    "crash": (CrashKind, ("title", "sentence", "hint")),
    "settings": ([notice.name.lower() for notice in set(SettingsNotice) - {SettingsNotice.NONE}], ("sentence", "hint")),
}


def stated() -> set[str]:
    with (LOCALES / "en/LC_MESSAGES/mergedesk.po").open("rb") as file:
        ids = [message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file)]
    return {key.removeprefix("window.") for key in ids if key.startswith("window.")}


def sources() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in WINDOW.rglob("*.py"))


def pattern_of(assembled: str) -> re.Pattern[str]:
    return re.compile(r"[\w.]*".join(map(re.escape, re.split(r"\{[^}]*\}", assembled))))


def test_every_message_that_is_asked_for_by_its_whole_key_is_there() -> None:
    keys = stated()
    groups = {key.partition(".")[0] for key in keys if "." in key}
    asked = set(ASKED.findall(sources()))
    asked |= {key for key in LITERAL.findall(sources()) if "." in key and key.partition(".")[0] in groups}
    assert len(asked) >= 80
    assert asked - keys == set()


@pytest.mark.parametrize("group", BY_CODE)
def test_every_code_has_its_messages(group: str) -> None:
    codes, parts = BY_CODE[group]
    wanted = {".".join(filter(None, (group, code, part))) for code in codes for part in (parts or ("",))}
    assert wanted - stated() == set()


def test_no_message_of_the_window_is_idle() -> None:
    literals = set(LITERAL.findall(sources()))
    patterns = [pattern_of(assembled) for assembled in ASSEMBLED.findall(sources())]
    assert {key for key in stated() - literals if not any(pattern.fullmatch(key) for pattern in patterns)} == set()


@pytest.mark.parametrize("language", [folder.name for folder in LOCALES.iterdir()])
def test_a_label_keeps_the_mark_of_its_key(language: str) -> None:
    for key in stated():
        shown = template(f"window.{key}", language)
        assert shown.count("&") == template(f"window.{key}").count("&"), key
