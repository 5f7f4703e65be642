"""Every language has every message, with its placeholders and plural forms, and the compiled files say the same."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fresh_python import run_python

from mergedesk.deployment.codes import Outcome, StepCode, UsageCode
from mergedesk.domain.findings import CheckCode, Code, Finding, Severity, SkipReason
from mergedesk.domain.messages import (
    ENGLISH,
    LOCALES,
    catalogue,
    environment_language,
    filled,
    finding_message,
    finding_text,
    outcome_name,
    template,
)
from mergedesk.verification.compare.outcome import TensorOutcome

LANGUAGES = sorted(folder.name for folder in LOCALES.iterdir())
OTHERS = [language for language in LANGUAGES if language != ENGLISH]
SAME_AS_ENGLISH = {
    "de": {
        "advice.other",
        "check.tokenizer_loads.title",
        "window.answer.time",
        "window.combination.dare_linear.title",
        "window.combination.dare_ties.title",
        "window.combination.linear.title",
        "window.combination.ties.title",
        "window.field.adapter.label",
        "window.finding_about_adapter",
        "window.severity.error",
        "window.trial.prompt",
    },
    "zh_CN": {"value.decimal_mark", "window.combination.ties.title"},
}

REQUIRED = {
    "value.bytes",
    "value.decimal_mark",
    "value.none",
    "value.peak_memory",
    *(f"advice.{part}" for part in ("sentence", "stochastic_sentence", "other", "stochastic", "mixed")),
    "check.skipped",
    *(f"finding.{code}.sentence" for code in Code),
    *(f"check.{code}.{part}" for code in CheckCode for part in ("title", "passed", "failed")),
    *(f"skipped.{reason}" for reason in SkipReason),
    *(f"engine.{code}" for code in (Code.STREAMS, Code.ENGINE_CHOSEN, Code.NEEDS_PEFT_ENGINE, Code.WHOLE_MODEL)),
    *(f"outcome.{outcome}" for outcome in TensorOutcome),
    *(f"remark.{code}.sentence" for code in UsageCode),
    *(f"remark.outcome.{outcome}" for outcome in Outcome),
    *(f"step.{code}" for code in StepCode),
}
HINTS = {*(f"finding.{code}.hint" for code in Code), *(f"remark.{code}.hint" for code in UsageCode)}


def po_file(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "mergedesk.po"


def read(language: str) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def forms(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Each message in all its plural forms, one where it has none."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            (message.string,) if isinstance(message.string, str) else tuple(message.string)
        )
        for message in catalog
        if message.id
    }


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def plural_keys(catalog: Catalog) -> set[str]:
    return {message.id[0] for message in catalog if message.pluralizable}


def test_english_says_every_code_and_nothing_else() -> None:
    keys = set(forms(read(ENGLISH)))
    assert REQUIRED - keys == set()
    assert {key for key in keys - REQUIRED - HINTS if not key.startswith(("cli.", "window."))} == set()


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_all_that_english_says(language: str) -> None:
    english, own = read(ENGLISH), read(language)
    assert sorted(set(forms(english)) ^ set(forms(own))) == []
    assert sorted(plural_keys(english) ^ plural_keys(own)) == []
    assert not [message.id for message in own if message.fuzzy]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_is_there_with_its_placeholders(language: str) -> None:
    english, own = forms(read(ENGLISH)), read(language)
    for key, texts in forms(own).items():
        wanted = set().union(*map(placeholders, english[key]))
        assert len(texts) == (own.num_plurals if key in plural_keys(own) else 1), key
        for text in texts:
            assert text.strip() == text != "", key
            assert placeholders(text) <= wanted, key
        assert placeholders(texts[-1]) == wanted, key


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    english = forms(read(ENGLISH))
    same = {key for key, texts in forms(read(language)).items() if texts == english[key]}
    assert same == SAME_AS_ENGLISH.get(language, set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogues_are_up_to_date(tmp_path: Path, language: str) -> None:
    fresh = tmp_path / "fresh.mo"
    with fresh.open("wb") as file:
        write_mo(file, read(language))
    assert fresh.read_bytes() == po_file(language).with_suffix(".mo").read_bytes(), "run pybabel compile"


# Looking up


def test_a_finding_in_german_and_in_a_country_s_german() -> None:
    finding = Finding(Code.QUANTIZED_BASE, Severity.ERROR, {"method": "bitsandbytes 4-bit", "original": None})
    message = finding_text(finding, "de")
    assert message.sentence.startswith("Die Basis ist quantisiert (bitsandbytes 4-bit)")
    assert "(vermutlicher Name: nicht bekannt)" in message.hint
    assert finding_text(finding, "de_AT") == message


@pytest.mark.parametrize("language", ["is", "C", "", "⟦en⟧"])
def test_an_unknown_language_says_it_in_english(language: str) -> None:
    finding = Finding(Code.NO_ADAPTER, Severity.ERROR)
    assert finding_message(finding, language) == finding_message(finding)


def test_what_a_language_lacks_is_said_in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language, texts in {"en": {"a.x": "A", "b.x": "B"}, "fr": {"a.x": "Un A"}}.items():
        catalog = Catalog(locale=language)
        for key, text in texts.items():
            catalog.add(key, text)
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "mergedesk.mo").open("wb") as file:
            write_mo(file, catalog)
    monkeypatch.setattr("mergedesk.domain.messages.LOCALES", tmp_path)
    catalogue.cache_clear()
    try:
        assert [template(key, "fr") for key in ("a.x", "b.x", "c.x")] == ["Un A", "B", ""]
    finally:
        catalogue.cache_clear()


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("en", "1 tensor is missing: x.", "2 tensors are missing: x."),
        ("de", "1 Tensor fehlt: x.", "2 Tensoren fehlen: x."),
    ],
)
def test_a_number_decides_the_form(language: str, one: str, two: str) -> None:
    for count, sentence in ((1, one), (2, two)):
        finding = Finding(Code.MERGE_LACKS_TENSORS, Severity.ERROR, {"count": count, "names": ["x"]})
        assert finding_text(finding, language).sentence == sentence


def test_the_total_decides_where_nothing_is_counted() -> None:
    assert filled("check.keys_as_planned.passed", {"total": 1}) == "The 1 tensor is there under its name."
    assert filled("check.keys_as_planned.passed", {"total": 3}) == "All 3 tensors are there under their names."


def test_an_outcome_of_a_newer_engine_is_told_by_its_code() -> None:
    assert outcome_name("right", "de") == "wie es sein soll"
    assert outcome_name("brand_new", "de") == "brand_new"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de_DE"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "fr_FR"}, "fr_FR"),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "C"),
        ({"LC_ALL": "", "LANG": "de"}, "de"),
    ],
)
def test_the_environment_tells_the_language(environment: dict[str, str], language: str) -> None:
    assert environment_language(environment) == language


def test_keys_are_well_formed() -> None:
    assert all(re.fullmatch(r"[a-z0-9_.]+", key) for key in forms(read(ENGLISH)))


@pytest.mark.slow
def test_no_catalogue_is_read_before_something_is_said() -> None:
    program = (
        "import sys, mergedesk.cli.commands\n"
        "from mergedesk.domain.messages import catalogue\n"
        "print(catalogue.cache_info().currsize, 'babel' in sys.modules)\n"
    )
    assert run_python(program) == "0 False\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_leads_to_the_window_s_other_mode_calls_it_as_the_window_does(language: str) -> None:
    own = read(language)
    assert str(own["window.mode.verify.name"].string) in str(own["remark.head_and_tied.hint"].string)
