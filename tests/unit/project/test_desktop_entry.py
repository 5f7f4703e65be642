"""What file managers are told of the program."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

FILE = Path(__file__).parents[3] / "packaging" / "linux" / "io.github.mergedesk.MergeDesk.desktop"


def test_folders_open_with_the_program() -> None:
    """``%F``: all that are chosen at once, as paths, which is what the window takes."""
    parser = ConfigParser(interpolation=None)
    parser.read(FILE, encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert entry["Exec"] == "mergedesk %F"
    assert entry["MimeType"] == "inode/directory;"
