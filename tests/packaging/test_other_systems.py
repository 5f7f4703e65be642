"""The installers for Windows and macOS, as far as they can be judged without these systems."""

from __future__ import annotations

import plistlib
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from shipped_program import ROOT

sys.path.insert(0, str(ROOT / "packaging" / "windows"))


@pytest.fixture
def icons(tmp_path: Path) -> Path:
    for kind in ("ico", "icns"):
        command = [sys.executable, str(ROOT / "packaging/icons.py"), kind, str(tmp_path / f"mergedesk.{kind}")]
        subprocess.run(command, check=True)
    return tmp_path


def test_the_windows_installer_compiles_around_a_payload(icons: Path, tmp_path: Path) -> None:
    from build import pack

    payload = tmp_path / "payload"
    (payload / "_internal").mkdir(parents=True)
    for name in ("mergedesk.exe", "mergedesk-window.exe", "_internal/python311.dll"):
        (payload / name).write_bytes(b"MZ" + bytes(2000))
    installer = tmp_path / "mergedesk-setup.exe"
    pack(payload, installer, icons / "mergedesk.ico")
    assert installer.read_bytes().startswith(b"MZ")
    assert b"NullsoftInst" in installer.read_bytes()


def test_the_windows_installer_takes_nothing_that_it_would_not_remove(tmp_path: Path) -> None:
    from build import pack

    (tmp_path / "payload" / "licences").mkdir(parents=True)
    with pytest.raises(ValueError, match="licences"):
        pack(tmp_path / "payload", tmp_path / "setup.exe", tmp_path / "mergedesk.ico")


def test_the_icon_files_hold_every_size(icons: Path) -> None:
    ico = (icons / "mergedesk.ico").read_bytes()
    assert struct.unpack_from("<HHH", ico) == (0, 1, 7)
    for number in range(7):
        length, offset = struct.unpack_from("<II", ico, 6 + 16 * number + 8)
        assert ico[offset : offset + 8] == b"\x89PNG\r\n\x1a\n"
        assert offset + length <= len(ico)
    icns = (icons / "mergedesk.icns").read_bytes()
    assert icns[:4] == b"icns"
    assert struct.unpack_from(">I", icns, 4)[0] == len(icns)


def test_the_mac_scripts_parse() -> None:
    subprocess.run(["bash", "-n", str(ROOT / "packaging/macos/build_dmg.sh")], check=True)
    rights = plistlib.loads((ROOT / "packaging/macos/entitlements.plist").read_bytes())
    assert all(rights.values())
