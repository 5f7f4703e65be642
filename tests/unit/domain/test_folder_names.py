"""Folders are told apart by names that say something."""

from __future__ import annotations

from pathlib import Path

import pytest

from mergedesk.domain.folder_names import own_name, short_name, spoken_name


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("/models/Llama-3.2-1B", "Llama-3.2-1B"),
        ("/runs/pirate/checkpoint-1500", "pirate/checkpoint-1500"),
        ("/runs/pirate/adapter", "pirate/adapter"),
        ("/runs/pirate/final_adapter", "pirate/final_adapter"),
        ("/runs/pirate/output/checkpoint-20", "pirate/output/checkpoint-20"),
        ("/a/output/final/checkpoint-20", "output/final/checkpoint-20"),
        ("/runs/pirate/epoch_3", "pirate/epoch_3"),
        ("/adapter", "adapter"),
        ("adapter", "adapter"),
        ("/models/lora-of-llama", "lora-of-llama"),
        ("/models/checkpoint-of-may", "checkpoint-of-may"),
        ("/hub/models--owner--some--name/snapshots/0123abcd", "owner/some--name"),
        ("/photos/snapshots/may", "may"),
    ],
)
def test_a_name_that_says_nothing_stands_after_its_folder_s(folder: str, name: str) -> None:
    assert spoken_name(Path(folder)) == name


@pytest.mark.parametrize(
    ("folder", "own", "short"),
    [
        ("/home/anna/adapter", "adapter", "adapter"),
        ("/hub/models--owner--some/snapshots/0123abcd", "owner/some", "some"),
        ("/c/modelscope/hub/models/owner/some___2", "owner/some.2", "some.2"),
    ],
)
def test_what_may_be_published_names_no_folder_around(folder: str, own: str, short: str) -> None:
    assert (own_name(Path(folder)), short_name(Path(folder))) == (own, short)
