"""Stochastic rounding in whole merges, against float64 values of PEFT's own; what is said of it before and after."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from merges import edited, weak
from tiny_models import make_adapter, make_base, merge_with_peft, tensors

from mergedesk.checkpoints.files import REPORT
from mergedesk.domain.findings import Code
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.precision_advice import PrecisionAdvice, advice_json, advice_text
from mergedesk.domain.requests import (
    NEAREST,
    AdapterChoice,
    CheckRequest,
    Engine,
    MergeRequest,
    Precision,
    RoundingChoice,
    RoundingMode,
    VerifyRequest,
)
from mergedesk.domain.weight_delta import KeptShare
from mergedesk.engines import streaming
from mergedesk.pipelines.check import check_with_libraries, precision_advice
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.verify import verify
from mergedesk.planning.kept_sample import rounded, sample_kept
from mergedesk.planning.preflight import Ready, plan_of, prepare

MakeBase = Callable[..., Path]
SEED_7 = RoundingChoice(RoundingMode.STOCHASTIC, 7)
FACTOR = 4e-3


def merged(base: Path, adapter: Path, output: Path, rounding: RoundingChoice = SEED_7, **options: Any) -> MergeReport:
    report = merge(MergeRequest(base, (AdapterChoice(adapter),), output, rounding=rounding, **options))
    assert report.status is MergeStatus.MERGED, report.findings
    return report


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A base whose tensors are cut into several tiles, and an adapter about a step of bfloat16 strong."""
    folder = tmp_path_factory.mktemp("rounding")
    sizes = {"hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2, "num_attention_heads": 4}
    base = make_base("llama", folder / "base", "bfloat16", num_key_value_heads=4, head_dim=64, **sizes)
    return base, weak("llama", base, folder / "adapter", FACTOR)


def proof(pair: tuple[Path, Path], folder: Path) -> Any:
    return verify(VerifyRequest(pair[0], (AdapterChoice(pair[1]),), folder))


def test_it_is_right_on_average(pair: tuple[Path, Path], tmp_path: Path) -> None:
    base, adapter = pair
    before = {name: one.double() for name, one in tensors(base).items()}
    exact = tensors(merge_with_peft("llama", base, adapter, tmp_path / "exact", "float64"))
    draws = 16  # sums of sixteenths are exact
    means = {name: torch.zeros_like(one) for name, one in exact.items()}
    for seed in range(draws):
        merged(base, adapter, tmp_path / str(seed), RoundingChoice(RoundingMode.STOCHASTIC, seed))
        for name, one in tensors(tmp_path / str(seed)).items():
            means[name] += one.double() / draws
    changed = [name for name, one in exact.items() if not torch.equal(one, before[name])]
    assert len(changed) == 14
    for name in changed:
        delta = (exact[name] - before[name]).flatten()
        kept = float((means[name] - before[name]).flatten() @ delta / (delta @ delta))
        nearest = float((exact[name].bfloat16().double() - before[name]).flatten() @ delta / (delta @ delta))
        assert kept == pytest.approx(1.0, abs=0.04), name
        assert nearest < 0.9, name
        step = torch.ldexp(torch.ones_like(exact[name]), torch.frexp(exact[name]).exponent - 8)
        above = torch.frac(exact[name].abs() / step)
        variance, error = above * (1 - above) * step.square() / draws, means[name] - exact[name]
        assert abs(float(error.sum())) < 5 * float(variance.sum()) ** 0.5, name
        assert float(error.square().sum()) == pytest.approx(float(variance.sum()), rel=0.05), name
    for name in set(exact) - set(changed):
        assert torch.equal(means[name], before[name]), name


def test_neither_tiles_nor_workers_change_a_byte(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for number, (workers, tile, chunk) in enumerate(((1, 1 << 20, 1 << 25), (4, 5000, 90_000), (2, 16_384, 40_000))):
        monkeypatch.setattr(streaming, "MIN_WORKERS", workers)
        monkeypatch.setattr(streaming, "MAX_WORKERS", workers)
        monkeypatch.setattr(streaming, "TILE_ELEMENTS", tile)
        monkeypatch.setattr(streaming, "CHUNK_BYTES", chunk)
        merged(*pair, tmp_path / str(number))
        made.append((tmp_path / str(number) / "model.safetensors").read_bytes())
    assert made[0] == made[1] == made[2]
    merged(*pair, tmp_path / "other", replace(SEED_7, seed=8))
    assert made[0] != (tmp_path / "other" / "model.safetensors").read_bytes()


def test_nothing_changes_where_nothing_is_rounded(pair: tuple[Path, Path], tmp_path: Path) -> None:
    merged(*pair, tmp_path / "nearest", NEAREST, precision=Precision.FLOAT32)
    report = merged(*pair, tmp_path / "ours", precision=Precision.FLOAT32)
    assert [one.code for one in report.findings if one.code is Code.ROUNDING_WITHOUT_EFFECT]
    files = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("nearest", "ours")]
    assert files[0] == files[1]


@pytest.mark.parametrize("precision", [Precision.AUTO, Precision.FLOAT16])
def test_verify_knows_it(pair: tuple[Path, Path], tmp_path: Path, precision: Precision) -> None:
    report = merged(*pair, tmp_path / "ours", precision=precision)
    assert report.effect is not None
    assert report.effect.kept.written == pytest.approx(1.0, abs=0.02)
    found = proof(pair, tmp_path / "ours")
    assert (found.matches, found.reason.code) == (True, Code.MERGE_ROUNDED_WITH_SEED)
    assert found.reason.data == {"count": 14, "total": 14, "seed": 7}
    assert {one.story for one in found.modules} == {"rounded_by_chance"}
    (tmp_path / "ours" / REPORT).unlink()
    found = proof(pair, tmp_path / "ours")
    assert (found.matches, found.reason.code) == (True, Code.MERGE_ROUNDED_BY_CHANCE)


def test_verify_believes_no_report(pair: tuple[Path, Path], tmp_path: Path) -> None:
    merged(*pair, tmp_path / "ours")
    file = tmp_path / "ours" / REPORT
    file.write_text(json.dumps(json.loads(file.read_text()) | {"rounding": {"mode": "stochastic", "seed": 8}}))
    found = proof(pair, tmp_path / "ours")
    assert (found.matches, found.reason.code) == (True, Code.MERGE_ROUNDED_BY_CHANCE)


def _all_up(values: torch.Tensor, before: torch.Tensor) -> torch.Tensor:
    """Every value that moved or could have, one step further from zero."""
    return (values.view(torch.int16) + (values == before).to(torch.int16)).view(values.dtype)


def test_what_is_not_by_chance_is_refuted(pair: tuple[Path, Path], tmp_path: Path) -> None:
    """All on one side of the exact value, and only half of the change: both within a step of what is right."""
    merged(*pair, tmp_path / "ours")
    before = tensors(pair[0])
    name = "model.layers.0.mlp.up_proj.weight"
    edited(tmp_path / "ours", tmp_path / "up", lambda all_: all_ | {name: _all_up(all_[name], before[name])})
    assert proof(pair, tmp_path / "up").matches is False
    half = merge(MergeRequest(pair[0], (AdapterChoice(pair[1], 0.5),), tmp_path / "half", rounding=SEED_7))
    assert half.status is MergeStatus.MERGED
    assert proof(pair, tmp_path / "half").matches is False


def test_a_wrong_draw_is_not_published(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof of each tile draws by itself: a value that is only near is none of the seed's."""
    drawn = streaming.round_stochastically
    monkeypatch.setattr(
        streaming, "round_stochastically", lambda exact, dtype, drawing, begin: drawn(exact, dtype, drawing, begin + 16)
    )
    report = merge(MergeRequest(pair[0], (AdapterChoice(pair[1]),), tmp_path / "ours", rounding=SEED_7))
    assert report.status is MergeStatus.FAILED
    assert [one.code for one in report.findings if one.code is Code.VERIFICATION_FAILED]


def test_both_sides_of_a_tie_stay_alike(tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base", "bfloat16", tie_word_embeddings=True)
    adapter = make_adapter("llama", base, tmp_path / "adapter", target_modules=["embed_tokens", "q_proj"])
    report = merge(MergeRequest(base, (AdapterChoice(adapter),), tmp_path / "ours", rounding=SEED_7))
    assert report.status is MergeStatus.MERGED, [one for one in report.checks if one.status == "fail"]
    found = verify(VerifyRequest(base, (AdapterChoice(adapter),), tmp_path / "ours"))
    assert found.matches is True


@pytest.mark.parametrize("options", [{"use_dora": True}, {"modules_to_save": ["lm_head"]}])
def test_other_updates_are_proved_too(options: dict[str, Any], base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", "bfloat16")
    adapter = make_adapter("llama", base, tmp_path / "adapter", **options)
    merged(base, adapter, tmp_path / "ours")
    assert verify(VerifyRequest(base, (AdapterChoice(adapter),), tmp_path / "ours")).matches is True


def test_peft_s_engine_cannot(pair: tuple[Path, Path], tmp_path: Path) -> None:
    request = MergeRequest(pair[0], (AdapterChoice(pair[1]),), tmp_path / "o", engine=Engine.PEFT, rounding=SEED_7)
    report = merge(request)
    assert report.status is MergeStatus.REFUSED
    assert Code.ROUNDING_NEEDS_STREAMING in {one.code for one in report.findings}


def test_report_and_card_say_so(pair: tuple[Path, Path], tmp_path: Path) -> None:
    merged(*pair, tmp_path / "ours")
    stated = json.loads((tmp_path / "ours" / REPORT).read_text())
    assert stated["rounding"] == {"mode": "stochastic", "seed": 7}
    assert "| Rounding | stochastic, seed 7 |" in (tmp_path / "ours" / "README.md").read_text()
    merged(*pair, tmp_path / "plain", NEAREST)
    assert json.loads((tmp_path / "plain" / REPORT).read_text())["rounding"] == {"mode": "nearest", "seed": None}
    assert "Rounding" not in (tmp_path / "plain" / "README.md").read_text()


# Before the merge


def advised(base: Path, adapter: Path, **options: Any) -> PrecisionAdvice | None:
    return precision_advice(CheckRequest(base, (AdapterChoice(adapter),), **options))


@pytest.mark.parametrize("kind", ["llama", "gpt2", "mixtral"])
@pytest.mark.parametrize("factor", [1.0, 4e-3, 1e-3])
def test_the_sample_is_near_what_is_measured(kind: str, factor: float, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of(kind, "bfloat16")
    adapter = weak(kind, base, tmp_path / "adapter", factor)
    found = advised(base, adapter)
    effect = merged(base, adapter, tmp_path / "ours", NEAREST).effect
    assert found is not None
    assert effect is not None
    for name in ("written", "bfloat16", "float16", "float32"):
        assert getattr(found.kept, name) == pytest.approx(getattr(effect.kept, name), abs=0.05), name
    assert (found.precision, found.stochastic) == ("bfloat16", 1.0)


@pytest.mark.parametrize("precision", [Precision.FLOAT16, Precision.FLOAT32])
def test_it_goes_by_the_precision_that_is_asked_for(pair: tuple[Path, Path], precision: Precision) -> None:
    found = advised(*pair, precision=precision)
    assert found is not None
    assert found.precision == precision
    assert found.kept.written == getattr(found.kept, precision)


def test_copies_are_sampled_too(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", "bfloat16")
    adapter = make_adapter("llama", base, tmp_path / "adapter", modules_to_save=["lm_head"])
    found, effect = advised(base, adapter), merged(base, adapter, tmp_path / "ours", NEAREST).effect
    assert found is not None
    assert effect is not None
    assert found.kept.bfloat16 == pytest.approx(effect.kept.bfloat16, abs=0.05)


def test_it_says_nothing_of_what_it_cannot_know(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", "bfloat16")
    assert advised(base, make_adapter("llama", base, tmp_path / "dora", use_dora=True)) is None
    plain = make_adapter("llama", base, tmp_path / "plain")
    assert advised(base, plain, engine=Engine.PEFT) is None
    assert advised(base, tmp_path / "nowhere") is None


def test_time_is_bounded_and_something_is_said_all_the_same(pair: tuple[Path, Path]) -> None:
    asked = CheckRequest(pair[0], (AdapterChoice(pair[1]),))
    ready = prepare(asked)
    assert isinstance(ready, Ready)
    plan = plan_of(asked, ready)
    assert plan is not None
    found = sample_kept(plan, time.monotonic() - 1)
    assert found is not None
    assert (found.sampled, found.targeted) == (1, 14)


def test_no_word_of_torch(pair: tuple[Path, Path]) -> None:
    from fresh_python import run_python

    code = (
        "import sys\nfrom pathlib import Path\nfrom mergedesk.domain.requests import *\n"
        "from mergedesk.pipelines.check import precision_advice\n"
        f"request = CheckRequest(Path({str(pair[0])!r}), (AdapterChoice(Path({str(pair[1])!r})),))\n"
        "assert precision_advice(request) is not None\n"
        "print([name for name in ('torch', 'transformers', 'peft') if name in sys.modules])\n"
    )
    assert run_python(code).strip() == "[]"


def test_check_says_it(pair: tuple[Path, Path]) -> None:
    preflight = check_with_libraries(CheckRequest(pair[0], (AdapterChoice(pair[1]),)))
    assert preflight.advice is not None
    stated: Any = advice_json(preflight.advice)
    assert set(stated["kept"]) == {"written", "bfloat16", "float16", "float32", "stochastic"}
    assert stated["kept"]["written"] == stated["kept"]["bfloat16"] < 0.9 < stated["kept"]["float16"]


def test_the_sentence_names_the_chosen_one_first() -> None:
    found = PrecisionAdvice("bfloat16", KeptShare(0.41, 0.41, 0.99, 1.0), 1.0, 3, 3, 100)
    assert advice_text(found) == (
        "By a sample, bfloat16 keeps 41 % of this adapter; float16 99 %, float32 100 %, "
        "stochastic rounding to bfloat16 100 %."
    )
    assert found.loses
    assert not replace(found, draws=True).loses
    assert advice_text(replace(found, draws=True)).startswith(
        "By a sample, bfloat16 rounded stochastically keeps 100 %"
    )
    lost = PrecisionAdvice("", KeptShare(0.5, 0.41, None, 1.0), None, 3, 3, 100)
    assert (
        advice_text(lost)
        == "By a sample, the base's mixed precision keeps 50 % of this adapter; bfloat16 41 %, float32 100 %."
    )
    assert not advice_text(PrecisionAdvice("float16", KeptShare(None, 0.4, None, 1.0), None, 3, 3, 100))


@pytest.mark.parametrize(("name", "dtype"), [("BF16", torch.bfloat16), ("F16", torch.float16)])
def test_numpy_rounds_as_torch_does(name: str, dtype: torch.dtype) -> None:
    source = torch.Generator().manual_seed(1)
    values = torch.ldexp(torch.randn(100_000, generator=source), torch.randint(-30, 18, (100_000,), generator=source))
    values[:3] = torch.tensor([1 + 2.0**-8, 1 + 3 * 2.0**-8, 65519.0])  # ties, and the last that float16 holds
    expected = values.to(dtype).float().numpy()
    assert numpy.array_equal(rounded(values.numpy(), name), expected)
