"""What ships, as a person gets it: unpacked by dpkg into a clean root, or from the archive, and run in an empty world.

``make test-package`` builds what is tested here, once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from shipped_program import ROOT, Program, Tell, heard, install

DIST = ROOT / "dist"
if sys.platform != "linux":  # what is tested here is what ships for Linux
    collect_ignore_glob = ["test_*.py"]

SHARED = {"desk": "screen", "merged_demo": "demo", "demo_by_sources": "demo"}
"""Fixtures whose tests one process runs, as they take long to make or are there once, and the group of those tests."""

MEASURED = "measured"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in SHARED:
                item.add_marker(pytest.mark.xdist_group(SHARED[fixture]))


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Takes a figure that was measured, to be read below the tests' results."""
    return partial(record_property, MEASURED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    ends = [report for report in reports if isinstance(report, pytest.TestReport) and report.when == "call"]
    lines = [str(value) for report in ends for name, value in report.user_properties if name == MEASURED]
    if lines:
        terminalreporter.section(MEASURED)
    for line in lines:
        terminalreporter.write_line(line)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that is made once for all processes of this run, and never written to after that."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = factory.mktemp(name)
        make(folder)
        return folder
    import fcntl

    folder = factory.getbasetemp().parent / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            part = folder.with_suffix(".part")
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder


@pytest.fixture(scope="session")
def isolation() -> Sequence[str]:
    """What takes the network away from a command, by its full path; nothing where the system does not allow it."""
    for command in (("/usr/bin/unshare", "-n"), ("/usr/bin/unshare", "-r", "-n")):
        if Path(command[0]).exists() and subprocess.run([*command, "/bin/true"], check=False).returncode == 0:
            return command
    return ()


@pytest.fixture(scope="session")
def package() -> Path:
    return _built("mergedesk_*.deb")


@pytest.fixture(scope="session")
def archive() -> Path:
    return _built("mergedesk-*-linux-*.tar.xz")


def _built(pattern: str) -> Path:
    found = sorted(DIST.glob(pattern))
    assert found, f"There is no {pattern} in dist: run `make package` first."
    return found[-1]


@pytest.fixture(scope="session")
def clean_root(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root folder with nothing in it but what dpkg installed from the package."""
    return once(tmp_path_factory, "root", lambda root: install(root, package))


@pytest.fixture(scope="session")
def installed(clean_root: Path, isolation: Sequence[str], tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The installed program, by the name a person types."""
    return Program(clean_root / "usr/bin/mergedesk", tmp_path_factory.mktemp("home"), isolation)


@pytest.fixture(scope="session")
def portable(archive: Path, isolation: Sequence[str], tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The portable program, in a folder whose name has spaces and letters that are not English ones."""

    def unpack(folder: Path) -> None:
        with tarfile.open(archive) as packed:
            packed.extractall(folder / "Meine Prográmme für 模型", filter="tar")

    (unpacked,) = once(tmp_path_factory, "portable", unpack).glob("*/*")
    return Program(unpacked / "mergedesk", tmp_path_factory.mktemp("zu Hause"), isolation)


@pytest.fixture(scope="session")
def checkout() -> Callable[..., str]:
    """The same command line, from the sources."""

    def run(*arguments: object, module: str = "mergedesk") -> str:
        command = [sys.executable, "-m", module, *map(str, arguments)]
        environment, pipe = {**os.environ, "PYTHONWARNINGS": "ignore"}, subprocess.PIPE
        with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, encoding="utf-8") as child:
            said, complained = heard(child)
        assert child.returncode == 0, said + complained
        return said

    return run


@pytest.fixture(scope="session")
def sources(isolation: Sequence[str], tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The window from the sources, in the same empty world."""
    extra = {"PYTHONPATH": f"{ROOT / 'core'}:{ROOT / 'gui'}", "LC_CTYPE": "C.UTF-8"}
    return Program(Path(sys.executable), tmp_path_factory.mktemp("other-home"), isolation, extra, ("-m", "mergedesk"))


@pytest.fixture(scope="session")
def demo_base() -> Path:
    from mergedesk.demo.base_model import demo_base_folder, make_demo_base

    return make_demo_base(demo_base_folder(), print)
