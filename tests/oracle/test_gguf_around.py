"""What llama.cpp takes where a file states nothing is asked of it, and what a tokenizer puts of transformers itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import transformers
from gguf_models import tiny_model

from mergedesk.domain.gguf_export import GgufRequest
from mergedesk.domain.packed_export import ExportStatus
from mergedesk.llama_cpp.sources import converter
from mergedesk.pipelines.export_gguf import export_gguf
from mergedesk.storage.gguf_header import read_gguf_header
from mergedesk.verification.gguf_file.put_around import BEGIN, END, SPACE, put_by_tokenizer, taken_by_llama_cpp

pytestmark = pytest.mark.slow
KINDS = ("llama", "t5", "rwkv", "plamo2", "gemma4")
TOKENS = ["<unk>", "<s>", "</s>", "<pad>", "a", "b", "▁", "▁a", "Ġ", "Ġa", *(f"<0x{byte:02X}>" for byte in range(256))]
ASKS = """
import json, sys
from cyllama.llama import llama_cpp
out, said = sys.stdout, {}
for file in sys.argv[1:]:
    parameters = llama_cpp.LlamaModelParams()
    parameters.n_gpu_layers = 0
    try:
        model = llama_cpp.LlamaModel(file, parameters)
    except ValueError:  # a way that this llama.cpp does not know
        continue
    words = model.get_vocab()
    first = words.tokenize("a", add_special=False, parse_special=False)[0]
    said[file] = [words.get_add_bos(), words.get_add_eos(), first]
print(json.dumps(said))
"""


def ways() -> list[str]:
    folder = converter()
    assert folder is not None
    return sorted(set(re.findall(r'res = "([^"]+)"', (folder / "conversion/base.py").read_text(encoding="utf-8"))))


def write_file(file: Path, kind: str, way: str) -> Path:
    """A model of one layer that llama.cpp loads, with a vocabulary of that kind."""
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_tokenizer_model(kind)
    if way:
        writer.add_tokenizer_pre(way)
    writer.add_token_list(TOKENS)
    writer.add_token_scores([-float(number) for number in range(len(TOKENS))])
    writer.add_token_types([2, 3, 3, 3, *[1] * 6, *[6] * 256])
    if kind in ("gpt2", "gemma4"):
        writer.add_token_merges(["▁ a", "Ġ a"])
    for name, number in (("bos", 1), ("eos", 2), ("unk", 0)):
        getattr(writer, f"add_{name}_token_id")(number)
    writer.add_block_count(1)
    writer.add_context_length(64)
    writer.add_embedding_length(32)
    writer.add_feed_forward_length(32)
    writer.add_head_count(2)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(16)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tensor("token_embd.weight", np.zeros((len(TOKENS), 32), np.float32))
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(32, np.float32))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros((32, 32), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def test_every_kind_is_taken_as_llama_cpp_takes_it(tmp_path: Path) -> None:
    files = [write_file(tmp_path / f"{kind}.gguf", kind, "") for kind in KINDS]
    files += [write_file(tmp_path / f"gpt2-{number}.gguf", "gpt2", way) for number, way in enumerate(ways())]
    done = subprocess.run(
        [sys.executable, "-c", ASKS, *map(str, files)], capture_output=True, text=True, timeout=120, check=True
    )
    said = json.loads(done.stdout.splitlines()[-1])
    assert len(said) > 60
    for file, (begin, end, first) in said.items():
        values = read_gguf_header(Path(file)).values
        taken = taken_by_llama_cpp(values)
        assert (taken[BEGIN], taken[END]) == (begin, end), values["tokenizer.ggml.model"]
        if SPACE in taken:
            assert taken[SPACE] == (TOKENS[first] == "▁a")


@pytest.mark.parametrize("name", ["Llama", "GptOss"])
def test_a_file_states_what_the_tokenizer_does(name: str, tmp_path: Path) -> None:
    """Of tokenizers without a first token llama.cpp's converter says nothing, and llama.cpp would put one."""
    folder = tiny_model(tmp_path / "model", name)
    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder)
    files = ("tokenizer.json", "tokenizer_config.json")
    put = put_by_tokenizer(*(json.loads((folder / file).read_text(encoding="utf-8")) for file in files))
    assert put[BEGIN] == (tokenizer("hello").input_ids[0] == tokenizer.bos_token_id)
    assert put[END] == (tokenizer("hello").input_ids[-1] == tokenizer.eos_token_id)
    report = export_gguf(GgufRequest(folder, tmp_path / "made.gguf", types=("BF16",), answer=False))
    assert report.status is ExportStatus.EXPORTED, report.files
    stated = read_gguf_header(tmp_path / "made.gguf").values
    assert stated[f"tokenizer.ggml.{BEGIN}"] == put[BEGIN]
