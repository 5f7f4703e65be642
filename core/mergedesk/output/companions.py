"""The files that stand beside the weights: config, tokenizer, templates, custom code. Copied, never executed."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..checkpoints.files import ADAPTER_CONFIG, CONFIG, EXPORT_REPORT, MAX_JSON_BYTES, REPORT, is_pointer, read_json
from ..checkpoints.part_folders import PARTS, part_folders
from ..checkpoints.same_tokenizer import FORMS, is_in_older_form
from ..checkpoints.tokenizer_files import CHAT_TEMPLATE, TOKENIZER_CONFIG
from ..domain.dtypes import DTYPES
from ..domain.findings import UserError
from ..storage.positional_io import copy_through_memory, open_positional, opened, read_trouble, write_trouble
from .private_names import names_only
from .shards import make_parents

_CARRIED_SUFFIXES = frozenset({".json", ".jinja", ".model", ".txt", ".py", ".tiktoken", ".spm", ".vocab", ".bpe"})
_PART_LISTS = (PARTS, "config_sentence_transformers.json", "sentence_bert_config.json")
_CARRIED_STEMS = ("LICENSE", "LICENCE", "NOTICE", "USE_POLICY")
# Of weights in this or another form; the output's own is written anew.
_INDEX_SUFFIX = ".index.json"
_LEFT_BEHIND = frozenset({
    CONFIG, ADAPTER_CONFIG, REPORT, EXPORT_REPORT, "trainer_state.json", "all_results.json",
    "train_results.json", "eval_results.json", "requirements.txt",
})  # fmt: skip
# What says how weights are packed, where the config leaves that to a file of its own.
_OF_PACKED = frozenset({"quantize_config.json", "quant_config.json", "hf_quant_config.json"})
_ADAPTER_CARRIES = frozenset({
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "vocab.txt", "merges.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "chat_template.jinja",
    "chat_template.json", "preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json",
    "image_processor_config.json",
})  # fmt: skip
_QUANTIZATION = ("quantization_config", "compression_config")


@dataclass(frozen=True, slots=True)
class ConfigChanges:
    """What the merge changes in config.json; ``dtype`` is a safetensors dtype name, None leaves it.

    ``vocabulary`` is the number of rows before and after a resize; ``head`` what a new head asks for.
    """

    dtype: str | None = None
    untie: bool = False
    drop_quantization: bool = False
    vocabulary: tuple[int, int] | None = None
    head: Mapping[str, Any] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether the file needs rewriting at all."""
        asked = (self.dtype, self.untie, self.drop_quantization, self.vocabulary, self.head)
        return any(bool(change) for change in asked)


def companion_files(base: Path, adapters: Sequence[Path], packed: bool = False) -> dict[str, Path]:
    """Relative name → source of every companion: the base's, a tokenizer or template of an adapter taking its place.

    ``packed``: the output's weights are packed as the base's are.
    """
    chosen = {name: file for name, file in _carried(base) if packed or name not in _OF_PACKED}
    for adapter in adapters:
        own = carried_by_adapter(adapter)
        if is_in_older_form(base, adapter):
            own = {name: file for name, file in own.items() if name not in FORMS}
        if CHAT_TEMPLATE not in own and _has_template(own.get(TOKENIZER_CONFIG)):
            # transformers reads the separate file first, which would hide the adapter's template.
            chosen.pop(CHAT_TEMPLATE, None)
        chosen.update(own)
        chosen.update(_adapter_parts(adapter, part_folders(base)))
    return chosen


def carried_by_adapter(adapter: Path) -> dict[str, Path]:
    """The tokenizer, template and processor files that lie beside an adapter, by name."""
    return {name: adapter / name for name in sorted(_ADAPTER_CARRIES) if (adapter / name).is_file()}


def _adapter_parts(adapter: Path, of_base: set[str]) -> Iterator[tuple[str, Path]]:
    """The parts of a sentence-transformers model that the adapter was trained with, and the list of them."""
    listed = part_folders(adapter)
    for part in sorted(listed | of_base):
        if (adapter / part).is_dir():
            yield from ((f"{part}/{file.name}", file) for file in _part_files(adapter / part))
    yield from ((name, adapter / name) for name in _PART_LISTS if listed and (adapter / name).is_file())


def _part_files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.iterdir()) if _is_there(file) and not file.name.startswith("adapter_"))


def _has_template(tokenizer_config: Path | None) -> bool:
    try:
        return tokenizer_config is not None and bool(read_json(tokenizer_config).get("chat_template"))
    except UserError:
        return False


def _carried(base: Path) -> Iterator[tuple[str, Path]]:
    parts = part_folders(base)
    for entry in sorted(base.iterdir()):
        if _is_there(entry) and _is_carried(entry):
            yield entry.name, entry
        elif entry.name in parts and entry.is_dir():
            yield from ((f"{entry.name}/{file.name}", file) for file in sorted(entry.iterdir()) if _is_there(file))
        elif entry.is_dir() and not entry.name.startswith((".", "checkpoint-")):
            yield from _carried_within(entry)


def _is_there(file: Path) -> bool:
    """Not a link that leads nowhere, or what Git LFS left in the place of the file."""
    return file.is_file() and not is_pointer(file)


def _carried_within(folder: Path) -> Iterator[tuple[str, Path]]:
    """Small parts one level down, such as a pooling config; not folders that hold another format's weights."""
    files = [entry for entry in sorted(folder.iterdir()) if entry.is_file()]
    if all(entry.suffix in _CARRIED_SUFFIXES for entry in files):
        for entry in files:
            if _is_carried(entry) or entry.name == CONFIG:
                yield f"{folder.name}/{entry.name}", entry


def _is_carried(file: Path) -> bool:
    if file.name in _LEFT_BEHIND or file.name.startswith(".") or file.name.endswith(_INDEX_SUFFIX):
        return False
    return file.suffix in _CARRIED_SUFFIXES or file.name.upper().startswith(_CARRIED_STEMS)


def write_companions(files: Mapping[str, Path], target: Path) -> None:
    """Copy companions byte for byte, but for paths that configs state.

    Raises UserError(read_failed, input_changed, disk_filled_up or write_failed).
    """
    for name, source in files.items():
        make_parents(target, name)
        _copy(source, target / name)
        if name.endswith(CONFIG):
            _keep_names_only(target / name)


def _keep_names_only(file: Path) -> None:
    """Of the paths that a copied config states; it stays as it is to the byte where there are none."""
    try:
        content = file.read_bytes() if file.stat().st_size <= MAX_JSON_BYTES else b""
        if (plain := names_only(content)) != content:
            file.write_bytes(plain)
    except OSError as trouble:
        raise write_trouble(file, trouble) from trouble


def _copy(source: Path, target: Path) -> None:
    """Through memory, where an error of the one file is not taken for one of the other."""
    with opened(source) as reading, closing(open_positional(target, writable=True, again=True)) as writing:
        try:
            size = source.stat().st_size
        except OSError as trouble:
            raise read_trouble(source, trouble) from trouble
        writing.resize(size)
        copy_through_memory(writing, reading, 0, 0, size)


def write_config(source: Path, target: Path, changes: ConfigChanges) -> None:
    """Write config.json: the base's bytes, or its content with the changes. Raises UserError as above."""
    if not changes.any and not _has_byte_order_mark(source / CONFIG):
        write_companions({CONFIG: source / CONFIG}, target)
        return
    config = changed_config(read_json(source / CONFIG), changes)
    write_text(target / CONFIG, json.dumps(config, indent=2, ensure_ascii=False) + "\n")
    _keep_names_only(target / CONFIG)


def write_packed_config(source: Path, target: Path, packing: Mapping[str, Any], changes: ConfigChanges) -> None:
    """Write config.json with the changes, and what it is to say of packed weights. Raises UserError as above."""
    config = changed_config(read_json(source / CONFIG), replace(changes, drop_quantization=True))
    write_text(target / CONFIG, json.dumps({**config, _QUANTIZATION[0]: packing}, indent=2, ensure_ascii=False) + "\n")
    _keep_names_only(target / CONFIG)


def _has_byte_order_mark(file: Path) -> bool:
    """With one, transformers does not read a config."""
    with file.open("rb") as stream:
        return stream.read(len(BOM_UTF8)) == BOM_UTF8


def changed_config(config: Mapping[str, Any], changes: ConfigChanges) -> dict[str, Any]:
    """The config with what the merge changed; nested text configs keep step."""
    changed = {**config, **changes.head}
    if changes.drop_quantization:
        changed = {key: value for key, value in changed.items() if key not in _QUANTIZATION}
    if changes.untie:
        changed["tie_word_embeddings"] = False
    if changes.dtype:
        name = DTYPES[changes.dtype].torch_name
        keys = [key for key in ("dtype", "torch_dtype") if key in changed] or ["dtype"]
        changed.update(dict.fromkeys(keys, name))
    _resize(changed, changes)
    for key, inner in config.items():
        if key.endswith("_config") and isinstance(inner, Mapping) and key not in _QUANTIZATION:
            changed[key] = _changed_inner(inner, changes)
    return changed


def _changed_inner(inner: Mapping[str, Any], changes: ConfigChanges) -> dict[str, Any]:
    changed = dict(inner)
    if changes.drop_quantization:
        changed.pop("quantization_config", None)
    if changes.untie and "tie_word_embeddings" in changed:
        changed["tie_word_embeddings"] = False
    if changes.dtype:
        changed.update({key: DTYPES[changes.dtype].torch_name for key in ("dtype", "torch_dtype") if key in changed})
    _resize(changed, changes)
    return changed


def _resize(config: dict[str, Any], changes: ConfigChanges) -> None:
    """The vocabulary's size, wherever it is the one that changed: a speech part may have another of its own."""
    if changes.vocabulary and config.get("vocab_size") == changes.vocabulary[0]:
        config["vocab_size"] = changes.vocabulary[1]


def write_text(file: Path, text: str) -> None:
    """Write a text file. Raises UserError(disk_full or write_failed)."""
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as trouble:
        raise write_trouble(file, trouble) from trouble
