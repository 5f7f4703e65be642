"""How to use a result elsewhere: the code runs as it stands, and what breaks elsewhere is found."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import string
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import llama_tensors, make_lora, make_model, make_tokenizer, read_json, write_json, write_tensors
from safetensors.torch import load_file
from tiny_models import make_base, third_party_noise_off
from transformers.models.auto import modeling_auto
from typer.testing import CliRunner

from mergedesk.cli import commands as cli
from mergedesk.deployment.architectures import architecture_lists, takes
from mergedesk.deployment.codes import (
    TOOL_NAMES,
    Language,
    Outcome,
    StepCode,
    Tool,
    ToolUsage,
    UsageCode,
    outcome_name,
    remark_message,
    step_heading,
)
from mergedesk.deployment.shell_quoting import Shell, quoted
from mergedesk.deployment.tools import TOOLS
from mergedesk.deployment.usage import Usage, usage_json, usage_of
from mergedesk.domain import messages
from mergedesk.domain.model_tasks import AUTO_CLASSES, Task, task_of

CHAT = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{{ eos_token }}{% endfor %}"
GENERATION = {"eos_token_id": 2}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A whole Llama with a tokenizer, a chat template and a generation config: nothing to find fault with."""
    folder = make_tokenizer(make_model(tmp_path / "mein modell's 合并 $(touch ran)"), chat_template=CHAT)
    write_json(folder / "generation_config.json", GENERATION)
    change(folder, architectures=["LlamaForCausalLM"], model_type="llama", eos_token_id=2)
    return folder


def change(folder: Path, **config: Any) -> None:
    kept = {**read_json(folder / "config.json"), **config}
    write_json(folder / "config.json", {name: value for name, value in kept.items() if value is not None})


def tool(usage: Usage, which: Tool) -> ToolUsage:
    return next(one for one in usage.tools if one.tool is which)


def found(folder: Path, which: Tool = Tool.TRANSFORMERS) -> dict[UsageCode, dict[str, Any]]:
    return {one.code: dict(one.data) for one in tool(usage_of(folder), which).remarks}


def outcomes(folder: Path, which: Tool) -> set[Outcome]:
    return {one.code.outcome for one in tool(usage_of(folder), which).remarks}


@pytest.mark.slow
def test_nothing_to_find_fault_with(model: Path) -> None:
    usage = usage_of(model)
    assert (usage.class_name, usage.task, usage.is_chat) == ("LlamaForCausalLM", "causal", True)
    assert [one.tool for one in usage.tools] == list(Tool)
    for which in (Tool.TRANSFORMERS, Tool.OLLAMA):
        assert outcomes(model, which) == {Outcome.PASS}, which


# The code runs


@pytest.mark.parametrize(
    ("kind", "auto"),
    [
        ("llama", "AutoModelForCausalLM"),
        ("gpt2", "AutoModelForCausalLM"),
        ("t5", "AutoModelForSeq2SeqLM"),
        ("bert", "AutoModelForSequenceClassification"),
    ],
)
def test_the_script_runs(tmp_path: Path, kind: str, auto: str) -> None:
    folder = tmp_path / f'{kind}\'s "folder" 合并'
    with third_party_noise_off():
        make_base(kind, folder, **({"n_positions": 256} if kind == "gpt2" else {}))
        make_tokenizer(folder, read_json(folder / "config.json")["vocab_size"])
        assert auto in run_script(folder)[0]
        if kind == "llama":
            make_tokenizer(folder, 131, chat_template=CHAT)
            script, printed = run_script(folder)
            assert "apply_chat_template" in script
            assert printed.strip()


@pytest.mark.parametrize("name", ["TokenClassification", "QuestionAnswering", "MaskedLM", ""])
def test_the_script_runs_for_other_tasks(tmp_path: Path, name: str) -> None:
    import transformers

    config = transformers.BertConfig(
        vocab_size=131, hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=4
    )
    architecture = f"BertFor{name}" if name else "BertModel"
    with third_party_noise_off():
        getattr(transformers, architecture)(config).save_pretrained(tmp_path / "model")
        make_tokenizer(tmp_path / "model", 131, mask_token="</s>")
        script, printed = run_script(tmp_path / "model")
    assert printed.strip()
    assert AUTO_CLASSES[task_of(architecture, {})] in script


def test_without_a_tokenizer_the_script_loads_the_model(tmp_path: Path) -> None:
    with third_party_noise_off():
        make_base("llama", tmp_path / "model")
        script, printed = run_script(tmp_path / "model")
    assert printed == "LlamaForCausalLM\n"
    assert "Tokenizer" not in script


def run_script(folder: Path) -> tuple[str, str]:
    step = tool(usage_of(folder), Tool.TRANSFORMERS).steps[0]
    assert step.language is Language.PYTHON
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(step.text, {})
    return step.text, printed.getvalue()


def test_auto_classes_are_those_of_transformers() -> None:
    """For every class that only one of the Auto classes loads."""
    tables = {
        Task.CAUSAL: modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        Task.CLASSIFY: modeling_auto.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES,
        Task.TOKENS: modeling_auto.MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES,
        Task.MASKED: modeling_auto.MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    }
    for task, table in tables.items():
        names = {name for one in table.values() for name in ([one] if isinstance(one, str) else one)}
        ending = {"CAUSAL": ("ForCausalLM", "LMHeadModel")}.get(task.name, tuple(AUTO_CLASSES[task].split("AutoModel")))
        regular = [name for name in names if name.endswith(tuple(filter(None, ending)))]
        assert len(regular) > len(names) * 0.8, task
        assert {task_of(name, {}) for name in regular} == {task}
    seen = modeling_auto.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES["llava"]
    assert task_of(str(seen), {"vision_config": {}}) is Task.IMAGE_TEXT
    seq2seq = modeling_auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES["t5"]
    assert task_of(str(seq2seq), {"is_encoder_decoder": True}) is Task.SEQ2SEQ


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")
def test_commands_name_the_folder_and_run_nothing_else(model: Path) -> None:
    for which in (Tool.VLLM, Tool.OLLAMA, Tool.LLAMA_CPP, Tool.LM_STUDIO):
        for step in tool(usage_of(model), which).steps:
            if step.language is Language.SHELL and step.code is not StepCode.GET_CONVERTER:
                command = step.text.replace(shlex.split(step.text)[0], "printf '%s\\n'", 1)
                said = subprocess.run(
                    ["sh", "-c", command], capture_output=True, text=True, cwd=model.parent, check=True
                )
                assert said.stdout.splitlines() == shlex.split(step.text)[1:]
    assert not (model.parent / "ran").exists()
    assert str(model) in shlex.split(tool(usage_of(model), Tool.VLLM).steps[0].text)


def test_powershell_takes_a_path_for_one_word() -> None:
    assert quoted("C:\\Bob's $(x) `n “m” ‘o’", Shell.POWERSHELL) == "'C:\\Bob''s $(x) `n “m” ‘‘o’’'"
    assert quoted("C:\\plain", Shell.POWERSHELL) == "'C:\\plain'"


# What breaks elsewhere


@pytest.mark.slow
def test_more_ids_than_rows(model: Path) -> None:
    make_tokenizer(model, 200, chat_template=CHAT)
    for which in Tool:
        assert found(model, which)[UsageCode.VOCABULARY_TOO_SHORT]["length"] == 200


def test_added_tokens_count(model: Path) -> None:
    rows = found(model)[UsageCode.VOCABULARY_FITS]["rows"]
    tokenizer = read_json(model / "tokenizer.json")
    tokenizer["added_tokens"].append({**tokenizer["added_tokens"][0], "id": rows, "content": "<new>"})
    write_json(model / "tokenizer.json", tokenizer)
    assert found(model)[UsageCode.VOCABULARY_TOO_SHORT] == {"rows": rows, "length": rows + 1}


def test_fewer_ids_than_rows_are_padding(model: Path) -> None:
    rows = found(model)[UsageCode.VOCABULARY_FITS]["rows"]
    make_tokenizer(model, rows - 5)
    assert found(model)[UsageCode.VOCABULARY_PADDED] == {"rows": rows, "length": rows - 5, "count": 5}


def test_the_config_states_another_vocabulary(model: Path) -> None:
    rows = found(model)[UsageCode.VOCABULARY_FITS]["rows"]
    change(model, vocab_size=rows + 3)
    assert found(model)[UsageCode.VOCABULARY_STATED_OTHERWISE] == {"stated": rows + 3, "rows": rows}


def remove_tokenizer(model: Path) -> None:
    (model / "tokenizer.json").unlink()
    (model / "tokenizer_config.json").unlink()


def only_sentencepiece(model: Path) -> None:
    remove_tokenizer(model)
    (model / "tokenizer.model").write_bytes(b"\x0a")


def like_bpe(model: Path) -> None:
    tokenizer = read_json(model / "tokenizer.json")
    write_json(model / "tokenizer.json", {**tokenizer, "model": {"type": "BPE", "merges": [], **tokenizer["model"]}})
    text = (model / "tokenizer.json").read_text(encoding="utf-8").replace('"WordLevel"', '"BPE"')
    (model / "tokenizer.json").write_text(text, encoding="utf-8")


def template(text: str) -> Callable[[Path], None]:
    def write(model: Path) -> None:
        (model / "chat_template.jinja").write_text(text, encoding="utf-8")

    return write


def generation(**stated: Any) -> Callable[[Path], None]:
    return lambda model: write_json(model / "generation_config.json", stated)


def configured(**stated: Any) -> Callable[[Path], None]:
    return lambda model: change(model, **stated)


def named(*names: str) -> Callable[[Path], None]:
    def write(model: Path) -> None:
        extra = {name: torch.zeros(2, 2) for name in names}
        write_tensors(model / "model.safetensors", {**load_file(model / "model.safetensors"), **extra})

    return write


def without_head(model: Path) -> None:
    tensors = {name: one for name, one in llama_tensors().items() if name != "lm_head.weight"}
    write_tensors(model / "model.safetensors", tensors)


def turns_end(model: Path) -> None:
    """The template ends turns with a token of its own, which nothing else names."""
    tokenizer = read_json(model / "tokenizer.json")
    tokenizer["added_tokens"].append({**tokenizer["added_tokens"][0], "id": 9, "content": "<|end|>"})
    write_json(model / "tokenizer.json", tokenizer)
    template("{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}<|end|>{% endfor %}")(model)


BREAKS: list[tuple[str, Tool, Callable[[Path], None], UsageCode]] = [
    ("no tokenizer", Tool.TRANSFORMERS, remove_tokenizer, UsageCode.TOKENIZER_MISSING),
    ("no tokenizer", Tool.OLLAMA, remove_tokenizer, UsageCode.TOKENIZER_MISSING),
    ("length", Tool.LLAMA_CPP, only_sentencepiece, UsageCode.VOCABULARY_UNKNOWN),
    ("bpe", Tool.LLAMA_CPP, like_bpe, UsageCode.PRETOKENIZER_UNKNOWN),
    ("gemma", Tool.LLAMA_CPP, configured(architectures=["GemmaForCausalLM"]), UsageCode.SENTENCEPIECE_MISSING),
    ("two templates", Tool.VLLM, template("another"), UsageCode.TEMPLATE_TWICE),
    ("broken template", Tool.VLLM, template("{% for"), UsageCode.TEMPLATE_BROKEN),
    ("no template", Tool.VLLM, lambda model: make_tokenizer(model) and None, UsageCode.TEMPLATE_MISSING),
    ("template in a file", Tool.VLLM, template(CHAT), UsageCode.TEMPLATE_PRESENT),
    ("end", Tool.TRANSFORMERS, generation(eos_token_id=[7, 8]), UsageCode.END_TOKEN_DIFFERS),
    ("ends", Tool.TRANSFORMERS, generation(eos_token_id=[7, 2]), UsageCode.END_TOKEN_AGREES),
    ("end unknown", Tool.TRANSFORMERS, lambda model: make_tokenizer(model, eos_token=None) and None,
     UsageCode.END_TOKEN_UNKNOWN),
    ("turn end", Tool.TRANSFORMERS, turns_end, UsageCode.TURN_END_RUNS_ON),
    ("turn end", Tool.VLLM, turns_end, UsageCode.TURN_END_RUNS_ON),
    ("turn end by name", Tool.LLAMA_CPP, turns_end, UsageCode.TURN_END_STOPS),
    ("odd", Tool.TRANSFORMERS, generation(do_sample=False, temperature=0.5), UsageCode.GENERATION_CONFIG_ODD),
    ("sampling", Tool.VLLM, generation(do_sample=True, temperature=0.5), UsageCode.DEFAULTS_TAKEN),
    ("own code", Tool.TRANSFORMERS, configured(auto_map={"AutoModel": "m.M"}), UsageCode.OWN_CODE),
    ("own code", Tool.VLLM, configured(auto_map={"AutoModel": "m.M"}), UsageCode.OWN_CODE_FLAG),
    ("own code", Tool.OLLAMA, configured(auto_map={"AutoModel": "m.M"}), UsageCode.OWN_CODE_NOT_RUN),
    ("unlisted", Tool.VLLM, configured(architectures=["NewForCausalLM"]), UsageCode.ARCHITECTURE_UNLISTED),
    ("unlisted", Tool.LLAMA_CPP, configured(architectures=["NewForCausalLM"]), UsageCode.ARCHITECTURE_UNLISTED),
    ("not imported", Tool.OLLAMA, configured(architectures=["Qwen3ForCausalLM"]),
     UsageCode.ARCHITECTURE_NOT_IMPORTED),
    ("classifier", Tool.OLLAMA, configured(architectures=["LlamaForSequenceClassification"]),
     UsageCode.TASK_NOT_OFFERED),
    ("classifier", Tool.VLLM, configured(architectures=["LlamaForSequenceClassification"]),
     UsageCode.ARCHITECTURE_LISTED),
    ("pictures", Tool.VLLM, configured(architectures=["LlavaForConditionalGeneration"], vision_config={}),
     UsageCode.PROCESSOR_MISSING),
    ("pictures", Tool.LLAMA_CPP, configured(architectures=["LlavaForConditionalGeneration"], vision_config={}),
     UsageCode.NEEDS_PROJECTOR),
    ("lora left", Tool.LLAMA_CPP, named("model.layers.0.q.lora_A.weight"), UsageCode.TRAINING_NAMES),
    ("wrapper left", Tool.VLLM, named("model.layers.0.q_proj.base_layer.weight"), UsageCode.TRAINING_NAMES),
    ("compiled", Tool.VLLM, named("_orig_mod.model.norm.weight"), UsageCode.TRAINING_NAMES),
    ("tied", Tool.LLAMA_CPP, configured(tie_word_embeddings=True), UsageCode.HEAD_AND_TIED),
    ("no head", Tool.TRANSFORMERS, without_head, UsageCode.HEAD_ABSENT),
    ("dtype", Tool.TRANSFORMERS, configured(dtype="float16", torch_dtype=None), UsageCode.DTYPE_STATED_OTHERWISE),
    ("no class", Tool.LLAMA_CPP, configured(architectures=None), UsageCode.TASK_NOT_OFFERED),
    ("gguf", Tool.LM_STUDIO, configured(), UsageCode.NEEDS_GGUF),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("_name", "which", "spoil", "code"), BREAKS, ids=[f"{one[0]}-{one[1]}" for one in BREAKS])
def test_what_breaks_is_found(
    model: Path, _name: str, which: Tool, spoil: Callable[[Path], object], code: UsageCode
) -> None:
    change(model, tie_word_embeddings=False)
    expected_before = code in (UsageCode.TEMPLATE_PRESENT, UsageCode.END_TOKEN_AGREES, UsageCode.NEEDS_GGUF,
                               UsageCode.ARCHITECTURE_LISTED, UsageCode.TURN_END_STOPS)  # fmt: skip
    assert (code in found(model, which)) <= expected_before
    spoil(model)
    assert code in found(model, which)


@pytest.mark.slow
def test_float32_is_noticed_where_it_costs(model: Path) -> None:
    tensors = {name: one.float() for name, one in llama_tensors().items()}
    write_tensors(model / "model.safetensors", tensors)
    assert UsageCode.FLOAT32_CUT in found(model, Tool.VLLM)
    assert UsageCode.FLOAT32_LARGE not in found(model)
    convert = next(one for one in tool(usage_of(model), Tool.LLAMA_CPP).steps if one.code is StepCode.CONVERT)
    assert "--outtype f32" in convert.text


@pytest.mark.parametrize("spoil", ["tokenizer.json", "tokenizer_config.json", "generation_config.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"added_tokens": 3, "chat_template": [4]}'])
def test_broken_files_are_no_trouble(model: Path, spoil: str, content: bytes) -> None:
    (model / spoil).write_bytes(content)
    assert json.dumps(usage_json(usage_of(model)))


def test_what_is_no_model_says_so(tmp_path: Path, model: Path) -> None:
    (model / "model.safetensors").write_bytes(b"cut off")
    for folder in (make_lora(tmp_path / "adapter"), tmp_path / "absent", model):
        usage = usage_of(folder)
        assert usage.tools == ()
        assert usage.findings


# Words and lists


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def said_of(code: UsageCode) -> tuple[str, str]:
    return messages.template(f"remark.{code}.sentence"), messages.template(f"remark.{code}.hint")


def test_every_code_has_words_and_every_trouble_a_hint() -> None:
    assert all(outcome_name(outcome) for outcome in Outcome)
    assert all(step_heading(code) for code in StepCode)
    assert set(TOOL_NAMES) == set(TOOLS) == set(Tool)
    for code in UsageCode:
        sentence, hint = said_of(code)
        assert sentence.rstrip("}").endswith((".", ":", "{reason")), code
        assert (code.outcome is Outcome.PASS) is (hint == ""), code


@pytest.mark.slow
def test_sentences_get_the_data_they_ask_for(model: Path, tmp_path: Path) -> None:
    seen: set[UsageCode] = set()
    for number, (_, _, spoil, _) in enumerate(BREAKS):
        folder = make_tokenizer(make_model(tmp_path / str(number)), chat_template=CHAT)
        write_json(folder / "generation_config.json", GENERATION)
        change(folder, architectures=["LlamaForCausalLM"], tie_word_embeddings=False, eos_token_id=2)
        spoil(folder)
        for one in (one for used in usage_of(folder).tools for one in used.remarks):
            assert "{" not in remark_message(one)
            assert fields("".join(said_of(one.code))) <= set(one.data), one.code
            seen.add(one.code)
    assert len(seen) > 30


# What others can read


ROPE = {"rope_theta": 500000.0, "rope_type": "llama3", "factor": 32.0}


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"rope_parameters": ROPE}, True),
        ({"rope_parameters": {"full_attention": ROPE}}, True),
        ({"rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"}}, False),
        ({"rope_parameters": ROPE, "rope_theta": 500000.0}, False),
        ({"rope_theta": 500000.0, "rope_scaling": ROPE}, False),
        ({}, False),
    ],
)
def test_rotary_embeddings_under_the_new_key(config: dict[str, Any], told: bool, model: Path) -> None:
    change(model, **config)
    assert (UsageCode.ROPE_UNDER_NEW_KEY in found(model, Tool.OLLAMA)) is told
    assert (UsageCode.ROPE_UNDER_NEW_KEY in found(model, Tool.LM_STUDIO)) is told
    assert UsageCode.ROPE_UNDER_NEW_KEY not in found(model, Tool.TRANSFORMERS)


@pytest.mark.parametrize("class_name", ["TokenizersBackend", "PreTrainedTokenizerFast"])
def test_a_class_that_only_transformers_5_has(class_name: str, model: Path) -> None:
    make_tokenizer(model, chat_template=CHAT, tokenizer_class=class_name)
    told = [which for which in Tool if UsageCode.TOKENIZER_CLASS_NEW in found(model, which)]
    assert told == ([Tool.VLLM, Tool.LM_STUDIO, Tool.LLAMA_CPP] if class_name == "TokenizersBackend" else [])


@pytest.mark.parametrize("translated", [True, False])
def test_a_template_in_a_file_of_its_own(translated: bool, model: Path) -> None:
    """Ollama has it where the Modelfile could take it over; elsewhere it is read."""
    make_tokenizer(model)
    text = "{{ messages | length }}" if not translated else CHAT
    (model / "chat_template.jinja").write_text(text, encoding="utf-8")
    assert (UsageCode.TEMPLATE_NOT_READ in found(model, Tool.OLLAMA)) is not translated
    assert UsageCode.TEMPLATE_SEPARATE not in found(model, Tool.OLLAMA)
    assert UsageCode.TEMPLATE_SEPARATE in found(model, Tool.VLLM)


@pytest.mark.parametrize("kind", [{"type": "BPE", "byte_fallback": True}, {"type": "Unigram"}])
@pytest.mark.parametrize("architecture", ["LlamaForCausalLM", "Gemma2ForCausalLM", "Phi3ForCausalLM"])
def test_a_sentencepiece_model_without_its_own_file(architecture: str, kind: dict[str, Any], model: Path) -> None:
    stated = read_json(model / "tokenizer.json")
    write_json(model / "tokenizer.json", {**stated, "model": {**kind, "vocab": {"a": 0}, "merges": []}})
    change(model, architectures=[architecture])
    assert UsageCode.SENTENCEPIECE_AS_BPE in found(model, Tool.OLLAMA)
    assert UsageCode.SENTENCEPIECE_MISSING in found(model, Tool.LLAMA_CPP)
    (model / "tokenizer.model").write_bytes(b"x")
    assert UsageCode.SENTENCEPIECE_AS_BPE not in found(model, Tool.OLLAMA)
    assert UsageCode.SENTENCEPIECE_MISSING not in found(model, Tool.LLAMA_CPP)


def test_steps_make_what_later_ones_read(model: Path) -> None:
    """The Modelfile that ``ollama create`` names is written by the step before, and by that very command."""
    for architecture in ("LlamaForCausalLM", "RwkvForCausalLM"):
        change(model, architectures=[architecture])
        steps = [one.code for one in tool(usage_of(model), Tool.OLLAMA).steps]
        assert steps.index(StepCode.MODELFILE) < steps.index(StepCode.CREATE) < steps.index(StepCode.RUN)
        assert (StepCode.CONVERT in steps) == (architecture == "RwkvForCausalLM")
        for which in (Tool.OLLAMA, Tool.LM_STUDIO, Tool.LLAMA_CPP):
            steps = [one.code for one in tool(usage_of(model), which).steps]
            if StepCode.CONVERT in steps:
                assert steps.index(StepCode.GET_CONVERTER) < steps.index(StepCode.CONVERT)
    [write] = [one for one in tool(usage_of(model), Tool.OLLAMA).steps if one.code is StepCode.MODELFILE]
    for _ in range(2):
        assert CliRunner().invoke(cli.app, shlex.split(write.text)[1:]).exit_code == 0
    assert (model / "Modelfile").read_text(encoding="utf-8").startswith("# How Ollama")


def test_llama_cli_converses(model: Path) -> None:
    def run_step() -> str:
        return next(one.text for one in tool(usage_of(model), Tool.LLAMA_CPP).steps if one.code is StepCode.RUN)

    assert run_step().startswith("llama-cli -m ")
    make_tokenizer(model)
    assert run_step().startswith("llama-completion -m ")


def test_a_sentence_transformer_is_loaded_as_one(model: Path) -> None:
    change(model, architectures=["BertModel"], model_type="bert")
    plain, *_ = tool(usage_of(model), Tool.TRANSFORMERS).steps
    assert "AutoModel" in plain.text
    write_json(model / "modules.json", [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"}])
    load, serve = tool(usage_of(model), Tool.TRANSFORMERS).steps
    assert f"SentenceTransformer({str(model)!r})" in load.text
    compile(load.text, "load", "exec")
    assert shlex.split(serve.text) == ["text-embeddings-router", "--model-id", str(model)]


def test_lists_are_of_classes() -> None:
    for listed in architecture_lists().values():
        assert len(listed.names) > 20
        assert "LlamaForCausalLM" in listed.names
        assert all(name.isidentifier() for name in listed.names)
        assert " at " in listed.source
        assert date.fromisoformat(listed.date)
    assert takes(Tool.VLLM, "Qwen3ForSequenceClassification")
    assert not takes(Tool.LLAMA_CPP, "Qwen3ForSequenceClassification")


# The command


def run(*arguments: object) -> Any:
    return CliRunner().invoke(cli.app, ["usage", *map(str, arguments)])


def test_the_command_prints_or_gives_json(model: Path, tmp_path: Path) -> None:
    said = run(model)
    assert said.exit_code == 0
    assert all(name in said.stdout for name in TOOL_NAMES.values())
    assert "vllm serve" in said.stdout
    given = json.loads(run(model, "--json").stdout)
    assert [one["tool"] for one in given["tools"]] == [one.value for one in Tool]
    assert {one["status"] for one in given["tools"][0]["remarks"]} == {"pass"}
    (tmp_path / "empty").mkdir()
    refused = run(tmp_path / "empty", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["findings"][0]["code"] == "folder_empty"


SERVED = ("compressed-tensors 4-bit", "fp8", "gptq 4-bit", "awq 4-bit", "mxfp4", "modelopt", "bitsandbytes 4-bit")


@pytest.mark.parametrize("label", [*SERVED, "hqq 4-bit", "quanto", "eetq", "torchao", "MLX 4-bit", "unknown"])
def test_what_each_tool_makes_of_packed_weights(label: str, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mergedesk.deployment import usage

    real = usage.read_facts

    def packed(*given: Any) -> Any:
        facts = real(*given)
        assert facts is not None
        return replace(facts, quantization=label)

    monkeypatch.setattr(usage, "read_facts", packed)
    said = {
        made.tool: [one for one in made.remarks if one.code.startswith("packed_")] for made in usage_of(model).tools
    }
    assert all(len(remarks) == 1 for remarks in said.values()), said
    codes_said = {tool: remarks[0].code for tool, remarks in said.items()}
    assert (codes_said[Tool.VLLM] is UsageCode.PACKED_SERVED) == (label in SERVED)
    if label in SERVED:
        assert "vLLM and SGLang" in remark_message(said[Tool.VLLM][0])
    loads = UsageCode.PACKED_WEIGHTS if label in ("modelopt", "MLX 4-bit", "unknown") else UsageCode.PACKED_LOADED
    assert codes_said[Tool.TRANSFORMERS] is loads
    of_gguf = UsageCode.PACKED_IN_GGUF if label == "mxfp4" else UsageCode.PACKED_NOT_FOR_LLAMA_CPP
    assert {codes_said[tool] for tool in (Tool.OLLAMA, Tool.LM_STUDIO, Tool.LLAMA_CPP)} == {of_gguf}


def test_plain_weights_are_not_spoken_of_as_packed(model: Path) -> None:
    for made in usage_of(model).tools:
        assert not [one for one in made.remarks if one.code.startswith("packed_")]
