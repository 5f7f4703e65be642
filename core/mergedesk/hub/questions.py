"""What the process that goes online is asked, what it answers, and the lines of JSON between it and the one that asks.

A token goes in by the first line alone: never by an argument or the environment, which others can read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

from ..domain.folder_info import FolderInfo
from ..domain.hub_reference import HubReference

Q = TypeVar("Q")
A = TypeVar("A")


class Access(StrEnum):
    """Who may read a repository: all, those its owner named, or those let in; closed if this token is not."""

    OPEN = "open"
    PRIVATE = "private"
    GATED = "gated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class HubModel:
    """What a repository holds, told before any of its weights is fetched.

    ``info``: as of a folder, from configs and the headers of weight files; its ``bytes`` are those of the files that a
    download would take. ``commit`` is the revision that was looked at. ``folder`` is where all of it lies on this
    computer already, and ``missing_bytes`` what is not there. ``accessible``: its files may be read with this token.
    """

    reference: HubReference
    commit: str
    info: FolderInfo
    licence: str | None = None
    gated: bool = False
    private: bool = False
    accessible: bool = True
    missing_bytes: int = 0
    folder: Path | None = None

    @property
    def access(self) -> Access:
        """The same in a word."""
        if self.gated:
            return Access.GATED if self.accessible else Access.CLOSED
        return Access.PRIVATE if self.private else Access.OPEN


@dataclass(frozen=True, slots=True)
class OutlineRequest:
    """An outline of a model that shall be made in ``target``, an empty folder."""

    reference: HubReference
    target: Path


@dataclass(frozen=True, slots=True)
class Outline:
    """A folder that says all of a model but its values: of each file of weights the header, and a hole for the rest.

    ``folder`` is the downloaded model itself where that lies here already: ``left_bytes``, what was not fetched, is 0
    then. None where nothing but a download would tell, as of pickled weights.
    """

    folder: Path | None
    left_bytes: int = 0


@dataclass(frozen=True, slots=True)
class PieceTarget:
    """Bytes ``begin`` to ``end`` of a file, which go into ``target`` from ``at`` on.

    Without ``target`` they are kept nowhere.
    """

    begin: int
    end: int
    target: Path | None
    at: int = 0


@dataclass(frozen=True, slots=True)
class FilePieces:
    """A file, and pieces of it in their order."""

    name: str
    pieces: tuple[PieceTarget, ...]


@dataclass(frozen=True, slots=True)
class PiecesRequest:
    """Pieces of files, one after the other.

    ``allowed`` is a file: as many pieces may be begun as it has bytes. All of each file comes then, and is compared
    with its hash; a piece gets its name once it is whole. Without it only what is asked for comes, by ranges.
    """

    reference: HubReference
    files: tuple[FilePieces, ...]
    allowed: Path | None = None


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes up as ``name``: ``source`` is where its bytes lie, in a copy where something was put right."""

    name: str
    source: Path
    bytes: int


@dataclass(frozen=True, slots=True)
class PushRequest:
    """What is to be uploaded where; a repository that is not there is made, ``private`` or not."""

    repository: str
    files: tuple[OutgoingFile, ...]
    private: bool = True
    message: str = "Upload with MergeDesk"


@dataclass(frozen=True, slots=True)
class Pushed:
    """What an upload left: the repository's page, the commit, and how much really went; the rest was there."""

    address: str
    commit: str
    files: int
    bytes: int
    sent_bytes: int
    private: bool


@dataclass(frozen=True, slots=True)
class HubTask(Generic[Q, A]):
    """One kind of question, and the type of its answer."""

    name: str
    question: type[Q]
    answer: type[A]


DESCRIBE = HubTask("describe", HubReference, HubModel)
DOWNLOAD = HubTask("download", HubReference, Path)
OUTLINE = HubTask("outline", OutlineRequest, Outline)
PIECES = HubTask("pieces", PiecesRequest, int)
PUSH = HubTask("push", PushRequest, Pushed)
KEEP_TOKEN = HubTask("keep_token", str, bool)
FORGET_TOKEN = HubTask("forget_token", str, bool)
_ALL = (DESCRIBE, DOWNLOAD, OUTLINE, PIECES, PUSH, KEEP_TOKEN, FORGET_TOKEN)
TASKS: dict[str, HubTask[Any, Any]] = {task.name: task for task in _ALL}


class LineKind(StrEnum):
    """What a line of the answering process is."""

    READING = "reading"
    ANSWER = "answer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class HubQuestion:
    """The one line that is asked. ``token``: one that was typed in, in the place of any that is kept."""

    task: str
    body: Any
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class HubLine:
    """A line of the answer: a ``Transfer``, the answer, or the finding that tells what went wrong, as plain JSON."""

    kind: LineKind
    body: Any = None
