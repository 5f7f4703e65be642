"""The process in which llama.cpp answers from a GGUF file: the question on standard input, the answer on its output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

_FLOAT32 = 0


def main() -> None:
    """Read one ``{file, text, tokens, count, threads}``, and write ``{text_tokens, tokens, text}``."""
    asked = json.load(sys.stdin.buffer)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as stream:
        os.dup2(2, 1)  # whatever llama.cpp prints is no answer
        json.dump(_answered(asked), stream)


def _answered(asked: dict[str, Any]) -> dict[str, Any]:
    from cyllama.llama import llama_cpp

    parameters = llama_cpp.LlamaModelParams()
    parameters.n_gpu_layers, parameters.use_extra_bufts = 0, False
    model = llama_cpp.LlamaModel(asked["file"], parameters)
    vocabulary = model.get_vocab()
    text_tokens = vocabulary.tokenize(asked["text"], add_special=False, parse_special=True)
    said = _greedy(llama_cpp, model, asked["tokens"], asked["count"], asked["threads"])
    end = next((place for place, token in enumerate(said) if vocabulary.is_eog(token)), len(said))
    text = "".join(vocabulary.token_to_piece(token, 0, False) for token in said[:end])
    return {"text_tokens": list(text_tokens), "tokens": said, "text": text}


def _greedy(llama_cpp: Any, model: Any, tokens: Sequence[int], count: int, threads: int) -> list[int]:
    """The tokens that are likeliest, one after the other."""
    settings = llama_cpp.LlamaContextParams()
    settings.n_ctx, settings.n_batch = len(tokens) + count + 8, len(tokens) + 8
    settings.n_threads = settings.n_threads_batch = threads
    settings.type_k = settings.type_v = _FLOAT32
    context = llama_cpp.LlamaContext(model, settings)
    sampler = llama_cpp.LlamaSampler(llama_cpp.LlamaSamplerChainParams())
    sampler.add_greedy()
    said, place = list[int](), 0
    given = list(tokens)
    for _ in range(count):
        context.decode(llama_cpp.llama_batch_get_one(given, place))
        place += len(given)
        given = [int(sampler.sample(context, -1))]
        said += given
    return said


if __name__ == "__main__":
    main()
