"""The registry of checks: none is forgotten, each says which codes it gives, and every code has a check."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from staged_merges import codes_in, codes_of

import mergedesk
from mergedesk.domain.findings import Check, CheckCode, CheckStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.verification.staged import registry
from mergedesk.verification.staged.registry import CHECKS, run_checks
from mergedesk.verification.staged.staged_check import Needs, StagedCheck, StagedMerge

CORE = Path(mergedesk.__file__).parent
STAGED = CORE / "verification" / "staged"
# Checks of a merge that any tool made, and of its answers.
ELSEWHERE = ("verification/compare", "verification/gguf_file", "inference", "pipelines")


def test_every_module_with_a_check_is_registered() -> None:
    with_check = {file.stem for file in STAGED.glob("*.py") if "\nCHECK = " in file.read_text(encoding="utf-8")}
    assert with_check == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_gives_something(name: str) -> None:
    assert codes_of(name)


def test_no_code_is_given_by_two_checks() -> None:
    assert max(Counter(code for name in CHECKS for code in codes_of(name)).values()) == 1


def test_every_code_has_a_check_that_can_give_it() -> None:
    staged = set().union(*map(codes_of, CHECKS))
    others = {code for folder in ELSEWHERE for file in (CORE / folder).glob("*.py") for code in codes_in(file)}
    assert staged | others == set(CheckCode)


class Merge(StagedMerge):
    """A result of which this much can be read."""

    reach = Needs.TENSORS

    @property
    def holds(self) -> Needs:
        return self.reach


@pytest.fixture
def merge(tmp_path: Path) -> Merge:
    return Merge(tmp_path, tmp_path, (), (), None, CancelToken())


def passes(code: CheckCode, **options: object) -> StagedCheck:
    return StagedCheck(lambda _: [Check(code, CheckStatus.PASS)], **options)  # type: ignore[arg-type]


FILES, KEYS, LOADS = CheckCode.FILES_AS_PLANNED, CheckCode.KEYS_AS_PLANNED, CheckCode.LOADS_AS_PLAIN_MODEL


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> dict[str, StagedCheck]:
    checks = {
        "first": passes(LOADS, needs=Needs.HEADERS, beside=True),
        "second": passes(FILES, needs=Needs.NOTHING),
        "third": passes(KEYS, needs=Needs.TENSORS),
    }
    monkeypatch.setattr(registry, "CHECKS", checks)
    return checks


@pytest.mark.parametrize(
    ("reach", "expected"),
    [(Needs.NOTHING, [FILES]), (Needs.HEADERS, [LOADS, FILES]), (Needs.TENSORS, [LOADS, FILES, KEYS])],
)
def test_checks_that_have_nothing_to_look_at_are_left_out(
    reach: Needs,
    expected: list[CheckCode],
    three: dict[str, StagedCheck],
    merge: Merge,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Merge, "reach", reach)
    assert [check.code for check in run_checks(merge)] == expected


@pytest.mark.parametrize("beside", [True, False])
def test_what_a_check_raises_is_raised(beside: bool, three: dict[str, StagedCheck], merge: Merge) -> None:
    def broken(_: StagedMerge) -> list[Check]:
        raise ValueError("boom")

    three["broken"] = StagedCheck(broken, beside=beside)
    with pytest.raises(ValueError, match="boom"):
        run_checks(merge)
