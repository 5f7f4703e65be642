"""Paths of this computer, as they stand in texts that are about to leave it."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath, PureWindowsPath

# Where people's own files lie, on the systems and rented machines that models are made on.
_ROOTS = (
    "home", "Users", "root", "mnt", "media", "tmp", "var", "opt", "srv", "work", "workspace", "content", "scratch",
    "kaggle", "private", "Volumes", "data", "nfs", "gpfs", "lustre", "fsx", "projects", "storage", "run", "dev",
)  # fmt: skip
_END = r"[^\s\"'`<>|*?,;)\]}]"
_POSIX = rf"(?<![\w.:/~\\-])/(?:{'|'.join(_ROOTS)})/{_END}+"
_WINDOWS = rf"(?<![A-Za-z])[A-Za-z]:(?:\\\\?|/(?!/)){_END}+"
_SHARE = rf"(?<![\w\\])\\\\[\w.-]+\\{_END}+"
_HOME = rf"(?<![\w/])~/{_END}+"
_PATH = re.compile("|".join((_POSIX, _WINDOWS, _SHARE, _HOME)))
_FILE_ADDRESS = re.compile(r"file://+", re.IGNORECASE)
_WHOLE = re.compile(r"/(?:[^/\0\n]+/)+[^/\0\n]*|~/.+|[A-Za-z]:[\\/].*|\\\\[^\\]+\\.+")


def is_local_path(text: str) -> bool:
    """Whether all of a text is a path that only means something on one computer."""
    return bool(_WHOLE.fullmatch(_FILE_ADDRESS.sub("/", text))) or _is_below_home(text)


def has_local_path(text: str) -> bool:
    """Whether a path of a computer stands anywhere in a text."""
    home = _home()
    return bool(_PATH.search(_FILE_ADDRESS.sub(" /", text))) or (home is not None and home in text)


def without_local_paths(text: str) -> str:
    """The text with each path's last part in the place of the path."""
    if not has_local_path(text):
        return text
    if home := _home():
        text = re.sub(rf"{re.escape(home)}(?:[\\/]{_END}+)?", lambda match: last_part(match[0]), text)
    return _PATH.sub(lambda match: last_part(match[0]), _FILE_ADDRESS.sub("/", text))


def last_part(path: str) -> str:
    """A path's last part: the name of a file or folder, which a card may well tell."""
    kind = PureWindowsPath if "\\" in path or re.match(r"[A-Za-z]:", path) else PurePosixPath
    return kind(path).name or "path"


def _home() -> str | None:
    """This person's folder, wherever it lies; None where its name is too short to be looked for."""
    home = str(Path.home())
    return home if len(Path(home).parts) > 2 else None


def _is_below_home(text: str) -> bool:
    home = _home()
    return home is not None and text.startswith(home)
