"""Names of models on a hub, told apart from paths."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest

from mergedesk.domain.hub_reference import (
    HubReference,
    folder_or_name,
    host,
    parse_reference,
    path_of,
    reference_of,
    shown_endpoint,
)

LLAMA = HubReference("meta-llama/Llama-3.1-8B")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meta-llama/Llama-3.1-8B", LLAMA),
        (" meta-llama/Llama-3.1-8B ", LLAMA),
        ("hf://meta-llama/Llama-3.1-8B", LLAMA),
        ("hf:/meta-llama/Llama-3.1-8B", LLAMA),
        ("hf://models/meta-llama/Llama-3.1-8B", LLAMA),
        ("hf://acme/tiny@v1.0", HubReference("acme/tiny", "v1.0")),
        ("hf://acme/tiny@refs/pr/7", HubReference("acme/tiny", "refs/pr/7")),
        ("acme/tiny@main", HubReference("acme/tiny", "main")),
        ("https://huggingface.co/meta-llama/Llama-3.1-8B", LLAMA),
        ("https://huggingface.co/meta-llama/Llama-3.1-8B/", LLAMA),
        ("huggingface.co/meta-llama/Llama-3.1-8B?library=peft#files", LLAMA),
        ("https://hf.co/acme/tiny/tree/v1.0", HubReference("acme/tiny", "v1.0")),
        ("https://huggingface.co/acme/tiny/tree/refs%2Fpr%2F7", HubReference("acme/tiny", "refs/pr/7")),
        ("https://huggingface.co/acme/tiny/blob/main/config.json", HubReference("acme/tiny", "main")),
        ("https://huggingface.co/acme/tiny/discussions/3", HubReference("acme/tiny")),
        ("https://huggingface.co/datasets/acme/tiny", None),
        ("https://huggingface.co/acme", None),
        ("https://huggingface.co/acme/tiny/edit/main/x", None),
        ("https://example.org/acme/tiny", None),
        ("hf://acme/tiny/model.safetensors", None),
        ("datasets/tiny", None),
        ("tiny", None),
        ("/acme/tiny", None),
        ("./acme/tiny", None),
        ("../tiny", None),
        ("acme/ti..ny", None),
        ("acme/tiny--x", None),
        ("C:/models", None),
        (r"C:\models\tiny", None),
        (r"models\tiny", None),
        (r"\\server\share", None),
        ("~/models", None),
        ("", None),
    ],
)
def test_what_is_a_name(text: str, expected: HubReference | None) -> None:
    assert parse_reference(text) == expected


def test_the_address_of_a_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse_reference("https://hub.example/hf/acme/tiny/tree/v2") is None
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example/hf/")
    assert parse_reference("https://hub.example/hf/acme/tiny/tree/v2") == HubReference("acme/tiny", "v2")
    assert parse_reference("https://hub.example/acme/tiny") is None


@pytest.mark.parametrize(
    ("stated", "shown", "named"),
    [
        ("http://anna:geheim@hub.example:81/hf/", "http://hub.example:81/hf", "hub.example:81"),
        ("https://anna:ge@heim@hub.example", "https://hub.example", "hub.example"),
        ("https://anna:ge/h://eim@hub.example", "https://hub.example", "hub.example"),
        ("anna:geheim@hub.example", "hub.example", "hub.example"),
        ("https://hub.example/hf", "https://hub.example/hf", "hub.example"),
        ("nowhere", "nowhere", "nowhere"),
    ],
)
def test_a_password_in_the_address_of_a_mirror_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, stated: str, shown: str, named: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", stated)
    assert (shown_endpoint(), host()) == (shown, named)


def test_the_address_of_a_mirror_with_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://anna:geheim@hub.example/hf")
    for before in ("", "anna:geheim@"):
        assert parse_reference(f"https://{before}hub.example/hf/acme/tiny") == HubReference("acme/tiny")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_name_becomes_a_path_that_tells_the_name_again(here: Path) -> None:
    for text in ("acme/tiny", "hf://acme/tiny@v1.0", "https://huggingface.co/acme/tiny/tree/refs%2Fpr%2F7"):
        assert reference_of(folder_or_name(text)) == parse_reference(text)


def test_a_path_is_told_without_asking_the_disk(here: Path) -> None:
    assert reference_of(path_of("hf://acme/tiny@v1")) == HubReference("acme/tiny", "v1")
    assert reference_of(path_of("https://huggingface.co/acme/tiny")) == HubReference("acme/tiny")
    assert path_of("acme/tiny") == Path("acme/tiny")
    assert path_of("https://example.org/x/y") == Path("https://example.org/x/y")


def test_what_is_on_this_computer_wins(here: Path) -> None:
    (here / "acme" / "tiny").mkdir(parents=True)
    assert folder_or_name("acme/tiny") == Path("acme/tiny")
    assert reference_of(Path("acme/tiny")) is None
    assert folder_or_name("acme/other") == Path("acme/other"), "a folder acme is here: that is a typing error"
    assert reference_of(folder_or_name("hf://acme/other")) == HubReference("acme/other")


def test_a_plain_path_is_never_asked_for_at_a_hub(here: Path) -> None:
    assert reference_of(Path("acme/tiny")) is None
    assert reference_of(Path("/acme/tiny")) is None
    assert folder_or_name("/acme/tiny") == Path("/acme/tiny")


def test_a_path_of_windows_tells_the_name_too() -> None:
    assert parse_reference(PureWindowsPath("hf://acme/tiny@v1").as_posix()) == HubReference("acme/tiny", "v1")


def test_a_name_that_no_disk_holds(here: Path) -> None:
    assert folder_or_name("x" * 5000) == Path("x" * 5000)
