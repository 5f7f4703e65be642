"""Fetch llama.cpp's own converter out of the source release of llama-cpp-python, which holds it as upstream wrote it.

``python packaging/fetch_converter.py`` puts it beside what pip installed. The release's hash is in ``hashed.txt``.
Nothing of the release is built or run: before pip hands a source release over, it asks that one's builder for its
name and version, and a stand-in answers.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

HERE = Path(__file__).resolve().parent
FOLDER = "mergedesk_llama_cpp"
"""The converter's folder among installed packages; ``core/mergedesk/llama_cpp/sources.py`` looks for it there."""
_RELEASE = "llama-cpp-python"
_WANTED = re.compile(r"(convert_(hf|lora)_to_gguf\.py|conversion/\w+\.py|gguf-py/gguf/\w+\.(py|typed)|LICENSE|AUTHORS)")
_INSIDE = "vendor/llama.cpp/"
_STAND_IN = """
from pathlib import Path

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = Path(folder) / "{file}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    return info.name
"""


def requirement(name: str) -> str:
    """A distribution's lines in ``hashed.txt``: its version and the hashes that it may have."""
    text = re.sub(r"^#.*\n", "", (HERE / "hashed.txt").read_text(encoding="utf-8"), flags=re.M)
    return next(part for part in re.split(r"\n(?=\S)", text.strip()) if part.startswith(f"{name}=="))


def fetch(target: Path) -> None:
    """Have the converter in ``target``; nothing is done where that is already there. Raises CalledProcessError."""
    wanted, stamp = requirement(_RELEASE), target / "SOURCE"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    with tempfile.TemporaryDirectory() as scratch:
        release = _downloaded(wanted, Path(scratch))
        shutil.rmtree(target, ignore_errors=True)
        _extract(release, target)
    stamp.write_text(wanted, encoding="utf-8")


def _downloaded(wanted: str, scratch: Path) -> Path:
    version = re.match(r".*?==(\S+)", wanted)
    assert version is not None
    stand_in = scratch / "stand-in" / "scikit_build_core"
    stand_in.mkdir(parents=True)
    (stand_in / "__init__.py").touch()
    answer = _STAND_IN.format(name=_RELEASE, file=_RELEASE.replace("-", "_"), version=version[1])
    (stand_in / "build.py").write_text(answer, encoding="utf-8")
    listed = scratch / "requirements.txt"
    listed.write_text(wanted + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-qq", "--no-cache-dir"]
    command += ["--no-deps", "--no-build-isolation", "--no-binary", _RELEASE, "--require-hashes"]
    environment = {**os.environ, "PYTHONPATH": str(stand_in.parent)}
    subprocess.run([*command, "-r", str(listed), "-d", str(scratch)], check=True, env=environment)
    return next(scratch.glob("*.tar.gz"))


def _extract(release: Path, target: Path) -> None:
    with tarfile.open(release) as archive:
        for member in archive:
            name = member.name.partition(_INSIDE)[2]
            content = archive.extractfile(member) if member.isfile() and _WANTED.fullmatch(name) else None
            if content is not None:
                file = target / PurePosixPath(name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content.read())


if __name__ == "__main__":
    fetch(Path(sysconfig.get_path("purelib")) / FOLDER)
