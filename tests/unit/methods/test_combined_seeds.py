"""What DARE drops is drawn anew for each tensor, and for each expert within one; the same draws in every version."""

from __future__ import annotations

from pathlib import Path

from mergedesk.domain.requests import Combination, CombinationMethod
from mergedesk.methods.combined import CombinedUpdate, together
from mergedesk.methods.lora import LowRankUpdate
from mergedesk.storage.factor_view import whole
from mergedesk.storage.safetensors_header import TensorRecord

EXPERTS = "model.layers.0.mlp.experts.down_proj"
ROWS = (0, 32, 64)


def seeds(name: str, seed: int = 7) -> list[int]:
    """Of two adapters that change three experts of one tensor."""
    a, b = (whole(TensorRecord(part, "F32", shape, Path(), 0, 0)) for part, shape in (("A", (4, 16)), ("B", (32, 4))))
    updates = [LowRankUpdate(a, b, 1.0, first_row=row) for row in ROWS for _ in range(2)]
    combined = together(name, updates, Combination(CombinationMethod.DARE_TIES, seed=seed))
    assert all(isinstance(one, CombinedUpdate) and len(one.parts) == 2 for one in combined)
    return [one.seed for one in combined if isinstance(one, CombinedUpdate)]


def test_every_expert_tensor_and_chosen_seed_draws_its_own() -> None:
    drawn = [*seeds(EXPERTS), *seeds(EXPERTS.replace("down", "up")), *seeds(EXPERTS, 8)]
    assert len(set(drawn)) == len(drawn) == 3 * len(ROWS)


def test_a_seed_draws_the_same_in_a_later_version() -> None:
    """By SHA-256 of seed, tensor and first row, so that a merge of last year can be made again."""
    assert seeds(EXPERTS)[-1] == 3983134119
