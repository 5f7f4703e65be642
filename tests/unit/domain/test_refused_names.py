"""Names and addresses on a hub that stand for no model there."""

from __future__ import annotations

from pathlib import Path

import pytest

from mergedesk.domain.findings import Code
from mergedesk.domain.hub_reference import folder_or_name
from mergedesk.domain.refused_names import refused_name, refused_path


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("hf://acme/../../etc", Code.HUB_NAME_WRONG, "acme/../../etc"),
        ("hf://acme", Code.HUB_NAME_WRONG, "acme"),
        ("hf://acme/tiny/model.safetensors", Code.HUB_NAME_WRONG, "acme/tiny/model.safetensors"),
        ("hf://datasets/acme/x", Code.HUB_IS_DATASET, "acme/x"),
        ("https://huggingface.co/datasets/acme/x", Code.HUB_IS_DATASET, "acme/x"),
        ("https://huggingface.co/datasets/acme/x/tree/main", Code.HUB_IS_DATASET, "acme/x"),
        ("huggingface.co/spaces/acme/x", Code.HUB_IS_SPACE, "acme/x"),
        ("https://huggingface.co/acme", Code.HUB_NAME_WRONG, "acme"),
    ],
)
def test_what_names_no_model_is_refused(text: str, code: Code, name: str) -> None:
    for refused in (refused_name(text), refused_path(folder_or_name(text))):
        assert refused is not None
        assert (refused.code, refused.data["name"]) == (code, name)


@pytest.mark.parametrize("text", ["acme/tiny", "hf://acme/tiny@v1", "https://huggingface.co/acme/tiny"])
def test_what_names_a_model_is_not(text: str) -> None:
    assert refused_name(text) is None
    assert refused_path(folder_or_name(text)) is None


@pytest.mark.parametrize("text", ["datasets/acme/x", "./acme/x", "/acme/../etc", "https://example.org/acme/x", ""])
def test_a_path_is_left_to_the_disk(text: str) -> None:
    assert refused_path(Path(text)) is None
