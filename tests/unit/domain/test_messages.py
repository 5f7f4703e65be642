"""Every code has words, every template its data, and every error a hint."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.testing

from mergedesk.cli.commands import app
from mergedesk.domain.findings import Check, CheckCode, CheckStatus, Code, Data, Finding, Severity, SkipReason
from mergedesk.domain.json_objects import as_json
from mergedesk.domain.messages import (
    as_written,
    check_message,
    check_title,
    engine_reason,
    finding_message,
    finding_text,
    presentable,
    template,
)
from mergedesk.domain.units import human_bytes, human_count, human_parameters, human_seconds

ROOT = Path(__file__).parents[3]
SOURCES = sorted((ROOT / "core").rglob("*.py"))
WINDOW = sorted((ROOT / "gui").rglob("*.py"))
NEVER_ERRORS = {
    Code.FOREIGN_READ_MLX, Code.FOREIGN_READ_ROTATED, Code.FOREIGN_READ_SPLIT, Code.FOREIGN_READ_TINKER,
    Code.TEMPLATE_DIFFERS, Code.KEYS_RENAMED, Code.TIED_EMBEDDINGS_SPLIT, Code.CUSTOM_CODE,
    Code.UNKNOWN_FIELDS_IGNORED, Code.QUANTIZATION_LEFTOVER, Code.STREAMS, Code.ENGINE_CHOSEN, Code.WHOLE_MODEL,
    Code.NEEDS_PEFT_ENGINE, Code.OUTPUT_WILL_BE_REPLACED, Code.NAMES_REPAIRED, Code.SCALING_RANK_STABILISED,
    Code.PICKLED_WEIGHTS, Code.PICKLE_UNWRAPPED, Code.INNER_ADAPTER, Code.VOCABULARY_RESIZED,
    Code.HEAD_ADDED, Code.PACKED_KEPT, Code.PACKED_AGAIN, Code.PACKING_KEEPS, Code.BESIDE_FOLDED, Code.BESIDE_CARRIED,
    Code.EXPORT_PACKED, Code.EXPORT_KEPT, Code.HUB_PATHS_REPLACED, Code.HUB_LEFT_OUT,
    Code.MERGE_PROVED, Code.MERGE_ROUNDED_TWICE, Code.MERGE_ROUNDED_IN_TURN, Code.MERGE_ROUNDED_WITH_SEED,
    Code.MERGE_ROUNDED_BY_CHANCE, Code.MERGE_PACKED_PROVED, Code.ROUNDING_WITHOUT_EFFECT,
    Code.TRIAL_LOADED_PLAIN, Code.TRIAL_LOADED_AS_PEFT_MODEL, Code.TRIAL_LOADED_BY_AUTO_CLASS,
    Code.QUEUE_INTERRUPTED,
    Code.RESUMED, Code.RESUME_NOTHING, Code.RESUME_NEEDS_STREAMING, Code.NOTHING_KEPT, Code.WORKER_LEFT_WORK,
    Code.WORKER_LEFT_NOTHING, Code.WORKER_LEFT_OLD, Code.WORKER_LEFT_RESULT,
    Code.TRIAL_ONE_STRENGTH, Code.TRIAL_TEMPLATE_APPLIED, Code.TRIAL_NO_TEMPLATE,
    Code.TRIAL_NOISE_ASKED, Code.LOGITS_WITHIN_ROUNDING,
}  # fmt: skip


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def finding_template(code: Code, *parts: str) -> str:
    return " ".join(template(f"finding.{code}.{part}") for part in parts or ("sentence", "hint"))


@pytest.mark.parametrize("code", Code)
def test_sentences_are_whole(code: Code) -> None:
    sentence, hint = finding_template(code, "sentence"), finding_template(code, "hint")
    assert sentence[0].isupper() or sentence.startswith(("{", "“", "transformers "))
    assert sentence.rstrip("}) ")[-1] in ".:{" or sentence.endswith(("}", ")"))
    assert bool(hint) or code in NEVER_ERRORS
    assert all(name.isidentifier() for name in fields(sentence) | fields(hint))


@pytest.mark.parametrize("code", CheckCode)
def test_checks_say_what_passed_and_what_failed(code: CheckCode) -> None:
    title, passed, failed = check_title(code), template(f"check.{code}.passed"), template(f"check.{code}.failed")
    assert title
    assert not title.endswith(".")
    assert passed
    assert failed
    assert passed != failed


class Produced:
    """A code and the names of the data that one place in the program gives with it."""

    def __init__(self, file: Path, call: ast.Call, code: str) -> None:
        self.place = f"{file.name}:{call.lineno}"
        self.code = code
        self.names = {word.arg for word in call.keywords if word.arg}
        self.open = any(word.arg is None for word in call.keywords)


def produced(enumeration: str, makers: set[str]) -> Iterator[Produced]:
    """Every call like ``error(Code.X, a=…)`` in the program."""
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.IfExp) and node.args:
                named = node.func.id if isinstance(node.func, ast.Name) else "warning"
                for first in codes_in(node.args[0], enumeration) if named in makers else ():
                    yield Produced(file, node, first)


def codes_in(node: ast.expr, enumeration: str) -> Iterator[str]:
    """``Code.X``, or both sides of ``Code.X if … else Code.Y``."""
    if isinstance(node, ast.IfExp):
        yield from codes_in(node.body, enumeration)
        yield from codes_in(node.orelse, enumeration)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == enumeration:
        yield node.attr


@pytest.mark.slow
def test_every_finding_gets_the_data_its_template_asks_for() -> None:
    seen = list(produced("Code", {"error", "warning", "info", "UserError"}))
    assert len(seen) > 70
    for one in seen:
        lacking = fields(finding_template(Code[one.code])) - one.names
        assert one.open or not lacking, f"{one.place}: {one.code} lacks {lacking}"


@pytest.mark.slow
def test_every_check_gets_the_data_its_template_asks_for() -> None:
    seen = list(produced("CheckCode", {"check_of"}))
    assert {one.code for one in seen} >= {
        code.name for code in CheckCode if code not in (CheckCode.TARGETED_CHANGED, CheckCode.VOCABULARY_FITS)
    }
    for one in seen:
        passed, failed = (fields(template(f"check.{CheckCode[one.code]}.{part}")) for part in ("passed", "failed"))
        tree_names = failed if one.names == {"name", "reason"} else passed
        assert tree_names <= one.names, f"{one.place}: {one.code} lacks {tree_names - one.names}"
        assert failed <= one.names, f"{one.place}: {one.code}"


def test_every_code_is_given_somewhere() -> None:
    files = [file for file in [*SOURCES, *WINDOW] if file.name != "findings.py"]
    texts = [file.read_text(encoding="utf-8") for file in files]
    for code in Code:
        assert any(f"Code.{code.name}" in text or f'"{code.value}"' in text for text in texts), code
    for check in CheckCode:
        assert any(f"CheckCode.{check.name}" in text for text in texts), check


def test_reasons_for_the_engine() -> None:
    for code in (Code.STREAMS, Code.ENGINE_CHOSEN, Code.NEEDS_PEFT_ENGINE, Code.WHOLE_MODEL):
        assert engine_reason(code).endswith(".")
        assert not fields(engine_reason(code))


# Filling in


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("needed_bytes", 1_500_000, "1.50 MB"),
        ("count", 12345, "12\u202f345"),
        ("name", None, "not known"),
        ("base_shape", [4096, 1024], "4096 × 1024"),
        ("names", ["a", "b"], "a, b"),
        ("names", list("abcdef"), "a, b, c, d, … (6)"),
        ("names", [], ""),
        ("weight", 0.5, "0.5"),
        ("largest", float("inf"), "inf"),
        ("flag", True, "True"),
        ("text", "{braces}", "{braces}"),
    ],
)
def test_presentable(key: str, value: object, shown: str) -> None:
    assert presentable({key: value}) == {key: shown}  # type: ignore[dict-item]


def test_braces_in_names_stay_as_they_are() -> None:
    finding = Finding(Code.FOLDER_MISSING, Severity.ERROR, {"path": "{odd}/{0}"})
    assert finding_text(finding).sentence == "There is no folder at {odd}/{0}."


def test_message_is_sentence_and_hint() -> None:
    finding = Finding(Code.NO_ADAPTER, Severity.ERROR)
    assert finding_message(finding) == finding_template(Code.NO_ADAPTER)
    assert as_json(finding)["message"] == finding_message(finding)


def test_skipped_checks_say_so() -> None:
    assert all(template(f"skipped.{reason}") for reason in SkipReason)
    skipped = Check(CheckCode.INDEX_TRUE, CheckStatus.SKIPPED, {"reason": SkipReason.ONE_FILE})
    assert check_message(skipped) == "Not applicable here. The weights are in one file."
    assert as_json(skipped)["status"] == "skipped"
    assert as_json(skipped)["data"] == {"reason": "one_file"}


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (human_bytes(0), "0 bytes"),
        (human_bytes(999), "999 bytes"),
        (human_bytes(1000), "1.00 kB"),
        (human_bytes(2_470_000_000), "2.47 GB"),
        (human_bytes(16_060_000_000), "16.1 GB"),
        (human_bytes(5 * 10**15), "5000 TB"),
        (human_count(1_235_814), "1\u202f235\u202f814"),
        (human_parameters(1_240_000_000), "1.24 B"),
        (human_parameters(134_515_008), "135 M"),
        (human_parameters(12), "12"),
        (human_seconds(0.84), "0.8 s"),
        (human_seconds(42.4), "42 s"),
        (human_seconds(185), "3 min 05 s"),
        (human_seconds(3720), "1 h 02 min"),
    ],
)
def test_numbers_as_people_read_them(shown: str, expected: str) -> None:
    assert shown == expected


def test_numbers_that_round_up_to_the_next_unit() -> None:
    assert human_bytes(999_999) == "1.00 MB"
    assert human_bytes(9_999) == "10.0 kB"
    assert human_parameters(999_999_999) == "1.00 B"
    assert human_seconds(9.96) == "10 s"
    assert human_seconds(59.7) == "1 min 00 s"


def test_help_is_in_words() -> None:
    assert "{" not in typer.testing.CliRunner().invoke(app, ["--help"]).output


def test_numbers_have_the_language_s_decimal_mark() -> None:
    data: dict[str, Data] = {"size_bytes": 2_470_000_000, "share": "41.5", "factor": 0.5, "name": "v1.5-base", "at": 7}
    english, german = presentable(data), presentable(data, "de_DE")
    assert english == {"size_bytes": "2.47 GB", "share": "41.5", "factor": "0.5", "name": "v1.5-base", "at": "7"}
    assert german == {"size_bytes": "2,47 GB", "share": "41,5", "factor": "0,5", "name": "v1.5-base", "at": "7"}
    assert presentable(data, "zh_CN") == english
    few: dict[str, Data] = {"a_bytes": 877, "b_bytes": 101_000, "c_bytes": 101_001, "name": "877 bytes"}
    exact = {"b_bytes": "101\u202f000 字节", "c_bytes": "101\u202f001 字节"}
    assert presentable(few, "zh_CN") == {"a_bytes": "877 字节", **exact, "name": "877 bytes"}
    assert as_written("1.24 B", "de") == "1,24 B"
    assert as_written("1.24 B", "de") != as_written("1.24 B", "fr"), "a language without sentences here is English"
