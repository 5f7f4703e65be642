"""The model card: read back with the hub's own library, and true of what was merged."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from folders import lora_tensors, make_lora, make_model, read_json, request, write_json
from huggingface_hub import ModelCard, ModelCardData

from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice
from mergedesk.pipelines.merge import merge as run_merge
from mergedesk.reports.model_card import front_matter, hub_id

RECORDED = "meta-llama/Llama-3.2-1B"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A base and an adapter trained on it, as their names say."""
    make_model(tmp_path / "Llama-3.2-1B")
    make_lora(tmp_path / "adapter", base_model_name_or_path=RECORDED)
    return tmp_path


def merge(home: Path, base: str = "Llama-3.2-1B", output: str = "out", **changes: Any) -> tuple[MergeReport, ModelCard]:
    asked = replace(request(home / base, home / "adapter", output=home / output), **changes)
    report = run_merge(asked, lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, report.findings
    return report, ModelCard.load(home / output / "README.md")


def write_card(folder: Path, front_matter: str) -> None:
    (folder / "README.md").write_text(f"---\n{front_matter}\n---\n# Theirs\n", encoding="utf-8")


def test_plain_inputs_make_a_small_card(home: Path) -> None:
    report, card = merge(home)
    assert card.data.to_dict() == {
        "base_model": RECORDED, "base_model_relation": "merge", "library_name": "transformers", "tags": ["merged"],
    }  # fmt: skip
    assert "an ordinary `LlamaForCausalLM`" in card.text
    assert report.adapters[0].sha256 in card.text
    passed = sum(check.status == "pass" for check in report.checks)
    assert f"{passed} checks passed. `mergedesk-report.json`" in card.text
    assert "licen" not in card.text


def test_the_report_lists_the_card(home: Path) -> None:
    report, _ = merge(home)
    entry = {"name": "README.md", "bytes": (home / "out" / "README.md").stat().st_size}
    assert entry in read_json(home / "out" / "mergedesk-report.json")["files"]
    assert (entry["name"], entry["bytes"]) in [(file.name, file.bytes) for file in report.files]


def test_what_the_inputs_cards_say_is_carried(home: Path) -> None:
    write_card(
        home / "Llama-3.2-1B",
        "license: llama3.2\nlicense_link: LICENSE\nlanguage:\n- en\n- no\ntags: [llama, facebook, 4-bit]\n"
        "pipeline_tag: text-generation\nlibrary_name: other\nmetrics: [accuracy]",
    )
    write_card(
        home / "adapter",
        "base_model: x/y\nlibrary_name: peft\nlicense: mit\nlanguage: de\n"
        "tags: [base_model:adapter:x/y, lora, LoRA, llama, medical]",
    )
    _, card = merge(home)
    assert card.data.to_dict() == {
        "base_model": RECORDED,
        "base_model_relation": "merge",
        "language": ["en", "no", "de"],
        "library_name": "transformers",
        "license": "llama3.2",
        "license_link": "LICENSE",
        "pipeline_tag": "text-generation",
        "tags": ["llama", "facebook", "medical", "merged"],
    }
    assert "- Llama-3.2-1B: llama3.2\n- adapter: mit" in card.text


DOUBLING = [
    f"{chr(98 + place)}: &{chr(98 + place)} {{<<: [*{chr(97 + place)}, *{chr(97 + place)}]}}" for place in range(20)
]


@pytest.mark.parametrize("indent", ["", "  "])
def test_a_card_made_to_double_is_not_read(indent: str, tmp_path: Path) -> None:
    lines = "\n".join(indent + line for line in ["a: &a {k: v}", *DOUBLING])
    write_card(tmp_path, f"license: mit\ntags:\n{lines}")
    assert front_matter([tmp_path]).get("license") == (None if indent else "mit")


def test_thousands_of_results_do_not_hide_a_licence(tmp_path: Path) -> None:
    results = "\n".join(f"- task: {{type: Retrieval, value: {number}}}" for number in range(5000))
    write_card(tmp_path, f"tags:\n- mteb\nmodel-index:\n{results}\nlicense: mit\nlanguage:\n- de")
    read = front_matter([tmp_path])
    assert (read["license"], read["tags"], read["language"]) == ("mit", ["mteb"], ["de"])


def test_an_adapter_s_licence_is_carried_where_the_base_has_none(home: Path) -> None:
    write_card(home / "adapter", "license: other\nlicense_name: mine\nlicense_link: https://example.org/licence")
    _, card = merge(home)
    assert (card.data.license, card.data.license_name) == ("other", "mine")
    assert card.data.license_link == "https://example.org/licence"
    assert "different licences" not in card.text


def test_a_licence_file_beside_the_adapter_is_not_promised(home: Path) -> None:
    write_card(home / "adapter", "license: other\nlicense_name: mine\nlicense_link: LICENSE")
    (home / "adapter" / "LICENSE").write_text("mine", encoding="utf-8")
    _, card = merge(home)
    assert (card.data.license, card.data.license_name) == ("other", "mine")
    assert "license_link" not in card.data.to_dict()
    assert not (home / "out" / "LICENSE").exists()
    write_card(home / "Llama-3.2-1B", "license: llama3.2\nlicense_link: LICENSE")
    (home / "Llama-3.2-1B" / "LICENSE").write_text("theirs", encoding="utf-8")
    _, card = merge(home, output="again")
    assert card.data.license_link == "LICENSE"
    assert (home / "again" / "LICENSE").read_text(encoding="utf-8") == "theirs"


def test_the_front_matter_is_what_the_hub_takes(home: Path) -> None:
    """Plain YAML of texts and lists of texts, with the fields and no others; the inputs' own words stay theirs."""
    write_card(home / "Llama-3.2-1B", "license: llama3.2\nlanguage: [en, no]\nwidget: [{text: x}]\ndatasets: [a/b]")
    write_card(home / "adapter", "library_name: peft\ntags: ['a: b', '#c', 'yes', '12']\nbase_model: someone/else")
    merge(home)
    text = (home / "out" / "README.md").read_text(encoding="utf-8")
    assert "Theirs" not in text
    _, front, _ = text.split("---\n", 2)
    read = yaml.safe_load(front)
    assert read == {
        "base_model": RECORDED, "base_model_relation": "merge", "library_name": "transformers",
        "license": "llama3.2", "language": ["en", "no"], "tags": ["a: b", "#c", "yes", "12", "merged"],
    }  # fmt: skip
    assert ModelCardData(**read).to_dict() == read


def test_a_single_tag_is_one_tag(home: Path) -> None:
    write_card(home / "adapter", "tags: medical\nlicense: [mit, apache-2.0]")
    _, card = merge(home)
    assert card.data.tags == ["medical", "merged"]
    assert card.data.license == ["mit", "apache-2.0"]


def test_a_new_task_does_not_keep_the_base_s_pipeline_tag(home: Path) -> None:
    write_card(home / "Llama-3.2-1B", "pipeline_tag: text-generation")
    config = read_json(home / "Llama-3.2-1B" / "config.json")
    write_json(home / "Llama-3.2-1B" / "config.json", {**config, "architectures": ["LlamaModel"]})
    report, card = merge(home)
    assert report.merged_class != "LlamaForCausalLM" or card.data.pipeline_tag is None
    write_card(home / "adapter", "pipeline_tag: text-classification")
    assert merge(home, output="again")[1].data.pipeline_tag == "text-classification"


@pytest.mark.parametrize(
    "front_matter",
    [
        "", "[1, 2]", "a: [", "\ttab", "1: 2", "self: 3", "license: {a: 1}\ntags: 7\nlanguage: 5",
        "model-index: 7", "ignore_metadata_errors: true", f"license: {'x' * 300}", "tags: [[a], 1, null]",
        "license: !!python/object/apply:os.system ['touch ran']", "a: &a [*a]\ntags: *a", "\x00",
    ],
)  # fmt: skip
def test_a_broken_card_is_no_trouble(home: Path, front_matter: str) -> None:
    write_card(home / "Llama-3.2-1B", front_matter)
    write_card(home / "adapter", front_matter)
    _, card = merge(home)
    assert set(card.data.to_dict()) == {"base_model", "base_model_relation", "library_name", "tags"}


@pytest.mark.parametrize("content", [b"\xff\xfe---", b"no front matter", b"", b"---\n" + b"a" * 1_000_001])
def test_a_card_of_other_bytes_is_no_trouble(home: Path, content: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    (home / "adapter" / "README.md").write_bytes(content)
    assert merge(home)[1].data.library_name == "transformers"
    assert "metadata" not in capfd.readouterr().err


def test_the_base_s_name_is_the_hub_cache_s_where_it_lies_there(home: Path) -> None:
    folder = "models--Owner--My-Base--v2/snapshots/0123"
    make_model(home / folder)
    assert merge(home, base=folder)[1].data.base_model == "Owner/My-Base--v2"


@pytest.mark.skipif(sys.platform == "win32", reason="the name is none on Windows")
def test_hostile_names_stay_text(home: Path) -> None:
    name = "<img src=x> [a](b) | `c` 模型"
    _, card = merge(home, output=name)
    assert "# &lt;img src=x&gt; \\[a\\](b) \\| \\`c\\` 模型" in card.text


def test_another_base_than_the_recorded_one_is_not_claimed(home: Path) -> None:
    make_model(home / "other-model")
    _, card = merge(home, base="other-model")
    assert card.data.base_model is None
    assert "base_model_relation" not in card.data.to_dict()


def test_every_adapter_is_named(home: Path) -> None:
    make_lora(home / "second", lora_tensors(seed=5), base_model_name_or_path=RECORDED)
    both = (AdapterChoice(home / "adapter", 0.5), AdapterChoice(home / "second", -1.0))
    _, card = merge(home, adapters=both)
    assert "the adapters adapter (strength 0.5) and second (strength -1) merged" in card.text
    assert "| Combined by | cat |" in card.text


@pytest.mark.parametrize(
    "name",
    [
        "", "llama", "/models/llama", "C:\\models\\llama", "./llama", "../x/y", "models/llama", "Output/llama",
        "~/llama", "a/b/c", "a/../b", "owner/na me", "owner/", "/name", "owner\\name", "ow<ner/x", "模型/基", "a/..",
        "x" * 100 + "/y",
    ],
)  # fmt: skip
def test_what_may_be_a_path_is_no_hub_name(name: str) -> None:
    assert hub_id(name) is None


@pytest.mark.parametrize("name", [RECORDED, "Qwen/Qwen2.5-0.5B-Instruct", "a/b", "TinyLlama/TinyLlama_v1.1"])
def test_hub_names(name: str) -> None:
    assert hub_id(name) == name


@pytest.mark.slow
def test_a_person_s_own_card_outlives_another_merge(home: Path) -> None:
    merge(home)
    (home / "out" / "README.md").write_text("# Mine\n", encoding="utf-8")
    for _ in range(2):  # the report of the first lists the card, which is a person's all the same
        report, card = merge(home, overwrite=True)
        assert card.text.strip() == "# Mine"
    assert ("README.md", 7) in [(file.name, file.bytes) for file in report.files]


def test_an_edited_card_outlives_another_merge(home: Path) -> None:
    merge(home)
    with (home / "out" / "README.md").open("a", encoding="utf-8") as file:
        file.write("\nTrained on my own letters.\n")
    _, card = merge(home, overwrite=True)
    assert card.text.rstrip().endswith("Trained on my own letters.")


def test_a_card_of_an_earlier_merge_is_written_anew(home: Path) -> None:
    merge(home)
    _, card = merge(home, overwrite=True, adapters=(AdapterChoice(home / "adapter", 0.5),))
    assert "(strength 0.5)" in card.text
