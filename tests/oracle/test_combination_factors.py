"""Combined factors against those that PEFT's ``add_weighted_adapter`` makes, bit for bit."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import pytest
import torch
from peft import LoraConfig, get_peft_model
from peft.utils import merge_utils
from tiny_models import same_bits
from torch import nn

from mergedesk.domain.requests import Combination, CombinationMethod, MajoritySign
from mergedesk.methods.combined.tile import LowRankPair, combine_factors

METHODS = [method for method in CombinationMethod if method is not CombinationMethod.CAT]
SEED = 4242


class Small(nn.Module):
    """A linear layer, a convolution and an embedding: the three shapes of factors."""

    def __init__(self) -> None:
        super().__init__()
        self.linear, self.conv, self.table = nn.Linear(37, 53), nn.Conv2d(5, 6, 3), nn.Embedding(41, 23)

    def forward(self) -> None:
        """Never called."""


def combined_by_peft(
    layer: str, weights: Sequence[float], how: Combination, alphas: Sequence[float], zeros: bool = False
) -> tuple[list[LowRankPair], torch.Tensor, torch.Tensor]:
    """The pairs that went in, and the A and B that PEFT made of them."""
    names = [f"adapter{number}" for number in range(len(weights))]
    configs = [LoraConfig(r=4, lora_alpha=alpha, target_modules=[layer]) for alpha in alphas]  # type: ignore[arg-type]
    model = get_peft_model(Small(), configs[0], adapter_name=names[0])  # type: ignore[arg-type]
    for name, config in zip(names[1:], configs[1:], strict=True):
        model.add_adapter(name, config)
    tuned = getattr(model.base_model.model, layer)
    kind_a, kind_b = ("lora_embedding_A", "lora_embedding_B") if layer == "table" else ("lora_A", "lora_B")

    def factor(kind: str, name: str) -> torch.Tensor:
        held = getattr(tuned, kind)[name]
        data: torch.Tensor = held.data if layer == "table" else held.weight.data
        return data

    for name in names:
        for kind in (kind_a, kind_b):
            factor(kind, name).normal_()
            if zeros:  # many equal magnitudes, and signs that cancel out
                factor(kind, name).mul_(2).round_().div_(2)
    pairs = [
        LowRankPair(factor(kind_a, name).clone(), factor(kind_b, name).clone(), weight * tuned.scaling[name])
        for name, weight in zip(names, weights, strict=True)
    ]
    torch.manual_seed(SEED)
    original = merge_utils.random_pruning
    drawn = []

    def spy(tensor: torch.Tensor, *rest: float, rescale: bool) -> torch.Tensor:
        # Making the new adapter draws numbers too; the masks are to be the first that the seed gives.
        if not drawn:
            torch.manual_seed(SEED)
        drawn.append(True)
        return original(tensor, *rest, rescale=rescale)

    merge_utils.random_pruning = spy
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The density 1.0 is greater than or equal to 1")
            model.base_model.add_weighted_adapter(  # type: ignore[operator]
                names, list(weights), "all", how.method.value, density=how.density,
                majority_sign_method=how.majority_sign.value,
            )  # fmt: skip
    finally:
        merge_utils.random_pruning = original
    return pairs, factor(kind_a, "all"), factor(kind_b, "all")


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("layer", ["linear", "conv", "table"])
@pytest.mark.parametrize(
    ("weights", "alphas"),
    [((0.5, 0.7), (6, 8)), ((1.0, -0.4, 0.3), (5, 8, 3)), ((0.2, 0.0, -1.5, 2.0, 0.7), (1, 2, 3, 4, 5))],
    ids=["two", "three", "five"],
)
def test_factors_are_peft_s(
    method: CombinationMethod, layer: str, weights: tuple[float, ...], alphas: tuple[float, ...]
) -> None:
    for density in (0.5, 0.2, 0.9, 1.0):
        how = Combination(method, density)
        pairs, a, b = combined_by_peft(layer, weights, how, alphas)
        ours = combine_factors(pairs, how, SEED)
        assert same_bits(ours[0], a), (density, (ours[0] - a).abs().max())
        assert same_bits(ours[1], b)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sign", list(MajoritySign))
def test_equal_magnitudes_zeros_and_ties(method: CombinationMethod, sign: MajoritySign) -> None:
    how = Combination(method, 0.6, sign)
    pairs, a, b = combined_by_peft("linear", (0.5, -0.5, 1.0, 0.3), how, (4, 4, 8, 2), zeros=True)
    ours = combine_factors(pairs, how, SEED)
    assert same_bits(ours[0], a)
    assert same_bits(ours[1], b)


def test_two_elections_differ() -> None:
    """Else the test above could not tell them apart."""
    made = [
        combined_by_peft("linear", (0.5, -0.5, 1.0), Combination(CombinationMethod.TIES, 1.0, sign), (4, 4, 8))[1]
        for sign in MajoritySign
        if torch.manual_seed(1)
    ]
    assert not torch.equal(*made)


def test_many_adapters(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than torch adds one after another, and more than one block of elements."""
    monkeypatch.setattr("mergedesk.methods.combined.tile._BLOCK", 64)
    weights = [0.1 * number - 0.7 for number in range(21)]
    for method in METHODS:
        how = Combination(method, 0.4)
        pairs, a, b = combined_by_peft("linear", weights, how, [4] * 21)
        ours = combine_factors(pairs, how, SEED)
        assert same_bits(ours[0], a)
        assert same_bits(ours[1], b)


def test_a_seed_gives_the_same_factors_and_another_gives_others() -> None:
    how = Combination(CombinationMethod.DARE_LINEAR, 0.5)
    made = []
    for seed in (1, 1, 2):
        torch.manual_seed(0)
        pair = LowRankPair(torch.randn(4, 9), torch.randn(8, 4), 0.5)
        made.append(combine_factors([pair], how, seed))
    assert torch.equal(made[0][0], made[1][0])
    assert torch.equal(made[0][1], made[1][1])
    assert not torch.equal(made[0][0], made[2][0])
