# ruff: noqa: E501 (a table reads better with a case on a line)
"""Right and wrong merges, told apart with the right reason, by samples and in full."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import merges
import pytest
import torch
from method_cases import train
from several import merge_one_by_one_with_peft, merge_several_with_peft
from tiny_models import (
    DTYPES,
    MakeBase,
    load,
    make_adapter,
    make_base,
    merge_with_peft,
    peft_model,
    third_party_noise_off,
)

from mergedesk.domain.findings import Code
from mergedesk.domain.messages import finding_message
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, Combination, MergeRequest, Precision, VerifyRequest
from mergedesk.domain.verdict import Verdict, VerifyStatus
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.verify import verify
from mergedesk.verification.compare import tensor_comparison as compare


@dataclass(frozen=True)
class Made:
    """What a case works with: a base, one adapter or two, and where the merge goes."""

    kind: str
    dtype: str
    base: Path
    adapters: list[Path]
    out: Path

    @property
    def adapter(self) -> Path:
        return self.adapters[0]


@dataclass(frozen=True)
class Case:
    """``make`` fills ``out``; ``code`` is the verdict's reason."""

    name: str
    code: Code
    make: Callable[[Made], object]
    kind: str = "llama"
    dtypes: tuple[str, ...] = ("bfloat16",)
    adapters: tuple[Mapping[str, Any], ...] = ({},)
    weights: tuple[float, ...] = (1.0,)
    base: Mapping[str, Any] = field(default_factory=dict)


def peft(made: Made, dtype: str = "auto") -> object:
    return merge_with_peft(made.kind, made.base, made.adapter, made.out, dtype)


def peft_to(made: Made, dtype: str) -> object:
    """Merged at float32, then rounded."""
    with third_party_noise_off():
        model = peft_model(made.kind, made.base, made.adapter, "float32").merge_and_unload()
        model.to(DTYPES[dtype]).save_pretrained(made.out)
    return made.out


def desk(made: Made, precision: str = "auto", weights: tuple[float, ...] = (1.0, 1.0)) -> object:
    choices = tuple(AdapterChoice(*one) for one in zip(made.adapters, weights, strict=False))
    request = MergeRequest(made.base, choices, made.out, Precision(precision))
    report = merge(request, lambda _: None, CancelToken())
    assert report.status == "merged", report.findings
    return made.out


def sharded(made: Made) -> object:
    with third_party_noise_off():
        model = peft_model(made.kind, made.base, made.adapter, "auto").merge_and_unload()
        model.save_pretrained(made.out, max_shard_size="20KB")
    return made.out


def pickled(made: Made) -> object:
    peft(made)
    torch.save(merges.load_file(made.out / "model.safetensors"), made.out / "pytorch_model.bin")
    (made.out / "model.safetensors").unlink()
    return made.out


def edit(change: Callable[[merges.Tensors], Mapping[str, torch.Tensor]]) -> Callable[[Made], object]:
    """A right merge of PEFT, changed."""

    def make(made: Made) -> object:
        right = merge_with_peft(made.kind, made.base, made.adapter, made.out.with_name("right"))
        return merges.edited(right, made.out, change)

    return make


def scaled(made: Made, **fields: Any) -> object:
    adapter = merges.with_config(made.adapter, made.out.with_name("other"), **fields)
    return merge_with_peft(made.kind, made.base, adapter, made.out)


def only(keep: Callable[[str], bool]) -> Callable[[Made], object]:
    def make(made: Made) -> object:
        right = merge_with_peft(made.kind, made.base, made.adapter, made.out.with_name("right"))
        return merges.mixed(made.kind, made.base, right, made.out, keep)

    return make


def head_in_place(made: Made) -> object:
    return peft(made)


def without_magnitude(made: Made) -> object:
    other = merges.with_config(made.adapter, made.out.with_name("other"), use_dora=False)
    file = other / "adapter_model.safetensors"
    kept = {name: one for name, one in merges.load_file(file).items() if "magnitude" not in name}
    merges.save_file(kept, file, {"format": "pt"})
    return merge_with_peft(made.kind, made.base, other, made.out)


def another_adapter(made: Made, **options: Any) -> object:
    other = make_adapter(made.kind, made.base, made.out.with_name("other"), seed=77, **options)
    return merge_with_peft(made.kind, made.base, other, made.out)


def besides(made: Made) -> object:
    """Another adapter merged into the merge of this one."""
    first = merge_with_peft(made.kind, made.base, made.adapter, made.out.with_name("first"))
    other = make_adapter(made.kind, made.base, made.out.with_name("other"), seed=77)
    return merge_with_peft(made.kind, Path(str(first)), other, made.out)


def another_base(made: Made) -> object:
    other = make_base(made.kind, made.out.with_name("other"), made.dtype, seed=5)
    return merge_with_peft(made.kind, other, made.adapter, made.out)


def resized(made: Made) -> object:
    with third_party_noise_off():
        model = peft_model(made.kind, made.base, made.adapter, "auto").merge_and_unload()
        model.resize_token_embeddings(pad_to_multiple_of=64, mean_resizing=False)
        model.save_pretrained(made.out)
    return made.out


def adapter_only(made: Made) -> object:
    with third_party_noise_off():
        model = peft_model(made.kind, made.base, made.adapter)
        model.merge_and_unload()
        model.create_or_update_model_card = lambda _: None
        model.save_pretrained(made.out)
    return made.out


def state_of_unmerged(made: Made) -> object:
    shutil.copytree(made.base, made.out)
    state = peft_model(made.kind, made.base, made.adapter, "auto").state_dict()
    merges.save_file({name: one.clone() for name, one in state.items()}, made.out / "model.safetensors")
    return made.out


def untrue_tie(made: Made) -> object:
    """What modules_to_save of a tied head leaves where the config goes on to say that it is tied."""
    right = merge_with_peft(made.kind, made.base, made.adapter, made.out.with_name("right"))
    head = torch.randn(131, 48).to(DTYPES[made.dtype])
    return merges.edited(right, made.out, lambda all_: {**all_, "lm_head.weight": head})


def one_by_one(made: Made, weights: tuple[float, float] = (1.0, 1.0)) -> object:
    listed = list(zip(made.adapters, weights, strict=True))
    return merge_one_by_one_with_peft(made.kind, made.base, listed, made.out, made.dtype)


def combined(made: Made) -> object:
    listed = [(one, 1.0) for one in made.adapters]
    return merge_several_with_peft(made.kind, made.base, listed, Combination(), made.out)


def add(name: str, value: float) -> Callable[[merges.Tensors], merges.Tensors]:
    return lambda all_: {key: one + value if name in key else one for key, one in all_.items()}


def one_value_off(tensors: merges.Tensors) -> merges.Tensors:
    """In the first rows, which samples hold."""
    tensors["model.layers.0.self_attn.q_proj.weight"][1, 2] += 0.05
    return tensors


def one_value_off_safe(made: Made) -> object:
    right = merges.safely(made.kind, made.base, made.adapter, made.out.with_name("right"))
    return merges.edited(right, made.out, one_value_off)


ALL = ("float32", "bfloat16", "float16")
TWO: tuple[Mapping[str, Any], ...] = ({}, {"target_modules": ["q_proj", "v_proj"]})
EMBEDDINGS = {"target_modules": ["embed_tokens", "q_proj"]}
P, TWICE, BITS, TURN = (
    Code.MERGE_PROVED,
    Code.MERGE_ROUNDED_TWICE,
    Code.MERGE_IN_SIXTEEN_BIT,
    Code.MERGE_ROUNDED_IN_TURN,
)
EXPERTS = {"target_modules": ["q_proj"], "target_parameters": ["experts.gate_up_proj", "experts.down_proj"]}
COPY = {"target_modules": ["q_proj"], "modules_to_save": ["lm_head"]}

RIGHT = [
    Case("peft", P, peft, dtypes=ALL),
    Case("peft safe", TWICE, lambda m: merges.safely(m.kind, m.base, m.adapter, m.out), dtypes=ALL[1:]),
    Case("peft safe float32", P, lambda m: merges.safely(m.kind, m.base, m.adapter, m.out), dtypes=ALL[:1]),
    Case("mergedesk", P, desk, dtypes=ALL),
    Case("mergedesk to float32", P, lambda m: desk(m, "float32")),
    Case("mergedesk to bfloat16", P, lambda m: desk(m, "bfloat16"), dtypes=("float32",)),
    Case("peft at bfloat16", P, lambda m: peft(m, "bfloat16"), dtypes=("float32",)),
    Case("peft at float32", P, lambda m: peft(m, "float32")),
    Case("rounded after", P, lambda m: peft_to(m, "float16")),
    Case("16-bit", BITS, lambda m: merges.in_sixteen_bits(m.kind, m.base, m.adapter, m.out, m.dtype), dtypes=ALL[1:2]),
    Case("sharded", P, sharded),
    Case("pickled", P, pickled),
    Case("wrapped", P, edit(lambda all_: {f"base_model.model.{name}": one for name, one in all_.items()})),
    Case("gpt2", P, peft, "gpt2", ALL),
    Case("gpt2 short names", P, edit(lambda a: {n.removeprefix("transformer."): t for n, t in a.items()}), "gpt2"),
    Case("mixtral", P, peft, "mixtral", ALL),
    Case("mixtral experts", P, peft, "mixtral", ALL[:1], (EXPERTS,)),
    Case("dora", P, peft, dtypes=ALL, adapters=({"use_dora": True},)),
    Case("dora gpt2", P, peft, "gpt2", ALL[:1], ({"use_dora": True},)),
    Case("rslora", P, peft, adapters=({"use_rslora": True, "rank_pattern": {"q_proj": 8}},)),
    Case("embeddings", P, peft, adapters=(EMBEDDINGS,), dtypes=ALL[:2]),
    Case("copies", P, peft, adapters=(COPY,), dtypes=ALL),
    Case("tied, linear only", P, peft, "qwen2"),
    Case("tied head by peft", Code.MERGE_CHANGED_BOTH_TIED, peft, "qwen2", ALL, ({"target_modules": ["q_proj", "lm_head"]},)),
    Case("tied embeddings by peft", Code.MERGE_CHANGED_BOTH_TIED, peft, "qwen2", ALL[:2], (EMBEDDINGS,)),
    Case("tied head by mergedesk", P, desk, "qwen2", adapters=({"target_modules": ["q_proj", "lm_head"]},)),
    Case("tied copies by mergedesk", P, desk, "qwen2", ALL[:2], (COPY,)),
    Case("tied copies by peft", P, peft, "qwen2", ALL[:2], (COPY,)),
    Case("trained tokens", P, peft, adapters=({"trainable_token_indices": [3, 7]},)),
    Case("biases", P, peft, "gpt2", ALL[:2], ({"lora_bias": True},)),
    Case("bert", P, peft, "bert"),
    Case("t5", P, peft, "t5", ALL[:1]),
    Case("two by mergedesk", P, lambda m: desk(m, weights=(0.5, -1.0)), adapters=TWO, weights=(0.5, -1.0)),
    Case("two one by one", TURN, one_by_one, adapters=TWO),
    Case("two one by one float32", P, one_by_one, adapters=TWO, dtypes=("float32",)),
    Case("two combined", P, combined, adapters=TWO, dtypes=("float32",)),
]  # fmt: skip
WRONG = [
    Case("base", Code.MERGE_IS_THE_BASE, lambda m: shutil.copytree(m.base, m.out), dtypes=ALL),
    Case("base at bfloat16", Code.MERGE_IS_THE_BASE,
         lambda m: load(m.kind, m.base, "bfloat16").save_pretrained(m.out), dtypes=ALL[:1]),
    Case("base of experts", Code.MERGE_IS_THE_BASE, lambda m: shutil.copytree(m.base, m.out), "mixtral"),
    Case("half the modules", Code.MERGE_PARTIAL, only(lambda name: "layers.1" in name), dtypes=ALL),
    Case("half the experts", Code.MERGE_PARTIAL, only(lambda n: "experts.1" not in n), "mixtral", ALL[:1], (EXPERTS,)),
    Case("twice", Code.MERGE_APPLIED_TWICE, lambda m: merges.merged_twice(m.kind, m.base, m.adapter, m.out), dtypes=ALL),
    Case("twice gpt2", Code.MERGE_APPLIED_TWICE, lambda m: merges.merged_twice(m.kind, m.base, m.adapter, m.out), "gpt2"),
    Case("half", Code.MERGE_SCALED, lambda m: scaled(m, lora_alpha=3), dtypes=ALL),
    Case("negative", Code.MERGE_SCALED, lambda m: scaled(m, lora_alpha=-6)),
    Case("rslora ignored", Code.MERGE_SCALED, lambda m: scaled(m, use_rslora=False), adapters=({"use_rslora": True, "r": 9},)),
    Case("pattern ignored", Code.MERGE_SCALED_UNEVENLY, lambda m: scaled(m, alpha_pattern={}),
         adapters=({"alpha_pattern": {"q_proj": 30}},)),
    Case("nf4 base", Code.MERGE_ONTO_QUANTIZED, lambda m: merges.onto(m.kind, m.base, m.adapter, m.out, merges.nf4), dtypes=ALL),
    Case("int8 base", Code.MERGE_ONTO_QUANTIZED, lambda m: merges.onto(m.kind, m.base, m.adapter, m.out, merges.int8), dtypes=ALL[1:]),
    Case("quantised again", Code.MERGE_QUANTIZED_AGAIN,
         lambda m: merges.each_linear(merge_with_peft(m.kind, m.base, m.adapter, m.out.with_name("right")), m.out, merges.nf4)),
    Case("resized", Code.MERGE_RESIZED, resized),
    Case("untrue tie", Code.MERGE_TIED_BUT_DIFFERENT, untrue_tie, "qwen2"),
    Case("adapter only", Code.MERGE_IS_ADAPTER_ONLY, adapter_only),
    Case("unmerged state", Code.MERGE_KEEPS_ADAPTER_TENSORS, state_of_unmerged),
    Case("copies dropped", Code.MERGE_DROPPED_COPIES, only(lambda name: "lm_head" not in name), adapters=(COPY,), dtypes=ALL),
    Case("copies differ", Code.MERGE_COPIES_DIFFER, edit(add("lm_head", 0.5)), adapters=(COPY,)),
    Case("magnitude dropped", Code.MERGE_DROPPED_MAGNITUDE, without_magnitude, dtypes=ALL, adapters=({"use_dora": True},)),
    Case("one of two", Code.MERGE_LACKS_ADAPTER, peft, adapters=TWO, weights=(1.0, 1.0), dtypes=ALL),
    Case("the other of two", Code.MERGE_LACKS_ADAPTER, peft, adapters=(TWO[1], TWO[0])),
    Case("strengths ignored", Code.MERGE_IGNORES_WEIGHTS, one_by_one, adapters=TWO, weights=(0.5, 0.7), dtypes=ALL[:1]),
    Case("strength ignored", Code.MERGE_IGNORES_WEIGHTS, peft, weights=(0.5,), dtypes=ALL),
    Case("one twice", Code.MERGE_APPLIED_TWICE, lambda m: one_by_one(m, (2.0, 1.0)), adapters=TWO),
    Case("another adapter", Code.MERGE_OF_ANOTHER_ADAPTER, another_adapter, dtypes=ALL),
    Case("another adapter on more modules", Code.MERGE_OF_ANOTHER_ADAPTER, another_adapter, adapters=({"target_modules": ["q_proj"]},), dtypes=ALL),
    Case("another adapter on fewer modules", Code.MERGE_OF_ANOTHER_ADAPTER,
         lambda m: another_adapter(m, target_modules=["q_proj"]), dtypes=ALL),
    Case("another adapter besides", Code.MERGE_OF_MORE_ADAPTERS, besides, dtypes=ALL),
    Case("an adapter on other modules besides", Code.MERGE_OF_MORE_ADAPTERS, besides, adapters=({"target_modules": ["q_proj"]},)),
    Case("another base", Code.MERGE_INTO_ANOTHER_BASE, another_base, dtypes=ALL),
    Case("not finite", Code.MERGE_NOT_FINITE, edit(add("layers.0.mlp.up_proj", float("nan")))),
    Case("a tensor missing", Code.MERGE_LACKS_TENSORS, edit(lambda a: {n: t for n, t in a.items() if "layers.1.mlp.up" not in n})),
    Case("a tensor more", Code.MERGE_HAS_MORE_TENSORS, edit(lambda a: {**a, "model.extra.weight": torch.ones(3)})),
    Case("norms changed", Code.MERGE_CHANGED_OTHERS, edit(add("model.norm", 0.1))),
    Case("embeddings left out", Code.MERGE_PARTIAL, only(lambda name: "embed" not in name), adapters=(EMBEDDINGS,)),
    Case("head left out of a tie", Code.MERGE_PARTIAL, only(lambda name: "embed" not in name), "qwen2", adapters=({"target_modules": ["q_proj", "lm_head"]},)),
    Case("one value", Code.MERGE_VALUES_DIFFER, edit(one_value_off), dtypes=ALL),
    Case("one value after safe merge", Code.MERGE_VALUES_DIFFER, one_value_off_safe),
    Case("noise", Code.MERGE_UNEXPLAINED, edit(lambda a: {n: t + 0.02 * torch.randn_like(t) if "q_proj" in n else t for n, t in a.items()})),
]  # fmt: skip


def each(cases: list[Case]) -> Any:
    runs = [pytest.param(case, dtype, id=f"{case.name} {dtype}") for case in cases for dtype in case.dtypes]
    return pytest.mark.parametrize(("case", "dtype"), runs)


@pytest.fixture
def prepare(base_of: MakeBase, tmp_path: Path) -> Callable[[Case, str], Made]:
    def make(case: Case, dtype: str) -> Made:
        base = base_of(case.kind, dtype, **case.base)
        adapters = [
            make_adapter(case.kind, base, tmp_path / f"adapter-{number}", seed=number + 1, **options)
            for number, options in enumerate(case.adapters)
        ]
        return Made(case.kind, dtype, base, adapters, tmp_path / "merged")

    return make


def proved(made: Made, weights: tuple[float, ...], quick: bool) -> Verdict:
    full = [*weights, *[1.0] * (len(made.adapters) - len(weights))]
    choices = tuple(AdapterChoice(*one) for one in zip(made.adapters, full, strict=True))
    request = VerifyRequest(made.base, choices, made.out, quick)
    return verify(request, lambda _: None, CancelToken())


def told(verdict: Verdict) -> object:
    """The reason, or why there is none; with its numbers, for whoever reads a failing test."""
    assert verdict.status is VerifyStatus.PROVED, [finding_message(one) for one in verdict.findings]
    assert verdict.reason is not None
    return verdict.reason.code, finding_message(verdict.reason)


@pytest.mark.slow
@each(RIGHT)
def test_right_merge(
    case: Case, dtype: str, prepare: Callable[[Case, str], Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = prepare(case, dtype)
    case.make(made)
    monkeypatch.setattr(compare, "_SAMPLED_ELEMENTS", 512)  # so that tiny tensors are sampled too
    for quick in (True, False):
        verdict = proved(made, case.weights, quick)
        assert verdict.matches, told(verdict)
        assert verdict.reason is not None
        assert verdict.reason.code is case.code, told(verdict)


@pytest.mark.slow
@each(WRONG)
def test_wrong_merge(
    case: Case, dtype: str, prepare: Callable[[Case, str], Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = prepare(case, dtype)
    case.make(made)
    monkeypatch.setattr(compare, "_SAMPLED_ELEMENTS", 512)  # so that tiny tensors are sampled too
    for quick in (True, False):
        verdict = proved(made, case.weights, quick)
        assert verdict.reason is not None, told(verdict)
        assert verdict.reason.code is case.code, told(verdict)
        assert verdict.matches is False


FAINT = [
    ("right", lambda m: peft(m), None),
    ("mergedesk", lambda m: desk(m), None),
    ("safe", lambda m: merges.safely(m.kind, m.base, m.adapter, m.out), None),
    ("base", lambda m: shutil.copytree(m.base, m.out), Code.MERGE_IS_THE_BASE),
    ("twice", lambda m: scaled(m, lora_alpha=12), Code.MERGE_APPLIED_TWICE),
    ("half", lambda m: scaled(m, lora_alpha=3), Code.MERGE_SCALED),
    ("negative", lambda m: scaled(m, lora_alpha=-6), Code.MERGE_SCALED),
    ("partial", only(lambda name: "layers.1" in name), Code.MERGE_PARTIAL),
]


@pytest.mark.slow
@pytest.mark.parametrize("faintness", [0.02, 0.003])
@pytest.mark.parametrize(("make", "code"), [case[1:] for case in FAINT], ids=[case[0] for case in FAINT])
def test_changes_of_about_a_step(
    make: Callable[[Made], object], code: Code | None, faintness: float, base_of: MakeBase, tmp_path: Path
) -> None:
    """An adapter that changes weights by less than bfloat16 shows in most places."""
    base = base_of("llama", "bfloat16")
    made = Made(
        "llama", "bfloat16", base, [merges.weak("llama", base, tmp_path / "adapter", faintness)], tmp_path / "m"
    )
    make(made)
    verdict = proved(made, (1.0,), quick=False)
    assert verdict.matches is (code is None), told(verdict)
    assert verdict.reason is not None
    assert code in (None, verdict.reason.code), told(verdict)


def test_delta_that_the_precision_cannot_show(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", "bfloat16")
    made = Made("llama", "bfloat16", base, [merges.weak("llama", base, tmp_path / "adapter", 1e-9)], tmp_path / "m")
    peft(made)
    verdict = proved(made, (1.0,), quick=False)
    assert verdict.reason is not None
    assert (verdict.matches, verdict.reason.code) == (True, Code.MERGE_TOO_SMALL_TO_SHOW), told(verdict)
    assert {one.lost_share for one in verdict.modules} == {1.0}


METHODS = ["IA3", "LOHA", "LOKR", "MISS", "OFT", "BOFT", "HRA", "VERA"]


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_other_methods(method: str, dtype: str, base_of: MakeBase, tmp_path: Path) -> None:
    """By formula where there is one, through PEFT's own code where not."""
    base = base_of("llama", dtype)
    adapter = train(method, "llama", base, tmp_path / "adapter")
    made = Made("llama", dtype, base, [adapter], tmp_path / "merged")
    peft(made)
    for quick in (True, False):
        verdict = proved(made, (1.0,), quick)
        assert verdict.matches, told(verdict)
    shutil.rmtree(made.out)
    shutil.copytree(base, made.out)
    verdict = proved(made, (1.0,), quick=True)
    assert verdict.reason is not None
    assert verdict.reason.code is Code.MERGE_IS_THE_BASE, told(verdict)
