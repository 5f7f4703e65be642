"""Small GGUF files by the official writer, whole and damaged, of no model that anybody could run."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

from mergedesk.domain.findings import Code

DAMAGES = {
    "none there": Code.GGUF_MISSING,
    "empty": Code.NOT_A_GGUF,
    "text": Code.NOT_A_GGUF,
    "header cut": Code.GGUF_BROKEN,
    "weights cut": Code.GGUF_CUT_SHORT,
    "of an adapter": Code.GGUF_IS_ADAPTER,
    "without weights": Code.GGUF_EMPTY,
}
"""What may be wrong with a file, and what is to be said of it."""


def write_gguf(file: Path, *, kind: str = "model", context: int = 77, tensors: int = 2) -> Path:
    """A file whose ``general.type`` is ``kind``."""
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_type(kind)
    writer.add_context_length(context)
    for number in range(tensors):
        writer.add_tensor(f"blk.{number}.attn_q.weight", np.ones((32, 32), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def damaged_gguf(file: Path, damage: str) -> Path:
    """The same, damaged as ``DAMAGES`` names it."""
    if damage == "of an adapter":
        return write_gguf(file, kind="adapter")
    if damage == "without weights":
        return write_gguf(file, tensors=0)
    content = write_gguf(file).read_bytes()
    kept = {"empty": b"", "text": b"hello", "header cut": content[:90], "weights cut": content[:-4000]}.get(damage)
    if kept is None:
        file.unlink()
    else:
        file.write_bytes(kept)
    return file
