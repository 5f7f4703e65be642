"""Take out of a text what tells who the person is and what they work on: paths, names of folders, user and computer.

In doubt more is taken out than need be: an unquoted path may hold spaces, so it ends where its line ends.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
import re
import sys
import sysconfig
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import quote

from .secrets import ADDRESS, SECRET, secrets_of_environment, without_secrets

PATH, NAME = "<path>", "<name>"

# Names that files have in every model's folder. They say what went wrong, and nothing about the person.
_USUAL_FILE = re.compile(
    r"[/\\]((?:adapter_config|config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens"
    r"|preprocessor_config|processor_config|chat_template|model\.safetensors\.index|pytorch_model\.bin\.index"
    r"|mergedesk-report|vocab|merges|quantize_config)\.(?:json|txt|jinja)"
    r"|(?:adapter_)?model(?:-\d+-of-\d+)?\.safetensors|(?:adapter|pytorch)_model(?:-\d+-of-\d+)?\.bin)(?![\w.-])"
)
_FRAME = re.compile(r'^(?P<before>\s*File )"(?P<file>.*)"(?P<after>, line \d+.*)$')
_SOURCE = re.compile(r"^ {4,}")

# Where a path begins: file://, a drive, a share, the root, a home, a folder named here, and the same with % for /.
_BEGINNING = (
    r"(?:\b(?:file|[A-Za-z][A-Za-z0-9+.-]*):(?:/|\\/){2,}"
    r"|(?<![A-Za-z0-9])[A-Za-z]:[\\/]"
    r"|(?<!\\)\\\\+(?=[^\s\\])"
    r"|(?<![A-Za-z0-9_.)\]>~<-])\\?/(?=[^\s])"
    r"|~[\w.-]*[\\/]"
    r"|<folder \d+>[\\/]"
    r"|(?:[A-Za-z]%3[Aa])?%(?:25)*(?:2[Ff]|5[Cc]))"
)
_WORD = r"[^\s'\"“”‘’`<>()/\\]"
_RELATIVE = rf"(?<!{_WORD})(?:{_WORD}+[\\/]+)+{_WORD}+"
_ABSOLUTE = re.compile(rf"(?P<open>['\"“‘`«])(?P<path>{_BEGINNING}.*)(?P<close>['\"”’`»])|(?P<bare>{_BEGINNING}.*$)")
_NAMED = re.compile(_RELATIVE)
_NO_PATH = re.compile(r"[A-Za-z0-9]{1,3}/[A-Za-z0-9]{1,3}|input/output|gnu/linux", re.IGNORECASE)  # and/or, MB/s, 1/2
_LABEL = re.compile(r"<folder \d+>|<program>|<python>")
# fmt: off
_USUAL_NAMES = frozenset((
    "root", "user", "users", "admin", "administrator", "home", "localhost", "ubuntu", "debian", "runner", "app", "data",
    "models", "model", "adapters", "adapter", "tmp", "temp", "var", "mnt", "media", "opt", "usr", "srv", "volumes",
    "documents", "desktop", "downloads", "output", "base", "merged", "cache", "local", "share", "work", "projects",
    "mergedesk", "demo", "python", "torch", "transformers", "peft", "safetensors", "pyside6", "huggingface", "hub",
    "snapshots", "checkpoint", "checkpoints", "lora", "weights", "system", "window", "windows", "linux", "memory",
    "versions", "computer", "language", "file", "line", "error", "bundle", "package", "program",
))
# fmt: on
_LEAST_NAME = 2
_MOST_LINE = 4000  # what is longer is no sentence, and the patterns take their time


@dataclass(frozen=True, slots=True)
class _Forms:
    """Texts to hide in whatever way they are written, each with what stands for it."""

    pattern: re.Pattern[str]
    labels: Mapping[str, str]

    @classmethod
    def of(cls, labels: Iterable[tuple[str, str]], *, before: str, after: str) -> _Forms:
        """``before`` and ``after`` say, as patterns, what must be around them."""
        # Where two texts are written alike, the first counts.
        forms = [(form, label) for text, label in labels for form in _written(text)][::-1]
        longest_first = "|".join(re.escape(form) for form in sorted(dict(forms), key=len, reverse=True))
        pattern = re.compile(f"{before}(?:{longest_first}){after}" if forms else "(?!)", re.IGNORECASE)
        return cls(pattern, {form.casefold(): label for form, label in forms})

    def hide(self, text: str, otherwise: str) -> str:
        """The text without them; letters may be the same to a pattern that are not when folded, hence ``otherwise``."""
        return self.pattern.sub(lambda match: self.labels.get(match[0].casefold(), otherwise), text)


@dataclass(frozen=True)
class Private:
    """What must not be told. ``folders`` are full paths, each of which gets a number; ``names`` are single words."""

    folders: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    """What stands for whom: ("anna", "<user>")."""
    programs: tuple[tuple[str, str], ...] = ()
    """Folders of the program itself, with what may be told of them: ("/opt/x/lib", "<program>")."""

    def with_folders(self, folders: Iterable[Path]) -> Private:
        """The same about other folders; the disk is not asked for it."""
        return replace(self, folders=tuple(dict.fromkeys(str(folder) for folder in folders if len(folder.parts) > 1)))

    def hide(self, text: str) -> str:
        """``text`` without any of it."""
        return "\n".join(self._lines(unicodedata.normalize("NFC", text)))

    def _lines(self, text: str) -> Iterator[str]:
        is_ours = False
        for whole_line in self._folder_forms.hide(text, PATH).split("\n"):
            line = whole_line[:_MOST_LINE]
            frame = _FRAME.match(line)
            file = self._program_file(frame["file"]) if frame else ""
            if frame:
                yield f'{frame["before"]}"{file}"{self._names_in(frame["after"])}'
            elif is_ours and _SOURCE.match(line):
                yield self._names_in(line)  # a line of a program, which is no secret
            else:
                yield self._names_in(_without_paths(line))
            is_ours = bool(file) and not file.startswith((PATH, "<folder"))

    def _program_file(self, file: str) -> str:
        for folder, label in self.programs:
            if file.startswith((folder + "/", folder + "\\")):
                return label + file[len(folder) :]
        is_internal = file.startswith("<") and file.endswith(">") and "/" not in file  # <frozen importlib._bootstrap>
        module = re.split(r"[/\\]", file)[0].removesuffix(".py")  # as an installed bundle names its modules' files
        is_of_a_module = module in sys.modules or module in sys.stdlib_module_names
        return file if is_internal or is_of_a_module else _stand_in(file)

    def _names_in(self, text: str) -> str:
        return without_secrets(self._name_forms.hide(text, NAME))

    @cached_property
    def _folder_forms(self) -> _Forms:
        numbered = enumerate(dict.fromkeys(self.folders), 1)
        labels = [(folder, f"<folder {number}>") for number, folder in numbered]
        return _Forms.of(labels, before="", after=r"(?![A-Za-z0-9_.-])")

    @cached_property
    def _name_forms(self) -> _Forms:
        labels = [
            (name, label)
            for name, label in (*self.names, *self._folder_names())
            if len(name) >= _LEAST_NAME and name.lower() not in _USUAL_NAMES
        ]
        return _Forms.of(labels, before="(?<![A-Za-z0-9])", after="(?![A-Za-z0-9])")

    def _folder_names(self) -> Iterator[tuple[str, str]]:
        """The names along each folder's path; the last one with the folder's number."""
        for number, folder in enumerate(dict.fromkeys(self.folders), 1):
            parts = _parts(folder)
            yield from ((part, f"<folder {number}>") for part in parts[-1:])
            yield from ((part, NAME) for part in parts[:-1] if len(part) > 3)


def private_of_this_computer(folders: Iterable[Path] = ()) -> Private:
    """What is private about this person and computer, and about ``folders``."""
    return Private((), tuple(_names()), tuple(_programs())).with_folders(folders)


def _without_paths(line: str) -> str:
    def absolute(match: re.Match[str]) -> str:
        return (
            _stand_in(match["bare"]) if match["bare"] else f"{match['open']}{_stand_in(match['path'])}{match['close']}"
        )

    def named(match: re.Match[str]) -> str:
        is_no_path = match[0].startswith("<") or _NO_PATH.fullmatch(match[0].strip(".,:;()"))
        return match[0] if is_no_path else _stand_in(match[0])

    return _NAMED.sub(named, _ABSOLUTE.sub(absolute, line))


def _stand_in(path: str) -> str:
    """What is told of a path: a folder's number if it has one, and the file's name if every model has such a file."""
    if re.match(r"(?:https?|ftp|s3|hf)\b", path, re.IGNORECASE):
        return ADDRESS
    label = _LABEL.match(path)
    usual = _USUAL_FILE.search(path)
    return (label[0] if label else PATH) + (f"/{usual[1]}" if usual else "")


def _written(text: str) -> Iterator[str]:
    """The ways in which a text may stand in a message."""
    composed = unicodedata.normalize("NFC", text)
    forms = {composed, composed.replace("\\", "/"), composed.replace("/", "\\")}
    for form in tuple(forms):
        escaped = (
            repr(form)[1:-1],
            ascii(form)[1:-1],
            json.dumps(form)[1:-1],
            json.dumps(form).replace("/", "\\/")[1:-1],
        )
        forms.update((*escaped, form.replace("\\", "\\\\")))
    for form in {text, composed, unicodedata.normalize("NFD", text), composed.replace("\\", "/")}:
        raw = form.encode("utf-8", "surrogatepass")
        forms.update((quote(raw), quote(raw, safe=""), quote(raw, safe="/:"), quote(raw, safe="!$&'()*+,;=:@/~")))
    yield from (form for form in forms if form)


def _parts(folder: str) -> tuple[str, ...]:
    is_windows = "\\" in folder or re.match(r"[A-Za-z]:", folder)
    path = PureWindowsPath(folder) if is_windows else PurePosixPath(folder)
    share = [part for part in re.split(r"[\\/]+", path.drive) if part and not part.endswith(":") and part != "?"]
    return (*share, *(part for part in path.parts if part != path.anchor))


def _names() -> Iterator[tuple[str, str]]:
    home = Path.home()
    for name in (_user(), os.environ.get("USERNAME", ""), home.name, _full_name()):
        yield name, "<user>"
        yield from ((part, "<user>") for part in name.split() if len(part) > 2)
    node = platform.node()
    yield from ((name, "<computer>") for name in (node, node.partition(".")[0]))
    yield from ((value, SECRET) for value in secrets_of_environment())


def _user() -> str:
    with suppress(OSError, KeyError, ImportError):  # a container's user may have no name
        return getpass.getuser()
    return ""


def _full_name() -> str:
    if sys.platform == "win32":
        return ""
    import pwd

    with suppress(KeyError):
        return pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0]
    return ""


def _programs() -> Iterator[tuple[str, str]]:
    """The program's own folders, the deepest first; their names tell nothing once they are cut off."""
    ours = Path(__file__).resolve().parents[2]
    paths = sysconfig.get_paths()
    labels = {
        str(getattr(sys, "_MEIPASS", "")): "<program>",
        str(ours): "<program>",
        str(ours.parent / "gui"): "<program>",
        paths["purelib"]: "<program>",
        paths["platlib"]: "<program>",
        paths["stdlib"]: "<python>",
    }
    yield from sorted(((folder, label) for folder, label in labels.items() if folder), key=lambda pair: -len(pair[0]))
