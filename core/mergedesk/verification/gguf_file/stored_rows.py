"""Elements of stored tensors in float32. Needs numpy, not torch."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from ...domain.dtypes import DTYPES
from ...quantization.exact import from_bfloat16
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord

Values = npt.NDArray[np.float32]


def read_elements(files: OpenFiles, record: TensorRecord, begin: int, end: int) -> Values:
    """Elements ``begin`` to ``end``, flat. Raises UserError(read_failed)."""
    size = DTYPES[record.dtype].bits // 8
    stored = np.frombuffer(files.read(record, begin * size, max(begin, end) * size), np.uint8)
    if record.dtype == "BF16":
        return from_bfloat16(stored)
    return stored.view(_numpy_type(record.dtype)).astype(np.float32)


@cache
def _numpy_type(dtype: str) -> np.dtype[np.generic]:
    return np.dtype(DTYPES[dtype].torch_name).newbyteorder("<")
