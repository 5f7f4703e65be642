"""What a folder is, in one look at its file names, configs and headers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

from ..checkpoints.adapter import Adapter, read_adapter, read_adapter_config
from ..checkpoints.beside_adapter import files_beside
from ..checkpoints.checkpoint import Checkpoint, StoredTensor, read_checkpoint
from ..checkpoints.config_counts import asks_too_much
from ..checkpoints.files import (
    ADAPTER_CONFIG,
    CONFIG,
    PICKLED_INDEX,
    PICKLED_WEIGHTS,
    WEIGHTS,
    WEIGHTS_INDEX,
)
from ..checkpoints.part_folders import part_files, part_folders
from ..domain.dtypes import DTYPES
from ..domain.findings import Code, Data, Finding, UserError, error, info, warning
from ..domain.folder_info import FolderInfo, FolderKind
from ..domain.folder_names import spoken_name
from ..domain.hub_reference import parse_reference, reference_of
from ..domain.refused_names import refused_path
from ..foreign_adapters.registry import adopted, find_foreign, read_findings
from ..quantization.detect import (
    computes_quantized,
    find_quantization,
    original_name,
    stated_quantization,
    unpacked,
    what_is_amiss,
)
from ..quantization.packing_format import Quantization
from ..storage.bounded_json import read_bounded
from .links import links_out_of

PEFT_CLASSES: Mapping[str | None, str] = {
    "CAUSAL_LM": "PeftModelForCausalLM",
    "SEQ_2_SEQ_LM": "PeftModelForSeq2SeqLM",
    "SEQ_CLS": "PeftModelForSequenceClassification",
    "TOKEN_CLS": "PeftModelForTokenClassification",
    "QUESTION_ANS": "PeftModelForQuestionAnswering",
    "FEATURE_EXTRACTION": "PeftModelForFeatureExtraction",
}
_MARKS = (ADAPTER_CONFIG, WEIGHTS, WEIGHTS_INDEX, PICKLED_WEIGHTS, PICKLED_INDEX)
_SHARD = re.compile(r"model-\d+-of-\d+\.safetensors")
_REVISION = re.compile(r"[\w-][\w.-]*")
_MOST_OF_A_NAME = 255
# What PEFT's wrappers leave in the names of a model that was saved with its adapter.
TUNED_NAME = re.compile(
    r"(^|\.)(lora_(A|B|embedding_[AB]|magnitude_vector)|base_layer|modules_to_save|original_module|hada_w[12]_[ab]|"
    r"lokr_w[12]|ia3_l|oft_R|vera_lambda_[bd])(\.|$)"
)
# What stands in each of them: a hundred thousand names are looked through for these in no time.
_TUNED_MARKS = (
    "lora_", "base_layer", "modules_to_save", "original_module", "hada_w", "lokr_w", "ia3_l", "oft_R", "vera_lambda_",
)  # fmt: skip
_TORCH_HOLDS = 64  # dimensions; a file may hold more
_STEP = re.compile(r"(\d+)$")


@dataclass(frozen=True, slots=True)
class FolderContents:
    """A recognition together with what was read for it, so that nothing needs reading twice.

    ``dequantised`` is a quantised checkpoint as the weights it stands for, None where they cannot be read.
    """

    folder_info: FolderInfo
    checkpoint: Checkpoint | None = None
    adapter: Adapter | None = None
    dequantized: Checkpoint | None = None


def inspect_folder(folder: Path) -> FolderInfo:
    """Say what ``folder`` is. Never raises for what the folder holds: trouble becomes findings."""
    return read_folder(folder).folder_info


def read_folder(folder: Path, follow_links: bool = False) -> FolderContents:
    """Recognise ``folder`` and keep the headers that were read. Trouble becomes findings, never an exception.

    Without leave to follow them, links that lead out of the folder are an error.
    """
    try:
        return _with_limits(_look(folder), follow_links)
    except UserError as trouble:
        return _unknown(folder, trouble.finding())
    except OSError as trouble:
        return _unknown(folder, error(Code.FOLDER_UNREADABLE, file=spoken_name(folder), reason=trouble.strerror or ""))


def _with_limits(read: FolderContents, follow: bool) -> FolderContents:
    """The same with what is to be said of links that lead out of the folder, and of a config beyond what is stored."""
    said = (*_config_findings(read.checkpoint), *_link_findings(read, follow))
    return replace(read, folder_info=replace(read.folder_info, findings=(*read.folder_info.findings, *said)))


def _config_findings(checkpoint: Checkpoint | None) -> Iterator[Finding]:
    if checkpoint and (count := asks_too_much(checkpoint.config, checkpoint.tensors)):
        name, value = count
        yield error(Code.CONFIG_ASKS_TOO_MUCH, name=name, value=str(value), stored=len(checkpoint.tensors))


def _link_findings(read: FolderContents, follow: bool) -> Iterator[Finding]:
    adapter, folder = read.adapter, read.folder_info.path
    used = [header.file for header in read.checkpoint.headers] if read.checkpoint else []
    used += [adapter.weights_file, adapter.folder / ADAPTER_CONFIG, *files_beside(adapter)] if adapter else []
    # Parts that a list names may lie deeper than folders are looked through.
    if used and (names := links_out_of(folder, [*used, *part_files(folder, part_folders(folder))])):
        listed: dict[str, Data] = {"folder": spoken_name(folder), "names": names, "count": len(names)}
        yield warning(Code.LINKS_FOLLOWED, **listed) if follow else error(Code.LINKS_LEAVE_FOLDER, **listed)


def _look(folder: Path) -> FolderContents:
    if not folder.exists():
        return _unknown(folder, _missing(folder), FolderKind.MISSING)
    if not folder.is_dir():
        alone = error(Code.NOT_A_FOLDER, path=str(folder), parent=str(folder.parent))
        return _look_for_foreign(folder) or _unknown(folder, alone)
    names = {entry.name for entry in folder.iterdir() if entry.is_file()}
    is_model = _holds_model(names)
    if not is_model and (foreign := _look_for_foreign(folder)):
        return foreign
    if ADAPTER_CONFIG in names and not is_model:
        return _look_at_adapter(folder)
    if is_model:
        return _look_at_model(folder, ADAPTER_CONFIG in names)
    return _look_at_rest(folder, names)


def _holds_model(names: set[str]) -> bool:
    """Whether there are a model's weights; trainers leave pickled ones beside adapters too, without a config."""
    if WEIGHTS in names or WEIGHTS_INDEX in names:
        return True
    pickled = PICKLED_WEIGHTS in names or PICKLED_INDEX in names
    return pickled and (CONFIG in names or ADAPTER_CONFIG not in names)


def _missing(folder: Path) -> Finding:
    """What is not there may be the name of a model on a hub, or be meant as one."""
    if refused := refused_path(folder):
        return refused.finding()
    reference = reference_of(folder) or (None if folder.parent.exists() else parse_reference(folder.as_posix()))
    if reference is not None:
        return error(Code.LOOKS_LIKE_HUB_NAME, name=reference.text)
    return error(Code.FOLDER_MISSING, path=str(folder))


def _unknown(folder: Path, finding: Finding, kind: FolderKind = FolderKind.UNKNOWN, **known: Any) -> FolderContents:
    return FolderContents(FolderInfo(folder, kind, findings=(finding,), **known))


def _look_at_rest(folder: Path, names: set[str]) -> FolderContents:
    """A folder without weights of its own."""
    inner = folders_within(folder)
    if (snapshot := _snapshot(folder, inner)) is not None:
        return _look(snapshot)
    if len(inner) == 1 and (contents := _only_adapter(folder, inner[0])):
        return contents
    if inner:
        listed = [path.name for path in inner]
        finding = error(Code.TRAINING_RUN, folders=listed, last=listed[-1], count=len(listed))
        return _unknown(folder, finding, FolderKind.TRAINING_RUN, checkpoint_folders=inner)
    if any(name.endswith(".gguf") for name in names):
        return _unknown(folder, error(Code.GGUF_ONLY, folder=str(folder)), FolderKind.GGUF)
    if CONFIG in names:
        missing = WEIGHTS_INDEX if any(_SHARD.fullmatch(name) for name in names) else WEIGHTS
        return _unknown(folder, error(Code.WEIGHTS_MISSING, files=[missing], count=1))
    empty = not names and not any(folder.iterdir())
    return _unknown(folder, error(Code.FOLDER_EMPTY if empty else Code.FOLDER_UNKNOWN, path=str(folder)))


def _only_adapter(folder: Path, inner: Path) -> FolderContents | None:
    """The one adapter that lies deeper, as PEFT saves adapters that have a name; None where it is something else."""
    contents = _look(inner)
    if contents.folder_info.kind is not FolderKind.ADAPTER:
        return None
    deepest = contents.folder_info.adapter_folder or inner
    said = [finding for finding in contents.folder_info.findings if finding.code is not Code.INNER_ADAPTER]
    findings = (info(Code.INNER_ADAPTER, name=deepest.relative_to(folder).as_posix()), *said)
    folder_info = replace(contents.folder_info, path=folder, adapter_folder=deepest, findings=findings)
    return FolderContents(folder_info, adapter=contents.adapter and replace(contents.adapter, outer=folder))


def folders_within(folder: Path) -> tuple[Path, ...]:
    """Adapters or models one level down (or in a hub cache's ``snapshots``), latest step or revision last."""
    parent = folder / "snapshots" if (folder / "snapshots").is_dir() else folder
    inner = [path for path in parent.iterdir() if path.is_dir() and _holds_something(path)]
    main = main_revision(folder)
    return tuple(sorted(inner, key=lambda path: (path.name == main, _step(path))))


def _snapshot(repository: Path, inner: Sequence[Path]) -> Path | None:
    """The one snapshot that is meant in a hub cache's folder of a repository: main's, or the only one."""
    main = main_revision(repository)
    of_main = [path for path in inner if path.parent.name == "snapshots" and (path.name == main or len(inner) == 1)]
    return of_main[-1] if of_main else None


def main_revision(repository: Path) -> str | None:
    """The snapshot that a hub cache's ``main`` stands for; None where ``repository`` is none."""
    with suppress(UserError, ValueError):
        name = read_bounded(repository / "refs" / "main", _MOST_OF_A_NAME).decode().strip()
        return name if _REVISION.fullmatch(name) else None
    return None


def _holds_something(folder: Path) -> bool:
    """Whether it is a model or an adapter, or an adapter lies in it under its name, as in a trainer's checkpoint."""
    if any((folder / name).is_file() for name in _MARKS):
        return True
    with suppress(OSError):
        return next(folder.glob(f"*/{ADAPTER_CONFIG}"), None) is not None
    return False


def _step(folder: Path) -> tuple[int, str]:
    number = _STEP.search(folder.name)
    return (int(number[1]) if number else 0, folder.name)


def _look_for_foreign(place: Path) -> FolderContents | None:
    """An adapter that another tool than PEFT wrote to a folder, or is the file; None where there is none."""
    try:
        adapter = find_foreign(place)
    except UserError as trouble:
        return _unknown(place, trouble.finding(), FolderKind.ADAPTER)
    return FolderContents(_adapter_recognition(adapter), adapter=adapter) if adapter else None


def _look_at_adapter(folder: Path) -> FolderContents:
    config = read_adapter_config(folder)
    try:
        adapter = adopted(read_adapter(folder))
    except UserError as trouble:
        return _unknown(folder, trouble.finding(), FolderKind.ADAPTER, peft_type=str(config["peft_type"]).upper())
    return FolderContents(_adapter_recognition(adapter), adapter=adapter)


def _adapter_recognition(adapter: Adapter) -> FolderInfo:
    config = adapter.config
    return FolderInfo(
        adapter.folder,
        FolderKind.ADAPTER,
        class_name=PEFT_CLASSES.get(adapter.task_type, "PeftModel"),
        parameters=_elements(adapter.tensors.values()),
        dtype=main_dtype(adapter.tensors.values()),
        bytes=_folder_bytes(adapter.folder),
        shards=1,
        peft_type=adapter.peft_type,
        r=_whole_number(config.get("r")),
        lora_alpha=_number(config.get("lora_alpha")),
        target_modules=_target_names(config.get("target_modules")),
        module_count=len({name.rpartition(".lora_")[0] for name in adapter.tensors if ".lora_" in name}),
        base_model_name_or_path=adapter.base_model_name_or_path,
        findings=(
            *read_findings(adapter),
            *_pickled_findings([adapter.weights_file] if adapter.is_pickled else [], adapter.unwrapped),
        ),
    )


def _pickled_findings(files: Sequence[Path], unwrapped: Sequence[str]) -> Iterator[Finding]:
    """That weights were pickled, and under what they lay."""
    if files:
        yield info(Code.PICKLED_WEIGHTS, file=files[0].name)
    if unwrapped:
        yield info(Code.PICKLE_UNWRAPPED, file=files[0].name, names=list(unwrapped))


def _target_names(targets: object) -> tuple[str, ...]:
    if isinstance(targets, str):
        return (targets,)
    return tuple(sorted(map(str, targets))) if isinstance(targets, list) else ()


def _whole_number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    return value if isinstance(value, float) and math.isfinite(value) else _whole_number(value)


def _look_at_model(folder: Path, has_adapter_config: bool) -> FolderContents:
    checkpoint = read_checkpoint(folder)
    quantization = find_quantization(checkpoint.config, checkpoint.tensors)
    findings = [warning(Code.LEFTOVER_ADAPTER_CONFIG, folder=str(folder))] if has_adapter_config else []
    pickled = [header.file for header in checkpoint.headers] if checkpoint.is_pickled else []
    findings += _pickled_findings(pickled, checkpoint.unwrapped)
    dequantized = None
    if quantization:
        dequantized, said = _quantized(checkpoint, quantization)
        findings += said
    findings += _content_findings(checkpoint, is_packed=quantization is not None)
    folder_info = FolderInfo(
        folder,
        FolderKind.QUANTIZED_MODEL if quantization else FolderKind.MODEL,
        class_name=checkpoint.architecture,
        model_type=checkpoint.model_type or None,
        parameters=(dequantized or checkpoint).parameters,
        dtype=main_dtype(checkpoint.tensors.values()),
        bytes=_folder_bytes(folder),
        shards=len(checkpoint.headers),
        quantization=quantization.label if quantization else None,
        findings=tuple(findings),
    )
    adapter = None
    with suppress(UserError):  # one that is not whole is left out
        adapter = read_adapter(folder) if has_adapter_config else None
    return FolderContents(folder_info, checkpoint, adapter, dequantized)


def _content_findings(checkpoint: Checkpoint, *, is_packed: bool) -> Iterator[Finding]:
    if not is_packed and (stated := stated_quantization(checkpoint.config)):
        computes = computes_quantized(checkpoint.config)
        say, code = (error, Code.COMPUTES_QUANTIZED) if computes else (info, Code.QUANTIZATION_LEFTOVER)
        yield say(code, method=stated.label)
    text = "\n".join(checkpoint.tensors)
    suspected = any(mark in text for mark in _TUNED_MARKS)
    if suspected and (tuned := [name for name in checkpoint.tensors if TUNED_NAME.search(name)]):
        yield error(Code.BASE_HOLDS_ADAPTER, names=tuned, count=len(tuned))
    if deep := [name for name, tensor in checkpoint.tensors.items() if len(tensor.shape) > _TORCH_HOLDS]:
        yield error(Code.TOO_MANY_DIMENSIONS, names=deep, count=len(deep), limit=_TORCH_HOLDS)
    if checkpoint.config.get("auto_map"):
        yield info(Code.CUSTOM_CODE)


def _quantized(checkpoint: Checkpoint, quantization: Quantization) -> tuple[Checkpoint | None, list[Finding]]:
    """The weights that a quantised checkpoint stands for, if they can be read, and what is to be said of it."""
    named: dict[str, Data] = {"method": quantization.label, "original": next(original_names(checkpoint), None)}
    try:
        return unpacked(checkpoint), [error(Code.QUANTIZED_BASE, **named)]
    except UserError as trouble:
        return None, [error(trouble.code, **{**trouble.data, **named}), *what_is_amiss(checkpoint)]


def original_names(checkpoint: Checkpoint) -> Iterator[str]:
    """What the 16-bit original of a quantised model may be called: by its config, hub cache entry and folder."""
    folder = checkpoint.folder
    stated = str(checkpoint.config.get("_name_or_path") or "")
    cached = folder.parent.parent.name.removeprefix("models--").replace("--", "/")
    for name in (stated, cached if folder.parent.name == "snapshots" else "", folder.name):
        if original := original_name(name):
            yield original


def _elements(records: Iterable[StoredTensor]) -> int:
    return sum(count * math.prod(shape) for shape, count in Counter(record.shape for record in records).items())


def main_dtype(records: Iterable[StoredTensor]) -> str | None:
    """The dtype that most of their bytes have; None where there are none."""
    sizes: Counter[str] = Counter()
    for (dtype, nbytes), count in Counter(map(attrgetter("dtype", "nbytes"), records)).items():
        sizes[dtype] += nbytes * count
    return DTYPES[sizes.most_common(1)[0][0]].shown_as if sizes else None


def _folder_bytes(folder: Path) -> int:
    return sum(entry.stat().st_size for entry in folder.iterdir() if entry.is_file())
