"""The one table of dtypes says of each what torch says, and what the stored bytes are."""

from __future__ import annotations

import math

import pytest
import torch

from mergedesk.domain.dtypes import BY_STORAGE_CLASS, BY_TORCH_NAME, DTYPES, FLOATING, DType
from mergedesk.domain.requests import Precision
from mergedesk.storage.torch_dtypes import stored_dtype, torch_dtype

NAMED = list(BY_TORCH_NAME.values())


@pytest.mark.parametrize("dtype", NAMED, ids=lambda dtype: dtype.name)
def test_a_dtype_is_torchs_of_that_name_and_back(dtype: DType) -> None:
    theirs = torch_dtype(dtype.name)
    assert (str(theirs), theirs.itemsize * 8) == (f"torch.{dtype.torch_name}", dtype.bits)
    assert stored_dtype(theirs) is dtype


@pytest.mark.parametrize("name", sorted(FLOATING))
def test_a_floats_parts_are_torchs(name: str) -> None:
    dtype, theirs = DTYPES[name], torch.finfo(torch_dtype(name))
    assert (theirs.eps, theirs.tiny) == (2.0**-dtype.mantissa, 2.0**dtype.smallest_exponent)
    assert math.frexp(theirs.max)[1] == 1 << (dtype.exponent - 1)
    assert 1 + dtype.exponent + dtype.mantissa == dtype.bits


@pytest.mark.filterwarnings("ignore:TypedStorage is deprecated")
@pytest.mark.parametrize("dtype", BY_STORAGE_CLASS.values(), ids=lambda dtype: dtype.storage_class)
def test_a_storage_class_holds_its_dtype(dtype: DType) -> None:
    assert getattr(torch, dtype.storage_class).dtype is torch_dtype(dtype.name)


def test_what_torch_has_no_name_for_is_shown_under_safetensors_own() -> None:
    assert (DTYPES["F4"].shown_as, DTYPES["BF16"].shown_as) == ("F4", "bfloat16")
    with pytest.raises(AttributeError):
        torch_dtype("F4")


def test_a_precision_is_one_dtype_or_each_tensors_own() -> None:
    found = {precision: precision.dtype and precision.dtype.name for precision in Precision}
    assert found == {
        Precision.AUTO: None, Precision.FLOAT32: "F32", Precision.BFLOAT16: "BF16", Precision.FLOAT16: "F16",
    }  # fmt: skip
