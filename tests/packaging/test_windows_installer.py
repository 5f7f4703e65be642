"""The Windows installer's own logic, run under Wine around a payload that only says how it was started."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import pytest
from shipped_program import ROOT
from wine_computer import SOFTWARE, WineComputer, what_is_missing

sys.path.insert(0, str(ROOT / "packaging" / "windows"))
from build import pack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("wine"),
    pytest.mark.skipif(
        bool(what_is_missing()), reason=f"The Windows installer cannot be tried: {what_is_missing()} is missing."
    ),
]

STUB = "amd64-unicode"  # Debian's Wine runs programs of 64 bits; the script knows nothing of it
UNINSTALL = rf"{SOFTWARE}\Microsoft\Windows\CurrentVersion\Uninstall\MergeDesk"
OPEN_WITH = rf"{SOFTWARE}\Classes\Directory\shell\MergeDesk"
SETTINGS = rf"{SOFTWARE}\MergeDesk\MergeDesk"
USUAL = "AppData/Local/Programs/MergeDesk"
START_MENU = "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/MergeDesk.lnk"
STRANGE = PureWindowsPath("C:/Meine Programme/模型 合并")

PROGRAM = r"""
Unicode true
SilentInstall silent
RequestExecutionLevel user
OutFile "{target}"
Section
  System::Call 'kernel32::GetCommandLineW() w .r0'
  FileOpen $1 "C:\started.txt" w
  FileWriteUTF16LE $1 "{version} $0"
  FileClose $1
  wait:
  IfFileExists "C:\stay.txt" 0 done
  Sleep 100
  Goto wait
  done:
SectionEnd
"""


def payload(folder: Path, version: str, *, only_here: str) -> Path:
    """The frozen folder's form, with programs that write down how they were started."""
    inner = folder / "_internal" / "torch" / "lib"
    inner.mkdir(parents=True)
    (inner / "torch.dll").write_bytes(bytes(100_000))
    (folder / "_internal" / only_here).write_text(version, encoding="utf-8")
    for name in ("mergedesk.exe", "mergedesk-window.exe"):
        script = folder / "script.nsi"
        script.write_text(PROGRAM.format(target=folder / name, version=version), encoding="utf-8")
        subprocess.run(["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", f"-XTarget {STUB}", script], check=True)
        script.unlink()
    return folder


@pytest.fixture(scope="module")
def installers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An older and a newer one: each has a module that the other lacks."""
    folder = tmp_path_factory.mktemp("installers")
    icon = folder / "mergedesk.ico"
    subprocess.run([sys.executable, str(ROOT / "packaging/icons.py"), "ico", str(icon)], check=True)
    for version, only_here in (("0.1.0", "old.py"), ("0.2.0", "new.py")):
        content = payload(folder / version, version, only_here=only_here)
        pack(content, folder / f"{version}.exe", icon, version, STUB)
    return folder


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WineComputer]:
    computer = WineComputer(tmp_path_factory.mktemp("wine") / "computer")
    computer.start()
    yield computer
    computer.stop()


@pytest.fixture
def clean(wine: WineComputer) -> Iterator[WineComputer]:
    """The computer, and after the test nothing of the program on it."""
    before = wine.files, wine.registry()
    yield wine
    wine.here("C:/stay.txt").unlink(missing_ok=True)
    for folder in (wine.person / USUAL, wine.here(STRANGE)):
        if (folder / "uninstall.exe").exists():
            uninstall(wine, folder)
    wine.here("C:/started.txt").unlink(missing_ok=True)
    assert wine.files == before[0]
    assert wine.registry() == before[1]


def install(wine: WineComputer, installer: Path, *options: str) -> int:
    """Run an installer in silence."""
    copy = wine.here("C:/setup.exe")
    copy.write_bytes(installer.read_bytes())
    code = wine.run(wine.there(copy), "/S", *options)
    copy.unlink()
    return code


def uninstall(wine: WineComputer, folder: Path) -> int:
    """Uninstall as Windows' settings do, with what the registry says."""
    quiet = wine.registry(UNINSTALL)[UNINSTALL]["QuietUninstallString"]
    assert quiet == f'"{wine.there(folder)}\\uninstall.exe" /S'
    code = wine.run(quiet.split('"')[1], "/S")
    wine.settle()  # it goes on as a copy of itself, from elsewhere
    return code


def names_in(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def started(wine: WineComputer) -> str:
    """How the program was last started."""
    return wine.here("C:/started.txt").read_text(encoding="utf-16-le")


def installed_names(only_here: str) -> set[str]:
    return {
        "mergedesk.exe",
        "mergedesk-window.exe",
        "uninstall.exe",
        "_internal/torch/lib/torch.dll",
        f"_internal/{only_here}",
    }


def test_silent_install_lays_out_files_start_menu_and_registry(clean: WineComputer, installers: Path) -> None:
    assert install(clean, installers / "0.1.0.exe") == 0
    folder = clean.person / USUAL
    assert names_in(folder) == installed_names("old.py")
    entry = clean.registry(UNINSTALL)[UNINSTALL]
    said = {name: entry[name] for name in ("DisplayName", "DisplayVersion", "Publisher", "InstallLocation")}
    assert said == {
        "DisplayName": "MergeDesk",
        "DisplayVersion": "0.1.0",
        "Publisher": "The MergeDesk contributors",
        "InstallLocation": str(clean.there(folder)),
    }
    assert entry["DisplayIcon"] == str(clean.there(folder / "mergedesk-window.exe"))
    kilobytes = int(entry["EstimatedSize"].removeprefix("dword:"), 16)
    assert abs(kilobytes - sum(one.stat().st_size for one in folder.rglob("*")) / 1024) < 20
    link = (clean.person / START_MENU).read_bytes()
    assert str(clean.there(folder / "mergedesk-window.exe")).encode() in link


def test_the_installer_tells_its_version(installers: Path) -> None:
    content = (installers / "0.2.0.exe").read_bytes()
    for name, value in (("FileVersion", "0.2.0"), ("ProductVersion", "0.2.0"), ("ProductName", "MergeDesk")):
        text = re.escape(name.encode("utf-16-le")) + rb"(\0\0)+" + re.escape(value.encode("utf-16-le"))
        assert re.search(text, content), name


def test_folders_open_with_the_program_from_their_menu(clean: WineComputer, installers: Path) -> None:
    install(clean, installers / "0.1.0.exe")
    keys = clean.registry(OPEN_WITH)
    assert keys[OPEN_WITH][""] == "Open with MergeDesk"
    program, argument = re.fullmatch(r'"([^"]+)" "([^"]+)"', keys[rf"{OPEN_WITH}\command"][""]).groups()
    assert keys[OPEN_WITH]["Icon"] == program
    folder = r"C:\Meine Modelle\海 1"
    assert clean.run(program, argument.replace("%1", folder)) == 0
    assert f'"{folder}"' in started(clean)


def test_an_upgrade_takes_the_place_of_the_older_one_and_keeps_settings(clean: WineComputer, installers: Path) -> None:
    clean.set_value(SETTINGS, "language", "zh_CN")
    install(clean, installers / "0.1.0.exe", "/D=" + str(STRANGE).split()[0], *str(STRANGE).split()[1:])
    folder = clean.here(STRANGE)
    assert names_in(folder) == installed_names("old.py")
    assert install(clean, installers / "0.2.0.exe") == 0  # it finds the older one's folder by itself
    assert names_in(folder) == installed_names("new.py")
    assert not (clean.person / USUAL).exists()
    assert clean.registry(UNINSTALL)[UNINSTALL]["DisplayVersion"] == "0.2.0"
    assert clean.run(clean.registry(UNINSTALL)[UNINSTALL]["DisplayIcon"]) == 0
    assert started(clean).startswith("0.2.0")
    assert uninstall(clean, folder) == 0
    assert clean.registry(SETTINGS)[SETTINGS] == {"language": "zh_CN"}
    assert clean.run("reg", "delete", rf"{SOFTWARE}\MergeDesk", "/f") == 0
    clean.here(STRANGE.parent).rmdir()


def test_the_same_installer_repairs_what_was_damaged(clean: WineComputer, installers: Path) -> None:
    install(clean, installers / "0.2.0.exe")
    folder = clean.person / USUAL
    (folder / "_internal/torch/lib/torch.dll").unlink()
    (folder / "mergedesk.exe").write_bytes(b"cut")
    (clean.person / START_MENU).unlink()
    assert install(clean, installers / "0.2.0.exe") == 0
    assert names_in(folder) == installed_names("new.py")
    assert (folder / "mergedesk.exe").read_bytes() == (installers / "0.2.0/mergedesk.exe").read_bytes()
    assert (clean.person / START_MENU).exists()


def test_uninstalling_leaves_nothing(clean: WineComputer, installers: Path) -> None:
    before = clean.files, clean.registry()
    install(clean, installers / "0.1.0.exe")
    assert clean.files != before[0]
    assert clean.registry() != before[1]
    assert uninstall(clean, clean.person / USUAL) == 0
    assert clean.files == before[0]
    assert clean.registry() == before[1]


def test_while_the_program_runs_nothing_of_it_is_touched(clean: WineComputer, installers: Path) -> None:
    install(clean, installers / "0.1.0.exe")
    folder = clean.person / USUAL
    clean.here("C:/stay.txt").touch()
    setup = clean.here("C:/setup.exe")
    setup.write_bytes((installers / "0.2.0.exe").read_bytes())
    with clean.begin(clean.there(folder / "mergedesk-window.exe")) as running:
        deadline = time.monotonic() + 30
        while not clean.here("C:/started.txt").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        # The second option keeps the uninstaller from going on as a copy whose end nobody hears of.
        codes = [
            clean.run(clean.there(one), "/S", f"_?={clean.there(folder)}") for one in (setup, folder / "uninstall.exe")
        ]
        clean.here("C:/stay.txt").unlink()
        assert (running.wait(60), codes) == (0, [2, 2])
    setup.unlink()
    assert names_in(folder) == installed_names("old.py")
    assert clean.registry(UNINSTALL)[UNINSTALL]["DisplayVersion"] == "0.1.0"


def test_a_folder_with_other_files_is_refused(clean: WineComputer, installers: Path) -> None:
    folder = clean.here("C:/Papiere")
    folder.mkdir()
    (folder / "letter.txt").write_text("mine", encoding="utf-8")
    assert install(clean, installers / "0.1.0.exe", r"/D=C:\Papiere") == 2
    assert names_in(folder) == {"letter.txt"}
    (folder / "letter.txt").unlink()
    folder.rmdir()
