"""A model made known to Ollama by its own command (docs/cli and docs/import of its sources)."""

from __future__ import annotations

import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..domain.findings import Code, UserError
from ..domain.progress import Cancelled, CancelToken
from ..inspection.inspect_folder import read_folder
from ..storage.whole_gguf import whole_model_gguf
from .architectures import takes
from .codes import Tool
from .folder_facts import read_facts
from .installed_tools import find_ollama
from .modelfile import MODELFILE, modelfile_of
from .tools import plain_name

# What a model may be called there: [namespace/]name[:tag].
_NAME = re.compile(r"(?:[a-z0-9][\w.-]{0,79}/)?[a-z0-9][\w.-]{0,79}(?::[\w.-]{1,80})?", re.ASCII)
# Spinners and bars move the cursor about.
_MOVES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|[\x00-\x08\x0b-\x1f\x7f]")
_LAST_LINES = 6
# What its command says where the server that does the work is not there.
_NOT_RUNNING = re.compile(
    r"could not connect|connection refused|actively refused|is ollama running|not responding", re.I
)
_POLL_SECONDS = 0.1

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class OllamaRequest:
    """What is to be made known.

    ``gguf``: a file in the place of the folder's own weights; template and tokens are the folder's. ``name`` is worked
    out where it is not given; ``quantize``: a type that Ollama packs to.
    """

    folder: Path
    gguf: Path | None = None
    name: str | None = None
    quantize: str | None = None
    follow_links: bool = False


@dataclass(frozen=True, slots=True)
class OllamaModel:
    """What is there now. ``output``: what Ollama said, without bars; ``run``: the command that runs it."""

    name: str
    modelfile: str
    output: tuple[str, ...]
    run: str


def create_in_ollama(request: OllamaRequest, say: Say, cancel: CancelToken) -> OllamaModel:
    """Run ``ollama create`` with a Modelfile for the folder or GGUF; ``say`` hears its lines as they come.

    Raises:
        Cancelled: if that was asked for.
        UserError: ``ollama_not_found``, ``ollama_name_odd``, ``ollama_needs_gguf``, ``ollama_failed``,
            ``ollama_not_answering``, ``not_a_whole_model``, or what ``whole_model_gguf`` says of the GGUF.
    """
    command = find_ollama()
    if command is None:
        raise UserError(Code.OLLAMA_NOT_FOUND)
    name = _name(request)
    with tempfile.TemporaryDirectory(prefix="mergedesk-ollama-") as place:
        file = Path(place) / MODELFILE
        text = _modelfile(request, file)
        file.write_text(text, encoding="utf-8", newline="\n")
        packing = ["--quantize", request.quantize] if request.quantize else []
        lines = tuple(_run([str(command), "create", name, *packing, "-f", str(file)], say, cancel))
    return OllamaModel(name, text, lines, f"ollama run {name}")


def _name(request: OllamaRequest) -> str:
    facts = read_facts(read_folder(request.folder, request.follow_links))
    if facts is None:
        raise UserError(Code.NOT_A_WHOLE_MODEL, path=str(request.folder))
    if request.gguf is None and not takes(Tool.OLLAMA, facts.architecture):
        raise UserError(Code.OLLAMA_NEEDS_GGUF, name=facts.architecture or "")
    name = request.name or plain_name(facts.folder)
    if not _NAME.fullmatch(name):
        raise UserError(Code.OLLAMA_NAME_ODD, name=name)
    return name


def _modelfile(request: OllamaRequest, file: Path) -> str:
    if request.gguf is not None:
        whole_model_gguf(request.gguf)
    made = modelfile_of(request.folder, file, follow_links=request.follow_links, gguf=request.gguf)
    if made is None:
        raise UserError(Code.NOT_A_WHOLE_MODEL, path=str(request.folder))
    return made.text


def _run(command: list[str], say: Say, cancel: CancelToken) -> Iterator[str]:
    """Its lines, each once. Raises Cancelled, and UserError(ollama_failed or ollama_not_answering) with the last."""
    kept = list[str]()
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as trouble:
        raise UserError(Code.OLLAMA_FAILED, reason=trouble.strerror or str(trouble)) from trouble
    with child, _ended_on_cancel(child, cancel):
        assert child.stdout is not None
        for raw in child.stdout:
            for line in _plain(raw):
                if not kept or kept[-1] != line:
                    kept.append(line)
                    say(line)
    cancel.check()
    if child.returncode:
        said = " ".join(kept[-_LAST_LINES:]) or f"exit code {child.returncode}"
        raise UserError(Code.OLLAMA_NOT_ANSWERING if _NOT_RUNNING.search(said) else Code.OLLAMA_FAILED, reason=said)
    yield from kept


@contextmanager
def _ended_on_cancel(child: subprocess.Popen[bytes], cancel: CancelToken) -> Iterator[None]:
    """End the command as soon as somebody cancels, though it says nothing for minutes."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_POLL_SECONDS):
            try:
                cancel.check()
            except Cancelled:
                child.kill()
                return

    watcher = threading.Thread(target=watch, name="mergedesk-ollama", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _plain(raw: bytes) -> Iterator[str]:
    """Lines as a person reads them: what a bar drew over is left out."""
    for part in raw.decode("utf-8", "replace").replace("\r", "\n").splitlines():
        if line := _MOVES.sub("", part).strip():
            yield line
