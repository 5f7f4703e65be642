"""What of a folder goes to a hub: what a model is made of, without paths of the computer it comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..checkpoints.files import SAFETENSORS
from ..domain.findings import Code, Data, Finding, UserError, info
from ..domain.folder_names import short_name
from ..domain.json_objects import as_json as as_json_value
from ..storage.bounded_json import parse_json
from .local_paths import is_local_path, last_part, without_local_paths
from .outgoing_weights import GGUF, check_weights
from .questions import OutgoingFile, Pushed

CARD = "README.md"
_TEXTS = frozenset({".json", ".md", ".jinja", ".py", ".yaml", ".yml", ".txt", ".toml"})
_VOCABULARIES = frozenset({"tokenizer.json", "vocab.json", "vocab.txt", "merges.txt", "tekken.json"})
_PLAIN = _TEXTS | {SAFETENSORS, GGUF, ".model", ".tiktoken", ".bin", ""}
_OF_TRAINERS = re.compile(
    r"(training_args\.bin|optimizer.*|scheduler.*|rng_state.*|scaler.*|trainer_state\.json|trainer_log\..*|events\..*)"
)
_FOLDERS = re.compile(r"additional_chat_templates|\d+_\w+")
_MOST_TEXT_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What would go up: the files, what is to be said of them, and the card as it would be shown."""

    files: tuple[OutgoingFile, ...]
    findings: tuple[Finding, ...]
    card: str

    @property
    def bytes(self) -> int:
        """Size of all."""
        return sum(file.bytes for file in self.files)


def outgoing(model: Path, scratch: Path) -> Outgoing:
    """What of a folder or GGUF file goes up; what was put right of it is written into ``scratch``, an empty folder.

    Raises UserError: folder_missing, hub_nothing_to_send, and what ``check_weights`` refuses.
    """
    if not model.exists():
        raise UserError(Code.FOLDER_MISSING, path=str(model))
    files, left = _chosen(model)
    if not any(file.suffix.lower() in (SAFETENSORS, GGUF, ".bin") for _, file in files):
        raise UserError(Code.HUB_NOTHING_TO_SEND, path=str(model))
    for _, file in files:
        check_weights(file)
    changed: list[Data] = []
    going = [_put_right(name, file, scratch, changed) for name, file in files]
    if all(file.name != CARD for file in going):
        going.append(_written(CARD, _plain_card(model), scratch))
    findings = (*_said(Code.HUB_PATHS_REPLACED, changed), *_said(Code.HUB_LEFT_OUT, left))
    return Outgoing(tuple(going), findings, _card_of(going))


def push_json(pushed: Pushed, going: Outgoing) -> dict[str, Data]:
    """What ``push --json`` prints."""
    files: Sequence[Data] = [{"name": file.name, "bytes": file.bytes} for file in going.files]
    findings: Sequence[Finding] = going.findings
    return {
        "status": "pushed",
        "address": pushed.address,
        "commit": pushed.commit,
        "private": pushed.private,
        "files": files,
        "total_bytes": pushed.bytes,
        "sent_bytes": pushed.sent_bytes,
        "findings": as_json_value(findings),
    }


def _said(code: Code, names: list[Data]) -> Iterator[Finding]:
    if names:
        yield info(code, files=names, count=len(names))


def _chosen(model: Path) -> tuple[list[tuple[str, Path]], list[Data]]:
    """Files by the names that they get, and what is left out."""
    if model.is_file():
        return [(model.name, model)], []
    chosen: list[tuple[str, Path]] = []
    left: list[Data] = []
    for entry in sorted(model.iterdir()):
        if entry.is_dir():
            inner = sorted(file for file in entry.iterdir() if file.is_file()) if _FOLDERS.fullmatch(entry.name) else []
            chosen += [(f"{entry.name}/{file.name}", file) for file in inner if _goes(file)]
            left += [] if inner or entry.name.startswith(".") else [f"{entry.name}/"]
        elif _goes(entry):
            chosen.append((entry.name, entry))
        elif not entry.name.startswith("."):
            left.append(entry.name)
    return chosen, left


def _goes(file: Path) -> bool:
    if file.name.startswith(".") or _OF_TRAINERS.fullmatch(file.name):
        return False
    return file.suffix.lower() in _PLAIN


def _put_right(name: str, file: Path, scratch: Path, changed: list[Data]) -> OutgoingFile:
    """The file, or a copy without local paths whose name is added to ``changed``."""
    size = file.stat().st_size
    text = _text(file) if file.suffix in _TEXTS and size <= _MOST_TEXT_BYTES else None
    better = text if text is None else _without_paths(file, text)
    if better == text or better is None:
        return OutgoingFile(name, file.absolute(), size)
    changed.append(name)
    return _written(name, better, scratch)


def _text(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def _without_paths(file: Path, text: str) -> str:
    if file.suffix == ".json" and file.name not in _VOCABULARIES:
        try:
            content = parse_json(text)
        except (ValueError, RecursionError):
            return without_local_paths(text)
        better = _walked(content)
        return text if better == content else json.dumps(better, indent=2, ensure_ascii=False) + "\n"
    return without_local_paths(text)


def _walked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _walked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_walked(inner) for inner in value]
    if not isinstance(value, str):
        return value
    return last_part(value) if is_local_path(value) else without_local_paths(value)


def _written(name: str, text: str, scratch: Path) -> OutgoingFile:
    target = scratch / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8", newline="")
    return OutgoingFile(name, target.absolute(), target.stat().st_size)


def _plain_card(model: Path) -> str:
    """For what has no card of its own."""
    library = "gguf" if model.suffix == GGUF or not (model / "config.json").is_file() else "transformers"
    return f"---\nlibrary_name: {library}\n---\n\n# {model.stem if model.is_file() else short_name(model.absolute())}\n"


def _card_of(files: Iterable[OutgoingFile]) -> str:
    card = next(file for file in files if file.name == CARD)
    return card.source.read_text("utf-8", errors="replace")
