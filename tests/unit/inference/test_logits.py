"""Outputs compared: a right merge differs from the unmerged model by rounding, a wrong one by more."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from peft import PeftModel
from several import COMBINED, combined_model
from tiny_models import make_adapter, make_base, third_party_noise_off
from tokenizers_made import add_tokenizer
from torch.nn.functional import kl_div, log_softmax
from transformers import AutoModelForCausalLM, AutoTokenizer
from trial_cases import ignore, merge, request

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import Code
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.domain.requests import AdapterChoice, Combination, CombinationMethod, Precision
from mergedesk.inference.logits_comparison import Gap, LogitsComparison, Measure, comparison_json, judge
from mergedesk.inference.prompts import BUILT_IN
from mergedesk.inference.rounding_probe import perturb_weights
from mergedesk.inference.trial import AnswerKind, Side, TrialRequest
from mergedesk.pipelines.trial import compare_logits, measure_speed


@pytest.fixture(scope="module", params=["float32", "bfloat16", "float16"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base in this precision, an adapter, and merges: right, at half strength, and none at all."""
    home = tmp_path_factory.mktemp("logits")
    base = add_tokenizer(make_base("llama", home / "base", request.param, max_position_embeddings=256))
    make_adapter("llama", base, home / "adapter")
    make_adapter("llama", base, home / "second", seed=5, r=2)
    merge(home, "merged", ("adapter", 1.0))
    merge(home, "half", ("adapter", 0.5))
    merge(home, "two", ("adapter", 0.7), ("second", -0.4))
    return home


def compared(asked: TrialRequest) -> LogitsComparison:
    made = compare_logits(asked, ["one more"], ignore, CancelToken())
    assert made.findings == ()
    return made


def reason(made: LogitsComparison) -> Code:
    assert made.reason is not None
    return made.reason.code


@pytest.mark.slow
def test_right_merges_differ_by_rounding_only(home: Path) -> None:
    for precision in (Precision.AUTO, Precision.FLOAT32):
        made = compared(request(home, precision=precision))
        assert reason(made) is Code.LOGITS_WITHIN_ROUNDING, made
        assert made.prompts == len(BUILT_IN) + 1
        assert [(gap.one, gap.other) for gap in made.gaps] == [
            (Side.MERGED, Side.UNMERGED), (Side.MERGED, Side.BASE), (Side.UNMERGED, Side.BASE),
        ]  # fmt: skip


@pytest.mark.slow
def test_half_the_strength_is_a_real_difference(home: Path) -> None:
    assert reason(compared(request(home, merged=home / "half"))) is Code.LOGITS_DIFFER


@pytest.mark.slow
def test_the_base_saved_as_merged_is_found_out(home: Path) -> None:
    assert reason(compared(request(home, merged=home / "base"))) is Code.LOGITS_MERGED_IS_BASE


@pytest.mark.slow
def test_two_adapters_at_their_strengths(home: Path) -> None:
    two = (AdapterChoice(home / "adapter", 0.7), AdapterChoice(home / "second", -0.4))
    assert reason(compared(request(home, adapters=two, merged=home / "two"))) is Code.LOGITS_WITHIN_ROUNDING
    wrong = (AdapterChoice(home / "adapter", 0.7), AdapterChoice(home / "second", 0.4))
    assert reason(compared(request(home, adapters=wrong, merged=home / "two"))) is Code.LOGITS_DIFFER


@pytest.mark.slow
@pytest.mark.parametrize("home", ["float32"], indirect=True)
def test_the_numbers_are_those_of_torch(home: Path) -> None:
    """Against a plain script, with torch's own divergence."""
    made = compared(request(home, merged=home / "half"))
    gap = made.gap(Side.MERGED, Side.UNMERGED)
    assert gap is not None
    tokenizer = AutoTokenizer.from_pretrained(home / "base")
    with third_party_noise_off(), torch.no_grad():
        merged = AutoModelForCausalLM.from_pretrained(home / "half").eval()
        plain = AutoModelForCausalLM.from_pretrained(home / "base")
        unmerged = PeftModel.from_pretrained(plain, home / "adapter").eval()
        pairs = []
        for text in [*(prompt + reply for prompt, reply in BUILT_IN), "one more"]:
            ids = tokenizer(text, return_tensors="pt")["input_ids"]
            pairs.append((merged(input_ids=ids).logits[0].double(), unmerged(input_ids=ids).logits[0].double()))
    p, q = (torch.cat([pair[side] for pair in pairs]) for side in (0, 1))
    each = kl_div(log_softmax(p, 1), log_softmax(q, 1), log_target=True, reduction="none").sum(1)
    assert gap.places == len(p)
    assert gap.mean == pytest.approx(float(each.mean()), rel=1e-4)
    assert gap.worst == pytest.approx(float(each.max()), rel=1e-4)
    assert gap.largest == pytest.approx(float((p - q).abs().max()), rel=1e-4)
    assert gap.agreement == pytest.approx(float((p.argmax(1) == q.argmax(1)).double().mean()))


@pytest.mark.slow
@pytest.mark.parametrize("home", ["float32"], indirect=True)
def test_other_combinations_are_pefts(home: Path) -> None:
    how = Combination(CombinationMethod.TIES, density=0.6)
    two = (AdapterChoice(home / "adapter", 0.7), AdapterChoice(home / "second", 0.4))
    make_adapter("llama", home / "base", home / "third", seed=7)
    two = (two[0], AdapterChoice(home / "third", 0.4))
    with third_party_noise_off():
        model = combined_model("llama", home / "base", [(one.folder, one.weight) for one in two], how)
        model.merge_and_unload(adapter_names=[COMBINED]).save_pretrained(home / "ties")  # type: ignore[operator]
    add_tokenizer(home / "ties")
    asked = request(home, adapters=two, merged=home / "ties", combination=how)
    assert reason(compared(asked)) is Code.LOGITS_WITHIN_ROUNDING


@pytest.mark.slow
@pytest.mark.parametrize("home", ["bfloat16"], indirect=True)
def test_a_merge_in_another_precision_is_no_difference(home: Path, tmp_path: Path) -> None:
    with third_party_noise_off():
        plain = AutoModelForCausalLM.from_pretrained(home / "base", dtype=torch.float16)
        PeftModel.from_pretrained(plain, home / "adapter").merge_and_unload().save_pretrained(tmp_path)  # type: ignore[operator]
    assert reason(compared(request(home, merged=tmp_path))) is Code.LOGITS_WITHIN_ROUNDING


@pytest.mark.parametrize("home", ["float32"], indirect=True)
def test_cancel(home: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        compare_logits(request(home), [], ignore, cancel)


def gap(one: Side, other: Side, mean: float) -> Gap:
    return Gap(one, other, Measure.KL, 10, 1.0, mean, mean, 1.0)


@pytest.mark.parametrize(
    ("apart", "from_base", "effect", "rounding", "code"),
    [
        (1.0, 5.0, 5.0, 1.0, Code.LOGITS_WITHIN_ROUNDING),
        (4.1, 50.0, 50.0, 1.0, Code.LOGITS_DIFFER),
        (50.0, 0.0, 50.0, 1.0, Code.LOGITS_MERGED_IS_BASE),
        (1.0, 1.0, 1.0, 1.0, Code.LOGITS_ADAPTER_SILENT),
        (9.0, 9.0, 1.0, 1.0, Code.LOGITS_DIFFER),
        (1.0, 5.0, 5.0, None, Code.LOGITS_UNJUDGED),
    ],
)
def test_judgement(apart: float, from_base: float, effect: float, rounding: float | None, code: Code) -> None:
    gaps = [
        gap(Side.MERGED, Side.UNMERGED, apart),
        gap(Side.MERGED, Side.BASE, from_base),
        gap(Side.UNMERGED, Side.BASE, effect),
    ]
    gauge = None if rounding is None else gap(Side.MERGED, Side.MERGED, rounding)
    made = judge(gaps, gauge)
    assert made is not None
    assert made.code is code
    assert judge(gaps[1:], gauge) is None
    shown = comparison_json(LogitsComparison(AnswerKind.TEXT, tuple(gaps), gauge, made))
    assert len(shown["gaps"]) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("home", ["float32"], indirect=True)
def test_speed_of_both(home: Path) -> None:
    made = measure_speed(request(home), ignore, CancelToken(), rounds=2, tokens=6)
    assert made.findings == ()
    assert made.unmerged is not None
    assert made.merged is not None
    assert made.unmerged.tokens == made.merged.tokens == 6
    assert made.unmerged.tokens_per_second > 0
    assert made.ratio == pytest.approx(made.merged.tokens_per_second / made.unmerged.tokens_per_second)


@pytest.mark.parametrize("home", ["bfloat16"], indirect=True)
def test_scattered_weights_are_neighbours_in_the_stored_precision(home: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(home / "merged", dtype=torch.float32)
    before = {name: parameter.clone() for name, parameter in model.named_parameters()}
    perturb_weights(model, read_checkpoint(home / "merged"))
    for name, parameter in model.named_parameters():
        moved = parameter != before[name]
        if parameter.dim() < 2 or "embed_tokens" in name:
            assert not moved.any()
            continue
        assert int(moved.sum()) == -(-parameter.numel() // 12)
        assert torch.equal(parameter.bfloat16().float(), parameter)
        assert ((parameter - before[name]).abs() <= before[name].abs() * 2**-7)[moved].all()
