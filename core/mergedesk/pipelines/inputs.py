"""What a merge reads, and whether it is still what preflight saw: of a file that changes, nothing is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import ADAPTER_CONFIG, ADAPTER_SETTINGS, CONFIG, PICKLED_INDEX, SAFETENSORS, WEIGHTS_INDEX
from ..domain.findings import Code, Finding, UserError, error
from ..domain.requests import CheckRequest
from ..output.companions import companion_files
from ..planning.preflight import Ready
from ..storage.file_identity import FileIdentity, changed_among, header_digest, identify, identities_in, place
from ..storage.positional_io import read_trouble
from ..storage.safetensors_header import header_bytes_digest
from ..storage.strided_path import true_file

_WEIGHTS = (SAFETENSORS, ".bin", ".pt", ".pth")


@dataclass(frozen=True, slots=True)
class MergeInputs:
    """``files`` are what was read of base and adapters, or will be; ``seen``: what they were before preflight did.

    ``headers`` digests the headers of safetensors among them.
    """

    files: tuple[Path, ...]
    seen: Mapping[Path, FileIdentity]
    headers: Mapping[Path, str]

    def changed(self) -> Finding | None:
        """What ``refuse_changed`` raises, as a finding: whatever else went wrong came of it."""
        try:
            self.refuse_changed()
        except UserError as trouble:
            return trouble.finding()
        return None

    def refuse_changed(self) -> None:
        """Raise UserError where a file is not what preflight saw: input_changed, or that it or its folder is gone."""
        changed = changed_among(self.files, self.seen)
        changed = changed or next((file for file, digest in self.headers.items() if _digest(file) != digest), None)
        if changed is not None:
            _identified(changed)
            raise UserError(Code.INPUT_CHANGED, file=changed.name)

    def without(self, files: frozenset[Path]) -> MergeInputs:
        """The same without files that come and go on purpose."""
        left = tuple(file for file in self.files if file not in files)
        return MergeInputs(left, self.seen, {file: told for file, told in self.headers.items() if file not in files})

    def described(self) -> dict[str, tuple[int, int, str]]:
        """Size, time of writing and header's digest of every file by its path: what another run must find, too."""
        found = {file: self.seen[place(file)] for file in self.files}
        return {str(file): (one.size, one.mtime_ns, self.headers.get(file, "")) for file, one in found.items()}


def look_at(request: CheckRequest) -> dict[Path, FileIdentity]:
    """What lies in the chosen folders, before anything of it is read."""
    return identities_in([request.base, *(choice.folder for choice in request.adapters)])


def changed_model(before: Mapping[Path, FileIdentity]) -> Finding | None:
    """That a weight file or config among those listed ``before`` was written to or is gone, for who only reads them."""
    read = [file for file in before if file.suffix in _WEIGHTS or file.name in (CONFIG, ADAPTER_CONFIG, WEIGHTS_INDEX)]
    changed = changed_among(read, before)
    return error(Code.INPUT_CHANGED, file=changed.name) if changed else None


def inputs_of(ready: Ready, before: Mapping[Path, FileIdentity]) -> MergeInputs:
    """What a merge will read of what ``before`` listed. Raises UserError(read_failed, input_gone)."""
    base = ready.base
    files = tuple(dict.fromkeys(_files(ready)))
    read = {header.file: header_bytes_digest(header) for header in base.headers if header.raw}
    adapters = [file for one in ready.mapped for file in _weights(one.adapter) if file.suffix == SAFETENSORS]
    seen = {place(file): before.get(place(file)) or _identified(file) for file in files}
    return MergeInputs(files, seen, {**{file: _digest(file) for file in adapters}, **read})


def _identified(file: Path) -> FileIdentity:
    """What a file is now. Raises UserError: input_gone where its whole folder is, else read_failed."""
    try:
        return identify(file)
    except OSError as trouble:
        if not file.parent.is_dir():
            raise UserError(Code.INPUT_GONE, path=str(file.parent)) from trouble
        raise read_trouble(file, trouble) from trouble


def _files(ready: Ready) -> Iterator[Path]:
    base = ready.base
    yield from (true_file(header.file) for header in base.headers)
    yield from (base.folder / name for name in (CONFIG, *_index(base)))
    for mapped in ready.mapped:
        yield from _weights(mapped.adapter)
        yield from _settings(mapped.adapter)
    folders = [folder for mapped in ready.mapped for folder in mapped.adapter.folders]
    yield from companion_files(base.folder, folders).values()


def _settings(adapter: Adapter) -> Iterator[Path]:
    """The files that tell its scaling: PEFT's config, or what there is of others."""
    if adapter.inner or adapter.origin:
        yield from (file for name in ADAPTER_SETTINGS if (file := adapter.folder / name).is_file())
    else:
        yield adapter.folder / ADAPTER_CONFIG


def _weights(adapter: Adapter) -> dict[Path, None]:
    """The adapter's own file, and those beside it that hold trained weights as well."""
    return dict.fromkeys([adapter.weights_file, *(true_file(record.file) for record in adapter.tensors.values())])


def _index(base: Checkpoint) -> Sequence[str]:
    if base.index is None:
        return ()
    return [WEIGHTS_INDEX if base.headers[0].file.suffix == SAFETENSORS else PICKLED_INDEX]


def _digest(file: Path) -> str:
    try:
        return header_digest(file)
    except OSError:
        return ""
