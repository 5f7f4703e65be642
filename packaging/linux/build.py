"""Makes the Debian package and the portable archive from the frozen folder: ``python packaging/linux/build.py``.

Both hold the same program. The portable one brings the libraries that Qt and Python need from the system along, as far
as they do not have to fit the machine's drivers; the Debian package leaves them to Debian and depends on them.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINUX = ROOT / "packaging" / "linux"
BUNDLE = ROOT / "dist" / "mergedesk"
WORK = ROOT / "build" / "linux"
APP_ID = "io.github.mergedesk.MergeDesk"
MAINTAINER = "The MergeDesk contributors <mergedesk@users.noreply.github.com>"
COMPRESSION = os.environ.get("MERGEDESK_XZ_LEVEL", "6")

sys.path.insert(0, str(ROOT / "core"))
from mergedesk import __version__ as VERSION  # noqa: E402, N812

_ELF = b"\x7fELF"
_SHLIBDEPS = "shlibs:Depends="
_DESCRIPTION = """\
Description: merge a PEFT adapter into its base model, and prove the result
 MergeDesk folds a LoRA adapter, or one of any other method that PEFT can
 merge, into the base model it was trained on. Weights stream from disk to
 disk, so that a model need not fit into memory.
 .
 What was written is read back, computed anew and really loaded before the
 folder takes its name. The program brings its own Python; it needs no
 network and sends nothing anywhere.
"""


def main() -> None:
    """Make both, or the one that is named (``deb``, ``portable``)."""
    wanted = sys.argv[1:] or ["deb", "portable"]
    makers = {"deb": build_deb, "portable": build_portable}
    for kind in wanted:
        print(makers[kind]())


def build_deb() -> Path:
    """The Debian package; its path."""
    root = _fresh(WORK / "deb")
    home = root / "usr" / "lib" / "mergedesk"
    _copy_bundle(home)
    for library in system_libraries(home / "_internal"):
        library.unlink()
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/mergedesk").symlink_to("../lib/mergedesk/mergedesk")
    _desktop_files(root / "usr" / "share")
    _documents(root / "usr" / "share")
    _control(root, home)
    target = ROOT / "dist" / f"mergedesk_{VERSION}_{_architecture()}.deb"
    _run("dpkg-deb", "--root-owner-group", "-Zxz", f"-z{COMPRESSION}", "--build", str(root), str(target))
    return target


def build_portable() -> Path:
    """The archive that runs from any folder; its path."""
    name = f"mergedesk-{VERSION}-linux-{os.uname().machine}"
    folder = _fresh(WORK / "portable") / name
    _copy_bundle(folder)
    _desktop_files(folder / "share")
    (folder / "README.txt").write_text((LINUX / "portable-readme.txt").read_text(encoding="utf-8"), encoding="utf-8")
    target = ROOT / "dist" / f"{name}.tar.xz"
    owner = ("--owner=0", "--group=0", "--numeric-owner", "--sort=name")
    packer = f"xz -T0 -{COMPRESSION}"
    _run("tar", *owner, "-I", packer, "-C", str(folder.parent), "-cf", str(target), name)
    return target


def system_libraries(internal: Path) -> Iterator[Path]:
    """Libraries in the bundle that were taken from the system's own packages."""
    known = _run("ldconfig", "-p")
    names = set(re.findall(r"^\s+(\S+\.so[.\d]*) ", known, re.MULTILINE))
    for file in internal.iterdir():
        if file.name in names and not file.is_symlink() and not file.name.startswith("libpython"):
            yield file


def _copy_bundle(target: Path) -> None:
    # Links cost neither time nor space; nothing below changes a file's contents.
    shutil.copytree(BUNDLE, target, symlinks=True, copy_function=os.link)
    for file in target.rglob("*"):
        if file.is_file() and not file.is_symlink():
            file.chmod(0o755 if _is_elf(file) and ".so" not in file.name else 0o644)


def _desktop_files(share: Path) -> None:
    _copy(LINUX / f"{APP_ID}.desktop", share / "applications" / f"{APP_ID}.desktop")
    _filled(LINUX / f"{APP_ID}.metainfo.xml", share / "metainfo" / f"{APP_ID}.metainfo.xml")
    _run(sys.executable, str(ROOT / "packaging" / "icons.py"), "png", str(share / "icons" / "hicolor"))


def _documents(share: Path) -> None:
    manual = _filled(LINUX / "mergedesk.1", share / "man" / "man1" / "mergedesk.1")
    _gzipped(manual)
    documents = share / "doc" / "mergedesk"
    _copy(LINUX / "copyright", documents / "copyright")
    (documents / "THIRD-PARTY.txt").symlink_to("../../../lib/mergedesk/_internal/licences/THIRD-PARTY.txt")
    changes = documents / "changelog"
    dated = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(_moment()))
    entry = f"  * What is new in {VERSION} is told in the project's CHANGELOG.md."
    changes.write_text(f"mergedesk ({VERSION}) unstable; urgency=medium\n\n{entry}\n\n -- {MAINTAINER}  {dated}\n")
    _gzipped(changes)
    _copy(LINUX / "lintian-overrides", share / "lintian" / "overrides" / "mergedesk")


def _control(root: Path, home: Path) -> None:
    size = sum(file.lstat().st_size for file in root.rglob("*") if file.is_file()) // 1024
    control = root / "DEBIAN" / "control"
    control.parent.mkdir()
    fields = {
        "Package": "mergedesk",
        "Version": VERSION,
        "Architecture": _architecture(),
        "Maintainer": MAINTAINER,
        "Installed-Size": str(size),
        "Depends": _dependencies(home),
        "Recommends": "xdg-desktop-portal, fonts-dejavu-core | fonts-noto-core",
        "Section": "science",
        "Priority": "optional",
    }
    control.write_text("".join(f"{name}: {value}\n" for name, value in fields.items()) + _DESCRIPTION)
    sums = _run("find", "usr", "-type", "f", "-exec", "md5sum", "{}", "+", cwd=root)
    (root / "DEBIAN" / "md5sums").write_text(sums)


def _dependencies(home: Path) -> str:
    """What Debian's own tool finds that the bundle's binaries need and do not bring along."""
    place = _fresh(WORK / "shlibdeps")
    (place / "debian").mkdir()
    (place / "debian" / "control").write_text("Source: mergedesk\n\nPackage: mergedesk\nArchitecture: any\n")
    binaries = [str(file) for file in home.rglob("*") if file.is_file() and not file.is_symlink() and _is_elf(file)]
    private = sorted({str(Path(file).parent) for file in binaries})
    tool = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0", *(f"-l{folder}" for folder in private)]
    for line in _run(*tool, *binaries, cwd=place).splitlines():
        if line.startswith(_SHLIBDEPS):
            return line.removeprefix(_SHLIBDEPS)
    raise SystemExit("dpkg-shlibdeps found no dependency at all.")


def _is_elf(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(4) == _ELF


def _architecture() -> str:
    return _run("dpkg", "--print-architecture").strip()


def _moment() -> int:
    """When this is said to be made: the last commit, so that the same sources give the same package."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or _run("git", "-C", str(ROOT), "log", "-1", "--format=%ct"))


def _filled(source: Path, target: Path) -> Path:
    text = source.read_text(encoding="utf-8")
    date = time.strftime("%Y-%m-%d", time.gmtime(_moment()))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.replace("@VERSION@", VERSION).replace("@DATE@", date), encoding="utf-8")
    return target


def _gzipped(file: Path) -> None:
    packed = gzip.compress(file.read_bytes(), compresslevel=9, mtime=0)
    file.with_name(f"{file.name}.gz").write_bytes(packed)
    file.unlink()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    os.umask(0o022)
    main()
