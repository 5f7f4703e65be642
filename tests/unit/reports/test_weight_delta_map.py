"""Tensors' names laid out as layers × kinds of modules, and the sections of reports that show them."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tiny_models import KINDS, make_base

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.verdict import ModuleVerdict, Verdict, VerifyStatus, effect_of
from mergedesk.domain.weight_delta import KeptShare, ModuleDelta, WeightDelta, effect_json
from mergedesk.reports.document import report_document
from mergedesk.reports.document_parts import html_page, markdown
from mergedesk.reports.heat_map_svg import RAMP, heat_map
from mergedesk.reports.weight_delta_map import (
    Group,
    Quantity,
    by_group,
    effect_map,
    expert_map,
    known_quantities,
    layers_with_experts,
    place_of,
    value_of,
)


def one(name: str, delta: float = 1.0, kept: float | None = 1.0) -> ModuleDelta:
    return ModuleDelta(name, 10.0, delta, 0.1, KeptShare(kept, kept, kept, kept))


def effect(*names: str) -> WeightDelta:
    return WeightDelta(tuple(one(name, 1 + number) for number, name in enumerate(names)), "bfloat16")


def llama(layers: int = 3) -> WeightDelta:
    kinds = ("mlp.down_proj", "mlp.gate_proj", "self_attn.k_proj", "self_attn.q_proj")
    return effect(
        *(f"model.layers.{layer}.{kind}.weight" for layer in range(layers) for kind in kinds), "lm_head.weight"
    )


@pytest.mark.parametrize(
    ("name", "stack", "layer", "path", "expert"),
    [
        ("model.layers.12.self_attn.v_proj.weight", "model.layers", 12, "self_attn.v_proj", None),
        ("transformer.h.0.attn.c_attn.weight", "transformer.h", 0, "attn.c_attn", None),
        ("encoder.block.3.layer.1.DenseReluDense.wi.weight", "encoder.block", 3, "layer.1.DenseReluDense.wi", None),
        ("bert.encoder.layer.4.output.dense.bias", "bert.encoder.layer", 4, "output.dense", None),
        ("model.layers.7.block_sparse_moe.experts.5.w1.weight", "model.layers", 7, "block_sparse_moe.experts.w1", 5),
        ("model.layers.7.mlp.experts.gate_up_proj", "model.layers", 7, "mlp.experts.gate_up_proj", None),
        ("lm_head.weight", "", None, "lm_head", None),
        ("weight", "", None, "weight", None),
    ],
)
def test_places(name: str, stack: str, layer: int | None, path: str, expert: int | None) -> None:
    place = place_of(name)
    assert (place.stack, place.layer, ".".join(place.path), place.expert) == (stack, layer, path, expert)
    assert place.bias is name.endswith("bias")


def test_llama_in_the_order_of_the_model() -> None:
    found = effect_map(llama())
    assert [kind.label for kind in found.kinds] == ["q_proj", "k_proj", "gate_proj", "down_proj"]
    assert [kind.group for kind in found.kinds] == [Group.ATTENTION] * 2 + [Group.MLP] * 2
    assert found.columns == (0, 1, 2)
    assert [module.name for module in found.apart] == ["lm_head.weight"]
    assert {place: [module.name for module in cell] for place, cell in found.cells.items()}[1, 2] == [
        "model.layers.2.self_attn.k_proj.weight"
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_tensor_of_every_family_has_its_own_cell(kind: str, tmp_path: Path) -> None:
    names = list(read_checkpoint(make_base(kind, tmp_path / "base")).tensors)
    found = effect_map(effect(*names))
    shown = [module.name for cell in found.cells.values() for module in cell]
    assert sorted(shown + [module.name for module in found.apart]) == sorted(names)
    assert found.columns == (0, 1)
    assert len({row.label for row in found.kinds}) == len(found.kinds)
    assert all(len(cell) == 1 or "expert" in cell[0].name for cell in found.cells.values())
    groups = {row.group for row in found.kinds}
    assert {Group.ATTENTION, Group.MLP} <= groups


def test_names_that_are_short_only_where_they_are_clear() -> None:
    gpt2 = effect_map(effect(*(f"transformer.h.{n}.{m}.c_proj.weight" for n in range(2) for m in ("attn", "mlp"))))
    assert [kind.label for kind in gpt2.kinds] == ["attn.c_proj", "mlp.c_proj"]
    t5 = effect_map(
        effect("decoder.block.0.layer.0.SelfAttention.q.weight", "encoder.block.0.layer.0.SelfAttention.q.weight")
    )
    assert [kind.label for kind in t5.kinds] == ["encoder · q", "decoder · q"]
    biases = effect_map(effect("h.0.attn.q.weight", "h.0.attn.q.bias"))
    assert [kind.label for kind in biases.kinds] == ["q", "q bias"]


def test_a_head_of_several_modules_is_no_stack_of_layers() -> None:
    found = effect_map(effect("model.layers.0.a.weight", "model.layers.1.a.weight", "score.2.weight"))
    assert found.columns == (0, 1)
    assert [module.name for module in found.apart] == ["score.2.weight"]


def test_experts_share_a_cell_and_have_a_map_of_their_own() -> None:
    names = [f"model.layers.{n}.mlp.experts.{e}.w{k}.weight" for n in range(2) for e in range(4) for k in (1, 2)]
    found = effect(*names, "model.layers.1.self_attn.q_proj.weight")
    assert {len(cell) for cell in effect_map(found).cells.values()} == {4, 1}
    assert layers_with_experts(found) == (0, 1)
    experts = expert_map(found, 1)
    assert experts.columns == (0, 1, 2, 3)
    assert [kind.label for kind in experts.kinds] == ["w1", "w2"]
    assert experts.cells[0, 2][0].name == "model.layers.1.mlp.experts.2.w1.weight"


def test_several_tensors_as_one() -> None:
    modules = (ModuleDelta("a", 3.0, 0.3, 0.1, KeptShare(0.5)), ModuleDelta("b", 4.0, 0.4, 0.2, KeptShare(1.0)))
    assert value_of(modules, Quantity.RELATIVE) == pytest.approx(0.1)
    assert value_of(modules, Quantity.LARGEST) == 0.2
    assert value_of(modules, Quantity.ROUNDED_AWAY) == pytest.approx(1 - (0.5 * 0.09 + 0.16) / 0.25)
    assert value_of(modules, Quantity.UNMOVED) is None
    assert value_of((ModuleDelta("a", 0.0, 0.0),), Quantity.RELATIVE) is None
    assert known_quantities(WeightDelta(modules)) == (Quantity.RELATIVE, Quantity.LARGEST, Quantity.ROUNDED_AWAY)


def test_attention_against_mlp() -> None:
    found = WeightDelta(
        (one("layers.0.self_attn.q.weight", 0.4), one("layers.0.mlp.up.weight", 0.2), one("lm_head.weight", 9.0))
    )
    assert by_group(found) == pytest.approx({Group.ATTENTION: 0.04, Group.MLP: 0.02})


def svg(found: WeightDelta, quantity: Quantity = Quantity.RELATIVE) -> ElementTree.Element:
    return ElementTree.fromstring(heat_map(effect_map(found), quantity))


@pytest.mark.parametrize("quantity", [Quantity.RELATIVE, Quantity.LARGEST, Quantity.ROUNDED_AWAY])
def test_the_picture_says_what_it_shows(quantity: Quantity) -> None:
    picture = svg(llama(), quantity)
    assert picture.get("role") == "img"
    labels = {picture.find(tag).get("id") for tag in ("title", "desc")}  # type: ignore[union-attr]
    assert set(str(picture.get("aria-labelledby")).split()) == labels
    cells = [rect for rect in picture.iter("rect") if rect.find("title") is not None]
    assert len(cells) == 12
    texts = [text.text or "" for text in picture.iter("text")]
    assert {"q_proj", "k_proj", "gate_proj", "down_proj", "0", "1", "2", "layer"} <= set(texts)
    assert "prefers-color-scheme: dark" in (picture.find("style").text or "")  # type: ignore[union-attr]


def test_colours_and_legend_follow_the_values() -> None:
    found = WeightDelta(tuple(one(f"h.{n}.attn.q.weight", delta) for n, delta in enumerate((0.0, 1.0, 3.1))))
    picture = svg(found)
    cells = {
        rect.find("title").text: rect.get("fill") for rect in picture.iter("rect") if rect.find("title") is not None
    }  # type: ignore[union-attr]
    assert cells["Layer 0, q: 0 %"] == "#{:02x}{:02x}{:02x}".format(*RAMP[0])
    assert cells["Layer 2, q: 31 %"] == "#{:02x}{:02x}{:02x}".format(*RAMP[-1])
    texts = [text.text for text in picture.iter("text")]
    assert texts[-3:] == ["0 %", "15.5 %", "31 %"]


def luminance(colour: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_more_is_lighter_for_every_eye() -> None:
    shades = [luminance(colour) for colour in RAMP]
    assert shades == sorted(shades)
    assert shades[-1] / shades[0] > 8


def test_no_name_can_break_out_of_the_picture() -> None:
    picture = svg(effect('h.0.<script>alert("1")</script>&.weight', "h.1.<script>alert('1')</script>&.weight"))
    assert not list(picture.iter("script"))


@pytest.mark.parametrize(
    "found", [WeightDelta(), effect("lm_head.weight"), WeightDelta((ModuleDelta("h.0.a", 0.0, 0.0),))]
)
def test_nothing_to_draw(found: WeightDelta) -> None:
    report = {"status": "merged", "output": "/x/out", "modules_effect": effect_json(found)}
    assert ElementTree.fromstring(heat_map(effect_map(found), Quantity.RELATIVE)) is not None
    assert html_page(report_document(report))


def test_the_report_shows_it() -> None:
    report = {"status": "merged", "output": "/x/out", "modules_effect": effect_json(llama())}
    document = report_document(report)
    [section] = [section for section in document.sections if section.title == "What the adapter changes"]
    assert [row.cells[0] for row in section.table.rows] == [
        "q_proj",
        "k_proj",
        "gate_proj",
        "down_proj",
        "lm_head.weight",
    ]
    assert "The adapter changes q_proj of layer 2 most: by 120 % of its weights' size" in section.note
    assert "attention changes more" in section.note
    assert "bfloat16 100 %" in section.note
    page = html_page(document)
    assert page.count("<svg") == 1
    assert "<svg" not in markdown(document)
    assert "q\\_proj of layer 2" in markdown(document)


def test_a_report_without_it_is_as_before() -> None:
    for stated in ({}, {"modules_effect": None}, {"modules_effect": {"modules": "x"}}):
        document = report_document({"status": "merged", "output": "/x/out", **stated})
        assert "What the adapter changes" not in [section.title for section in document.sections]


def test_a_check_gives_the_same_map() -> None:
    modules = [
        ModuleVerdict("model.layers.0.mlp.up_proj.weight", "right", 1.0, 0.03, 1.0, 0.25),
        ModuleVerdict("model.layers.1.mlp.up_proj.weight", "unchanged", 0.0, 0.03, 0.0, 0.25),
        ModuleVerdict("model.layers.2.mlp.up_proj.weight", "scaled", 2.0, 0.03, 0.0, 0.25),
        ModuleVerdict("model.layers.3.mlp.up_proj.weight", "not_finite", math.nan, 0.03, 0.0, 0.25),
    ]
    found = effect_of(Verdict(VerifyStatus.PROVED, Path("x"), modules=tuple(modules)))
    assert found is not None
    assert effect_map(found).values(Quantity.RELATIVE) == pytest.approx({(0, 0): 0.03, (0, 1): 0.0, (0, 2): 0.06})
    assert known_quantities(found) == (Quantity.RELATIVE, Quantity.UNMOVED)
    assert value_of(found.modules[:1], Quantity.UNMOVED) == 0.25
    assert effect_of(Verdict(VerifyStatus.REFUSED, Path("x"))) is None
