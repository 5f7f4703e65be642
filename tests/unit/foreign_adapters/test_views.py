"""Views of stored tensors read as torch's own of the same tensor, whichever part of them is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from folders import write_tensors
from pickled_files import bytes_of, stored_bytes_of

from mergedesk.foreign_adapters.views import as_halves, matrix_of, pieced, rows_of, transposed
from mergedesk.storage import strided_path
from mergedesk.storage.factor_view import Steps
from mergedesk.storage.positional_io import opened
from mergedesk.storage.safetensors_header import TensorRecord, read_header
from mergedesk.storage.tensor_reading import read_rows

See = Callable[[TensorRecord], TensorRecord]
Turn = Callable[[torch.Tensor], torch.Tensor]


def halves(heads: int) -> Turn:
    return lambda t: t.view(heads, -1, 2, *t.shape[1:]).transpose(1, 2).reshape(t.shape)


VIEWS: dict[str, tuple[tuple[int, ...], See, Turn]] = {
    "transposed": ((12, 5), transposed, lambda t: t.t()),
    "one column": ((7, 1), transposed, lambda t: t.t()),
    "one row": ((1, 7), transposed, lambda t: t.t()),
    "twice": ((12, 5), lambda r: transposed(transposed(r)), lambda t: t),
    "rows": ((12, 5), lambda r: rows_of(r, 3, 4), lambda t: t[3:7]),
    "rows of transposed": ((12, 5), lambda r: rows_of(transposed(r), 1, 3), lambda t: t.t()[1:4]),
    "one of a stack": ((3, 4, 5), lambda r: matrix_of(r, 2), lambda t: t[2]),
    "one of a stack, transposed": ((3, 4, 5), lambda r: transposed(matrix_of(r, 1)), lambda t: t[1].t()),
    "halves": ((24, 5), lambda r: as_halves(r, 3), halves(3)),
    "halves, rank 1": ((24, 1), lambda r: as_halves(r, 3), halves(3)),
    "halves of one head": ((8, 5), lambda r: as_halves(r, 1), halves(1)),
    "halves of a vector": ((24,), lambda r: as_halves(r, 2), halves(2)),
    "halves of transposed": ((5, 24), lambda r: as_halves(transposed(r), 3), lambda t: halves(3)(t.t())),
    "halves, two rows a head": ((6, 4), lambda r: as_halves(r, 3), lambda t: t),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64, torch.float8_e4m3fn])
@pytest.mark.parametrize("span", [0, 16, strided_path._SPAN_BYTES])
@pytest.mark.parametrize("kind", VIEWS)
def test_it_reads_as_torchs(
    kind: str, span: int, dtype: torch.dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strided_path, "_SPAN_BYTES", span)
    shape, see, turn = VIEWS[kind]
    stored = torch.randn(shape).to(dtype)
    file = write_tensors(tmp_path / "a.safetensors", {"before": torch.ones(3), "x": stored})
    record, wanted = see(read_header(file).tensors["x"]), turn(stored).clone(memory_format=torch.contiguous_format)
    assert (record.shape, record.nbytes) == (tuple(wanted.shape), wanted.numel() * wanted.element_size())
    assert stored_bytes_of(record) == bytes_of(wanted)
    with opened(record.file) as source:
        for begin, end in ((0, 1), (1, wanted.shape[0]), (wanted.shape[0] // 2, wanted.shape[0])):
            assert bytes_of(read_rows(source, record, begin, end)) == bytes_of(wanted[begin:end].clone())


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64, torch.float8_e4m3fn])
def test_a_matrix_of_pieces_reads_as_torchs_with_zeros_between(dtype: torch.dtype, tmp_path: Path) -> None:
    tall, stack = torch.randn(7, 3).to(dtype), torch.randn(2, 4, 5).to(dtype)
    file = write_tensors(tmp_path / "a.safetensors", {"before": torch.ones(3), "tall": tall, "stack": stack})
    stored = read_header(file).tensors
    wanted = torch.zeros(15, 12, dtype=torch.float32).to(dtype)
    wanted[1:15:2, 0:9:4] = tall
    wanted[10:14, 1:11:2], wanted[0:8:2, 7:12] = stack[1], stack[0]
    pieces = [
        (stored["tall"], Steps(1, 7, 2), Steps(0, 3, 4)),
        (matrix_of(stored["stack"], 1), Steps(10, 4), Steps(1, 5, 2)),
        (matrix_of(stored["stack"], 0), Steps(0, 4, 2), Steps(7, 5)),
    ]
    record = pieced("whole", (15, 12), pieces)
    assert stored_bytes_of(record) == bytes_of(wanted)
    with opened(record.file) as source:
        for begin, end in ((0, 1), (1, 2), (3, 11), (9, 15)):
            assert bytes_of(read_rows(source, record, begin, end)) == bytes_of(wanted[begin:end].clone())


def test_pieces_may_be_turned_over(tmp_path: Path) -> None:
    stored = torch.randn(5, 3)
    record = read_header(write_tensors(tmp_path / "a.safetensors", {"x": stored})).tensors["x"]
    wanted = torch.zeros(6, 5)
    wanted[0:6:2] = stored.t()
    whole = pieced("whole", (6, 5), [(transposed(record), Steps(0, 3, 2), Steps(0, 5))])
    assert stored_bytes_of(whole) == bytes_of(wanted)
