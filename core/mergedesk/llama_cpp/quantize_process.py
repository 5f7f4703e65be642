"""The process in which llama.cpp quantises: ``SOURCE TARGET NUMBER THREADS``."""

from __future__ import annotations

import sys

from .guarded import end_with_parent


def main() -> None:
    """Write ``TARGET`` in the file type of that number."""
    source, target, number, threads = sys.argv[1:]
    end_with_parent()
    from cyllama.llama import llama_cpp

    asked = llama_cpp.LlamaModelQuantizeParams()
    asked.ftype, asked.nthread = int(number), int(threads)
    llama_cpp.model_quantize(source, target, asked)


if __name__ == "__main__":
    main()
