"""Rounding by chance: where it may land, how often, and that nothing but seed, name and place decide."""

from __future__ import annotations

import hashlib

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mergedesk.engines.stochastic_rounding import round_stochastically
from mergedesk.planning.plan import Drawing
from mergedesk.runtime.rounding_draws import rounding_draws
from mergedesk.verification.compare.drawn_rounding import round_by

SIXTEEN = (torch.bfloat16, torch.float16)
DRAWING = Drawing(7, "model.layers.0.self_attn.q_proj.weight")


def neighbours(values: torch.Tensor, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """The numbers of ``dtype`` at or below and at or above; float64, by stepping through all that there are."""
    patterns = torch.arange(-(1 << 15), 1 << 15, dtype=torch.int32).to(torch.int16).view(dtype)
    numbers = torch.unique(patterns[patterns.isfinite()].double())
    below = torch.searchsorted(numbers, values.double(), right=True) - 1
    above = torch.searchsorted(numbers, values.double(), right=False)
    return numbers[below], numbers[above]


def some_values(count: int = 4096) -> torch.Tensor:
    """Of all sizes that both dtypes hold, subnormal ones of float16 and zeros of both signs among them."""
    source = torch.Generator().manual_seed(3)
    exponents = torch.randint(-26, 14, (count,), generator=source)
    values = torch.ldexp(torch.randn(count, generator=source), exponents)
    values[:4] = torch.tensor([0.0, -0.0, 2.0**-24, -(2.0**-14)])
    return values


@pytest.mark.parametrize("dtype", SIXTEEN)
def test_it_is_one_of_the_two_beside(dtype: torch.dtype) -> None:
    values = some_values()
    rounded = round_stochastically(values, dtype, DRAWING, 0).double()
    below, above = neighbours(values, dtype)
    assert bool(((rounded == below) | (rounded == above)).all())
    between = below != above
    assert 0.4 < float((rounded == above)[between].double().mean()) < 0.6


@pytest.mark.parametrize("dtype", SIXTEEN)
def test_the_mean_is_the_exact_value(dtype: torch.dtype) -> None:
    values, draws = some_values(512), 2000
    below, above = neighbours(values, dtype)
    rounds = [round_stochastically(values, dtype, Drawing(seed, "w"), 0).double() for seed in range(draws)]
    mean, exact, step = torch.stack(rounds).mean(0), values.double(), above - below
    share = torch.where(step > 0, (exact - below) / step.clamp(min=1e-30), 0.0)
    error = step * (share * (1 - share) / draws).sqrt()
    assert bool(((mean - exact).abs() <= 5 * error + step * 2.0**-15).all())
    assert abs(float(((mean - exact) / error)[error > 0].mean())) < 5 / (error > 0).sum().sqrt()
    # To nearest, by contrast, most are off for ever.
    assert float(((values.to(dtype).double() - exact).abs() > 5 * error).double().mean()) > 0.5


@pytest.mark.parametrize("dtype", SIXTEEN)
def test_what_the_dtype_holds_stays(dtype: torch.dtype) -> None:
    patterns = torch.arange(-(1 << 15), 1 << 15, dtype=torch.int32).to(torch.int16).view(dtype)
    rounded = round_stochastically(patterns.float(), dtype, DRAWING, 5)
    assert torch.equal(rounded[patterns.isfinite()], patterns[patterns.isfinite()])
    assert torch.equal(torch.signbit(rounded)[patterns == 0], torch.signbit(patterns)[patterns == 0])
    assert torch.equal(rounded.isinf(), patterns.isinf())
    assert torch.equal(rounded.isnan(), patterns.isnan())


@pytest.mark.parametrize("dtype", SIXTEEN)
def test_what_rounding_to_nearest_keeps_finite_is_finite(dtype: torch.dtype) -> None:
    largest = torch.finfo(dtype).max
    near = torch.linspace(largest * (1 - 2.0**-9), largest * (1 + 2.0**-13), 4096).repeat(2)
    near[4096:] *= -1
    assert bool(near.to(dtype).isfinite().all())
    for seed in range(8):
        assert bool(round_stochastically(near, dtype, Drawing(seed, "w"), 0).isfinite().all())


def test_what_overflows_does_so_still() -> None:
    assert bool(round_stochastically(torch.tensor([7e4, -1e30]), torch.float16, DRAWING, 0).isinf().all())


@pytest.mark.parametrize("dtype", SIXTEEN)
@given(begin=st.integers(0, 1 << 40), cut=st.integers(0, 300), count=st.integers(0, 300))
def test_cuts_change_nothing(dtype: torch.dtype, begin: int, cut: int, count: int) -> None:
    values = some_values(300)
    whole = round_stochastically(values, dtype, DRAWING, begin)
    part = values[cut : cut + count]
    assert torch.equal(round_stochastically(part, dtype, DRAWING, begin + cut), whole[cut : cut + count])


def test_seeds_and_names_draw_anew() -> None:
    draws = [rounding_draws(seed, name, 0, 1000) for seed in (0, 1) for name in ("a", "b")]
    assert all(not numpy.array_equal(one, other) for i, one in enumerate(draws) for other in draws[:i])


def test_draws_are_what_they_are_said_to_be() -> None:
    """Philox by its own words, so that another numpy draws the same."""
    key = int.from_bytes(hashlib.sha256(b"7\0w").digest()[:16], "little")
    words = numpy.random.Philox(key=key, counter=3).random_raw(8)
    lanes = [int(word) >> shift & 0xFFFF for word in words for shift in (0, 16, 32, 48)]
    assert rounding_draws(7, "w", 48, 32).tolist() == lanes
    assert rounding_draws(7, "w", 0, 4).tolist() == FIRST


FIRST = [7102, 39240, 4146, 34670]


@pytest.mark.parametrize("dtype", SIXTEEN)
def test_the_proof_s_own_words_draw_the_same(dtype: torch.dtype) -> None:
    values = some_values()
    values[-2:] = torch.tensor([torch.finfo(dtype).max * 0.999, -torch.finfo(dtype).max])
    draws = torch.from_numpy(rounding_draws(7, DRAWING.name, 11, len(values)).astype(numpy.float64))
    assert torch.equal(round_by(values.double(), dtype, draws), round_stochastically(values, dtype, DRAWING, 11))
