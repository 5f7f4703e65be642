"""The page of methods says what the cases give, and leaves none out."""

from __future__ import annotations

import matrix
import pytest
from method_cases import ARCHITECTURES, PRECISIONS, Workshop
from peft import PeftType

from mergedesk.domain.requests import Engine

OTHERS = [kind for kind in ARCHITECTURES if kind != "llama"]
# What PEFT says of norms that are no nn.LayerNorm.
pytestmark = pytest.mark.filterwarnings("ignore:Unsupported layer type")


@pytest.fixture(scope="module")
def workshops(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workshop]:
    return {kind: Workshop(kind, tmp_path_factory.mktemp(kind)) for kind in ARCHITECTURES}


def page() -> str:
    return matrix.PAGE.read_text(encoding="utf-8")


def test_the_page_has_every_case_and_no_blank() -> None:
    found = matrix.parse(page())
    assert found.keys() == set(matrix.keys())
    assert {member.value for member in PeftType} <= {method for method, _, _ in found}
    words = {one.words.partition(",")[0] for one in found.values()}
    assert words <= {"same bytes", "≤ 1 ulp", "as unmerged", "PEFT refuses", "refused", "not mergeable"}
    assert all(bool(one.reason) is ("mergeable" in one.words or "refuse" in one.words) for one in found.values())


def test_the_page_is_as_it_was_written_by_make_matrix() -> None:
    assert matrix.render(matrix.parse(page())) == page()


@pytest.mark.slow
@pytest.mark.parametrize("method", matrix.methods())
def test_every_method_gives_what_the_page_says(method: str, workshops: dict[str, Workshop]) -> None:
    """On Llama in every dtype; on one more architecture, in turn, in one dtype. ``make matrix`` runs the rest."""
    expected = matrix.parse(page())
    turn = matrix.methods().index(method)
    kind, dtype = OTHERS[turn % len(OTHERS)], PRECISIONS[turn % len(PRECISIONS)]
    for case in [*(("llama", one) for one in PRECISIONS), (kind, dtype)]:
        assert workshops[case[0]].judge(method, case[1]) == expected[method, *case], case


@pytest.mark.slow
def test_peft_s_own_code_gives_the_same_where_weights_could_stream(workshops: dict[str, Workshop]) -> None:
    expected = matrix.parse(page())
    for method in matrix.methods():
        words = expected[method, "llama", "bfloat16"].words
        if words.endswith("streamed"):
            given = workshops["llama"].judge(method, "bfloat16", Engine.PEFT)
            assert given.words == words.replace("streamed", "by layer"), method
