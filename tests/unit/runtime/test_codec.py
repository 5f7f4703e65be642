"""The codec: whatever the program's dataclasses can hold comes back as it was."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.verdict import ModuleVerdict
from mergedesk.runtime.codec import from_plain, from_text, to_plain, to_text


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Inner:
    share: float = 0.0
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True)
class Outer:
    folder: Path
    inner: tuple[Inner, ...] = ()
    maybe: Inner | None = None
    count: int | None = None
    data: Mapping[str, Any] | None = None
    flag: bool = False


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
INNER = st.builds(Inner, st.floats(allow_nan=False), st.sampled_from(Colour))
OUTER = st.builds(
    Outer,
    st.builds(Path, st.text(min_size=1)),
    st.lists(INNER, max_size=3).map(tuple),
    st.none() | INNER,
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.dictionaries(st.text(), PLAIN, max_size=3),
    st.booleans(),
)


@pytest.mark.slow
@given(OUTER)
def test_what_is_written_is_read_back(value: Outer) -> None:
    text = to_text(value)
    assert from_text(text, Outer) == value
    assert "\n" not in text
    assert text.isascii()


@given(st.floats(), st.floats())
def test_numbers_come_back_to_the_last_bit_and_what_is_not_finite_too(factor: float, share: float) -> None:
    back = from_text(to_text(ModuleVerdict("a", "right", factor, share, 1, 0)), ModuleVerdict)
    for before, after in ((factor, back.factor), (share, back.delta_share)):
        assert after == before or (math.isnan(before) and math.isnan(after))


def test_a_file_name_that_is_no_unicode_survives() -> None:
    folder = Path("/m\udcff/ü 模")
    assert from_text(to_text(Outer(folder)), Outer).folder == folder


def test_a_finding_keeps_code_severity_and_data() -> None:
    finding = Finding(Code.SWAPPED, Severity.ERROR, {"a": [1, [2.5, None]], "b": {"c": True}})
    assert from_text(to_text(finding), Finding) == finding


def test_what_is_missing_takes_its_default_and_what_is_unknown_is_passed_over() -> None:
    assert from_plain({"folder": "a", "of_a_later_version": 1}, Outer) == Outer(Path("a"))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"folder": 3}', '{"folder": "a", "inner": [{"colour": "green"}]}']
)
def test_what_is_no_such_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_text(text, Outer)


def test_what_has_no_json_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="object"):
        to_plain({"a": object()})
