"""Makes the Windows installer from the frozen folder: ``python packaging/windows/build.py``. Needs NSIS's makensis.

Signs the programs and the installer if ``MERGEDESK_SIGN_COMMAND`` holds a command that takes a file; runs on other
systems too, where it says whether the script is right.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
SCRIPT = ROOT / "packaging" / "windows" / "mergedesk.nsi"
REMOVED = {"_internal", "mergedesk.exe", "mergedesk-window.exe"}
"""What the script removes by name, and so all that may lie in the folder."""
STUB = "x86-unicode"
"""What NSIS for Windows has, and every Windows runs."""

sys.path.insert(0, str(ROOT / "core"))
from mergedesk import __version__ as VERSION  # noqa: E402, N812


def main() -> None:
    """Sign, pack, sign."""
    payload = DIST / "mergedesk"
    for program in payload.glob("*.exe"):
        sign(program)
    target = DIST / f"mergedesk-{VERSION}-setup.exe"
    pack(payload, target, ROOT / "build" / "icons" / "mergedesk.ico")
    sign(target)
    print(target)


def pack(payload: Path, target: Path, icon: Path, version: str = VERSION, stub: str = STUB) -> None:
    """Compile the installer, which is itself a program for ``stub``; a warning is an error too.

    Raises:
        ValueError: The payload has something that the script would not remove.
        CalledProcessError: It does not compile.
    """
    if foreign := {one.name for one in payload.iterdir()} - REMOVED:
        raise ValueError(f"mergedesk.nsi removes no {', '.join(sorted(foreign))}")
    defined = {"VERSION": version, "PAYLOAD": str(payload), "OUTFILE": str(target), "ICON": str(icon)}
    options = [f"-D{name}={value}" for name, value in defined.items()]
    command = ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", f"-XTarget {stub}", *options, str(SCRIPT)]
    subprocess.run(command, check=True, cwd=SCRIPT.parent)


def sign(file: Path) -> None:
    """Sign a file, if there is something to sign with."""
    command = os.environ.get("MERGEDESK_SIGN_COMMAND")
    if command:
        subprocess.run([*shlex.split(command, posix=False), str(file)], check=True)


if __name__ == "__main__":
    main()
