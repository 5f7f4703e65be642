"""What a folder's use elsewhere depends on, read once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import GENERATION_CONFIG, read_or_empty
from ..checkpoints.part_folders import PARTS
from ..domain.dtypes import DTYPES
from ..domain.findings import Code
from ..domain.folder_names import short_name
from ..domain.model_tasks import AUTO_CLASSES, Task, task_of
from ..inspection.inspect_folder import FolderContents
from ..runtime.bounded_call import Elsewhere, LimitMet, bounded
from .chat_turns import LIMITS, Rendered, Turns
from .tokenizer_facts import TokenizerFiles, read_tokenizer

_EMBEDDING = re.compile(r"(^|\.)(embed_tokens|wte|word_embeddings|embed_in|tok_embeddings|shared)\.weight$")
_HEAD = re.compile(r"(^|\.)(lm_head|embed_out)\.weight$")
_OTHER_TOWERS = re.compile(r"(^|\.)(vision|visual|audio|vq|image)", re.IGNORECASE)
_TAKE_APART = Elsewhere("mergedesk.deployment.chat_template:take_apart", Rendered)
_PROCESSORS = ("preprocessor_config.json", "processor_config.json")


@dataclass(frozen=True, slots=True)
class Facts:
    """A model folder. ``dtype`` is the type most weights are stored in; ``rows`` those of the token embeddings."""

    folder: Path
    checkpoint: Checkpoint
    architecture: str
    task: Task
    dtype: str
    rows: int | None
    has_head: bool
    quantization: str
    tokenizer: TokenizerFiles
    generation: Mapping[str, Any]
    has_processor: bool
    turns: Turns | None = None
    template_trouble: str = ""
    template_costly: bool = False
    has_parts: bool = False
    """Whether sentence-transformers puts it together, from this model and what pools and projects its states."""

    @property
    def config(self) -> Mapping[str, Any]:
        """config.json."""
        return self.checkpoint.config

    @property
    def text_config(self) -> Mapping[str, Any]:
        """The part of config.json that is about the language model."""
        inner = self.config.get("text_config")
        return inner if isinstance(inner, Mapping) else self.config

    @property
    def is_chat(self) -> bool:
        """Whether there is a chat template to speak through."""
        return self.tokenizer.template.text is not None and not (self.template_trouble or self.template_costly)

    @property
    def generates(self) -> bool:
        """Whether it writes text, word by word."""
        return self.task in (Task.CAUSAL, Task.SEQ2SEQ, Task.IMAGE_TEXT)

    @property
    def stop_ids(self) -> Sequence[int]:
        """Where ``generate`` stops: the generation config's tokens, or without them the config's."""
        own = numbers(self.generation.get("eos_token_id"))
        return own or numbers(self.text_config.get("eos_token_id")) or numbers(self.config.get("eos_token_id"))

    def gguf(self, kind: str = "q8_0") -> Path:
        """The file to convert to, beside the folder: what is in that is the model as it was published."""
        return self.folder.with_name(f"{short_name(self.folder)}-{kind}.gguf")

    @property
    def turn_end(self) -> str:
        """The special token that follows every answer in a chat; empty where there is none."""
        after = self.turns.assistant[1].lstrip() if self.turns else ""
        known = [*self.tokenizer.ids, *self.tokenizer.special.values()]
        return max((token for token in known if after.startswith(token)), key=len, default="")


def read_facts(contents: FolderContents) -> Facts | None:
    """The facts of a folder that was recognised; None where it is not a model, or one that leads out of itself."""
    checkpoint, seen = contents.checkpoint, contents.folder_info
    if checkpoint is None or any(finding.code is Code.LINKS_LEAVE_FOLDER for finding in seen.findings):
        return None
    folder, architecture = checkpoint.folder, checkpoint.architecture or ""
    tokenizer = read_tokenizer(folder)
    task = task_of(architecture, checkpoint.config)
    try:
        taken, costly = _taken_apart(tokenizer), False
    except LimitMet:
        taken, costly = Rendered(), True
    return Facts(
        folder=folder.absolute(),
        checkpoint=checkpoint,
        architecture=architecture,
        task=task if task in AUTO_CLASSES else Task.OTHER,  # whose own class loads it
        dtype=_usual_dtype(checkpoint),
        rows=_rows(checkpoint),
        has_head=any(_HEAD.search(name) for name in checkpoint.tensors),
        quantization=seen.quantization or "",
        tokenizer=tokenizer,
        generation=read_or_empty(folder / GENERATION_CONFIG),
        has_processor=any((folder / name).is_file() for name in _PROCESSORS),
        turns=taken.turns,
        template_trouble=taken.trouble,
        template_costly=costly,
        has_parts=(folder / PARTS).is_file(),
    )


def numbers(stated: object) -> list[int]:
    """One id or several, as configs state them."""
    listed = stated if isinstance(stated, list) else [stated]
    return [number for number in listed if isinstance(number, int) and not isinstance(number, bool)]


def _taken_apart(tokenizer: TokenizerFiles) -> Rendered:
    if tokenizer.template.text is None:
        return Rendered()
    return bounded(_TAKE_APART, tokenizer.template.text, tokenizer.special, limits=LIMITS)


def _usual_dtype(checkpoint: Checkpoint) -> str:
    sizes: Counter[str] = Counter()
    for record in checkpoint.tensors.values():
        sizes[record.dtype] += record.elements
    return DTYPES[sizes.most_common(1)[0][0]].shown_as if sizes else ""


def _rows(checkpoint: Checkpoint) -> int | None:
    shapes = [
        record.shape
        for name, record in checkpoint.tensors.items()
        if _EMBEDDING.search(name) and len(record.shape) == 2 and not _OTHER_TOWERS.search(name)
    ]
    return max((shape[0] for shape in shapes), default=None)
