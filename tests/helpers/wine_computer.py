"""A Windows computer made of Wine: its files, its registry, and programs that run on it, without a screen."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

TIMEOUT = 120
SOFTWARE = r"HKEY_CURRENT_USER\Software"


def what_is_missing() -> str:
    """What of a Windows computer, and of what makes its installers, this one lacks; empty if nothing."""
    needed = {"makensis": "NSIS (makensis)", "wine": "Wine", "wineserver": "Wine's server"}
    return ", ".join(name for program, name in needed.items() if shutil.which(program) is None)


@dataclass(frozen=True)
class WineComputer:
    """One computer for each folder."""

    folder: Path

    def start(self) -> None:
        """Make its folders and its registry."""
        (self.folder / "home").mkdir(parents=True)
        self.run("wineboot", "-i")

    def stop(self) -> None:
        """End whatever runs on it, and take it away."""
        subprocess.run(["wineserver", "-k"], env=self._environment(), check=False, timeout=TIMEOUT)
        shutil.rmtree(self.folder)

    def run(self, program: str | PureWindowsPath, *arguments: str) -> int:
        """Run a program to its end; its exit code."""
        with self.begin(program, *arguments) as child:
            try:
                return child.wait(TIMEOUT)
            finally:
                child.kill()

    def begin(self, program: str | PureWindowsPath, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program."""
        nothing = subprocess.DEVNULL
        command = ["wine", str(program), *arguments]
        return subprocess.Popen(command, env=self._environment(), stdin=nothing, stdout=nothing, stderr=nothing)

    def settle(self) -> None:
        """Wait for everything that runs on it to end."""
        subprocess.run(["wineserver", "-w"], env=self._environment(), check=True, timeout=TIMEOUT)

    def here(self, path: str | PureWindowsPath) -> Path:
        """Where a path of drive C lies on this computer."""
        windows = PureWindowsPath(path)
        assert windows.drive == "C:", path
        return self.folder.joinpath("prefix", "drive_c", *windows.parts[1:])

    def there(self, path: Path) -> PureWindowsPath:
        """The same the other way round."""
        return PureWindowsPath("C:/", *path.relative_to(self.folder / "prefix" / "drive_c").parts)

    @property
    def person(self) -> Path:
        """The person's own folder."""
        (one,) = (one for one in self.here("C:/users").iterdir() if one.name != "Public")
        return one

    @property
    def files(self) -> set[str]:
        """Every file and folder on drive C, but for temporary ones."""
        root = self.here("C:/")
        found = (one.relative_to(root).as_posix() for one in root.rglob("*"))
        return {name for name in found if not name.startswith("windows/") and "/Temp/" not in name}

    def registry(self, key: str = SOFTWARE) -> dict[str, dict[str, str]]:
        """The values of a key and of all below it, as Windows writes them down; but for Wine's own."""
        written = self.here("C:/exported.reg")
        self.run("reg", "export", key, r"C:\exported.reg", "/y")
        if not written.exists():
            return {}
        text = written.read_text(encoding="utf-16")
        written.unlink()
        return {name: values for name, values in _parsed(text).items() if not name.startswith(rf"{SOFTWARE}\Wine")}

    def set_value(self, key: str, name: str, value: str) -> None:
        """Write a text into the registry."""
        assert self.run("reg", "add", key, "/v", name, "/d", value, "/f") == 0

    def _environment(self) -> dict[str, str]:
        own = {"HOME": str(self.folder / "home"), "WINEPREFIX": str(self.folder / "prefix"), "LC_ALL": "C.UTF-8"}
        # No menus of this computer, and no offers to download Mono and Gecko.
        quiet = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe="}
        return {"PATH": os.environ["PATH"], **own, **quiet}


def _parsed(text: str) -> dict[str, dict[str, str]]:
    keys: dict[str, dict[str, str]] = {}
    here: dict[str, str] = {}
    for line in text.replace("\\\n", "").splitlines():
        if key := re.fullmatch(r"\[(.+)]", line):
            here = keys.setdefault(key[1], {})
        elif value := re.fullmatch(r'(?:"((?:[^"\\]|\\.)*)"|(@))=(.*)', line):
            here[value[1] or ""] = _plain(value[3])
    return {key: values for key, values in keys.items() if values}


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
