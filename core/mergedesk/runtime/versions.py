"""Which versions are at work, read from the installed metadata: nothing is imported for it."""

from __future__ import annotations

import platform
import sys

from .version import __version__

_LIBRARIES = ("torch", "transformers", "peft", "safetensors")


def package_versions() -> dict[str, str]:
    """The program and the libraries that do the work, by package; a library that is not there is left out."""
    from importlib.metadata import PackageNotFoundError, version  # takes its time, which a start need not wait for

    versions = {"mergedesk": __version__}
    for name in _LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def library_versions() -> dict[str, str]:
    """The same as people are shown them, and Python."""
    versions = package_versions()
    return {"MergeDesk": versions.pop("mergedesk"), **versions, "Python": platform.python_version()}


def platform_name() -> str:
    """The operating system as people call it, with its processor: ``Debian GNU/Linux 12 (Linux 6.1, x86_64)``."""
    machine = platform.machine() or "?"
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]} ({machine})"
    if sys.platform == "win32":
        return f"Windows {platform.release()} ({platform.version()}, {machine})"
    return f"{_distribution()} (Linux {platform.release()}, {machine})"


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    except OSError:
        return "Linux"
