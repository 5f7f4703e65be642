"""llama.cpp's own parts: fetched by hash, whole, and apart from the official gguf that judges what they make."""

from __future__ import annotations

import re
import sysconfig
from pathlib import Path

import gguf
import pytest
import shipped
from fetch_converter import FOLDER, fetch, requirement

ROOT = Path(__file__).resolve().parents[3]
CONVERTER = next(
    folder for path in (sysconfig.get_path("purelib"), *map(str, Path(gguf.__file__).parents))
    if (folder := Path(path) / FOLDER).is_dir()
)  # fmt: skip


def test_every_part_is_pinned_by_its_hash() -> None:
    assert re.fullmatch(r"llama-cpp-python==[\d.]+ \\\n    --hash=sha256:[0-9a-f]{64}", requirement("llama-cpp-python"))
    first, *hashes = requirement("cyllama").replace("\\\n", "").split()
    assert first in (ROOT / "packaging/constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes)
    assert len(set(hashes)) == len(hashes) > 10


def test_what_set_up_fetched_is_what_is_pinned() -> None:
    assert (CONVERTER / "SOURCE").read_text(encoding="utf-8") == requirement("llama-cpp-python")
    for name in ("convert_hf_to_gguf.py", "convert_lora_to_gguf.py", "conversion/llama.py", "gguf-py/gguf/lazy.py"):
        assert (CONVERTER / name).is_file(), name
    assert "MIT License" in (CONVERTER / "LICENSE").read_text(encoding="utf-8")
    kinds = {file.suffix for file in CONVERTER.rglob("*") if file.is_file()} - {".pyc"}
    assert kinds == {".py", ".typed", ""}


def test_nothing_is_fetched_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("fetch_converter.subprocess.run", lambda *_, **__: pytest.fail("fetched again"))
    (tmp_path / "SOURCE").write_text(requirement("llama-cpp-python"), encoding="utf-8")
    fetch(tmp_path)


def test_the_official_gguf_is_another_than_the_converter_s() -> None:
    assert not Path(gguf.__file__).is_relative_to(CONVERTER)


def test_its_licence_is_in_the_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "converter", lambda: CONVERTER)
    title, licence, texts = shipped._converter_section()
    assert title == "llama.cpp's converter, of llama-cpp-python==0.3.36"
    assert licence == "MIT"
    assert "Copyright (c) 2023-2026 The ggml authors" in texts[0][1]
