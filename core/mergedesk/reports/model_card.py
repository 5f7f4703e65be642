"""The merged folder's README.md: what the model is made of, with the front matter that the Hugging Face hub reads.

The fields: https://huggingface.co/docs/hub/model-cards
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import REPORT
from ..domain.findings import CheckStatus, Code
from ..domain.folder_names import cached_name
from ..domain.merge_report import MergeReport
from ..domain.messages import check_title
from ..domain.weight_delta import kept_of, percent
from ..quantization.detect import original_name
from ..runtime.templates import render
from ..storage.bounded_json import read_bounded
from ..storage.file_identity import real_path
from .document_parts import escaped
from .weight_delta_map import Quantity, value_of

CARD = "README.md"
_CARD = Path(__file__).parent / "templates" / "model_card.md.jinja"
_MAX_BYTES = 1_000_000
_MAX_MATTER = 20_000
_MERGE_KEY = "<<"
_FIELDS = re.compile(r"^(?:license(?:_name|_link)?|language|tags|pipeline_tag)\s*:.*\n(?:(?:[ -].*)?\n)*", re.MULTILINE)
_MAX_TEXT = 200
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
# What people call folders on their own disks, and nobody is called on the hub.
_FOLDERS = frozenset({
    "model", "models", "checkpoint", "checkpoints", "output", "outputs", "out", "result", "results", "run", "runs",
    "data", "tmp", "temp", "home", "mnt", "root", "workspace", "content", "base", "bases", "weights", "cache",
    "adapter", "adapters", "lora", "loras", "saves", "experiments",
})  # fmt: skip
_TAG = "merged"
_LICENCE = ("license", "license_name", "license_link")
# True of an adapter or of packed weights, and no longer of the result.
_OUTDATED_TAGS = frozenset({
    "adapter", "lora", "peft", "qlora", "dora", "4-bit", "8-bit", "bitsandbytes", "gptq", "awq", "fp8", "gguf",
})  # fmt: skip


def model_card(report: MergeReport, base: Checkpoint, adapters: Sequence[Adapter]) -> str:
    """The whole card of a verified merge. Whatever the inputs' own cards hold, there is one."""
    theirs = [front_matter(reversed(adapter.folders)) for adapter in adapters]
    cards = [front_matter([base.folder]), *theirs]
    text = f"---\n{_metadata(report, base, adapters, cards)}\n---\n\n{_body(report, cards)}"
    return text.encode("utf-8", "replace").decode("utf-8")  # folders may have names that no file can hold


def hub_id(name: str) -> str | None:
    """``owner/name`` where a recorded name can only be that of a hub repository; None for what may be a path."""
    owner = name.partition("/")[0].lower()
    return name if _HUB_ID.fullmatch(name) and owner not in _FOLDERS and ".." not in name else None


def _metadata(
    report: MergeReport, base: Checkpoint, adapters: Sequence[Adapter], cards: Sequence[Mapping[str, Any]]
) -> str:
    from huggingface_hub import ModelCardData

    own, *theirs = cards
    base_id = _base_id(report, base, adapters)
    licensed = next((card for card in cards if _texts(card.get("license"))), own)
    licence: dict[str, Any] = {key: _one(_texts(licensed.get(key))) for key in _LICENCE}
    if licensed is not own and not _is_address(licence["license_link"]):
        licence["license_link"] = None  # a file beside the adapter, which does not come along
    data = ModelCardData(
        base_model=base_id,
        base_model_relation="merge" if base_id else None,
        library_name="transformers",
        pipeline_tag=_pipeline_tag(report, base, own, theirs),
        language=_joined(cards, "language") or None,
        tags=list(dict.fromkeys([*(tag for tag in _joined(cards, "tags") if not _is_outdated(tag)), _TAG])),
        **licence,
    )
    return str(data.to_yaml())


def _base_id(report: MergeReport, base: Checkpoint, adapters: Sequence[Adapter]) -> str | None:
    """The base's name on the hub, by the cache it lies in, by what an adapter recorded, or by its own config."""
    if cached := cached_name(real_path(base.folder)):
        return hub_id(cached)
    is_another = any(finding.code is Code.WRONG_BASE_NAME for finding in report.findings)
    recorded = [] if is_another else [adapter.base_model_name_or_path or "" for adapter in adapters]
    # An adapter trained on a quantised copy records that copy, whichever of the two it is merged into.
    names = [*(name for name in recorded if not original_name(name)), str(base.config.get("_name_or_path") or "")]
    return next(filter(None, map(hub_id, names)), None)


def _pipeline_tag(
    report: MergeReport, base: Checkpoint, own: Mapping[str, Any], theirs: Sequence[Mapping[str, Any]]
) -> str | None:
    """The adapters' own; the base's only where the model still does what the base did."""
    same = report.merged_class == base.architecture
    cards = [*theirs, own] if same else theirs
    return next((tags[0] for card in cards if (tags := _texts(card.get("pipeline_tag")))), None)


def _is_address(link: object) -> bool:
    return isinstance(link, str) and link.startswith(("https://", "http://"))


def _is_outdated(tag: str) -> bool:
    return tag.lower() in _OUTDATED_TAGS or tag.startswith("base_model:")


def front_matter(folders: Iterable[Path]) -> dict[str, Any]:
    """What is used of the first folder's card; empty where there is none, or none that can be read.

    Only those fields are parsed: a card may list thousands of results, or be made of references that double.
    """
    from huggingface_hub import RepoCard  # a ModelCard would take the letters of a single tag for tags

    file = next((folder / CARD for folder in folders if (folder / CARD).is_file()), None)
    try:
        content = read_bounded(file, _MAX_BYTES).decode("utf-8-sig").lstrip() if file else ""
        matter = "".join(_FIELDS.findall(content.partition("\n---")[0].replace("\r", "") + "\n"))
        if not content.startswith("---") or len(matter) > _MAX_MATTER or _MERGE_KEY in matter:
            return {}
        return dict(vars(RepoCard(f"---\n{matter}---\n", ignore_metadata_errors=True).data))
    except Exception:  # the library lets through whatever yaml, or a field of a strange kind, raises
        return {}


def _joined(cards: Sequence[Mapping[str, Any]], key: str) -> list[str]:
    """Every card's texts under ``key``, each once."""
    return list(dict.fromkeys(text for card in cards for text in _texts(card.get(key))))


def _texts(value: object) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    # yaml takes Norwegian's code for a no
    words = ("no" if word is False else word for word in listed)
    return [word.strip() for word in words if isinstance(word, str) and word.strip() and len(word) <= _MAX_TEXT]


def _one(texts: list[str]) -> str | list[str] | None:
    return texts[0] if len(texts) == 1 else texts or None


def _body(report: MergeReport, cards: Sequence[Mapping[str, Any]]) -> str:
    return render(
        _CARD,
        escaped=escaped,
        report=report,
        report_file=REPORT,
        title=report.output.name,
        change=_change(report),
        version=report.versions.get("mergedesk"),
        passed=sum(check.status is CheckStatus.PASS for check in report.checks),
        remarks=[check_title(check.code) for check in report.checks if check.status is CheckStatus.WARN],
        licences=_licences(report, cards),
    )


def _change(report: MergeReport) -> str:
    """How large the change is, and what was kept of it."""
    modules = report.effect.modules if report.effect else ()
    size, kept = value_of(modules, Quantity.RELATIVE), kept_of(modules).written
    if size is None:
        return ""
    keeps = f" The written precision keeps {percent(kept)} % of that change." if kept is not None else ""
    return f"The merge changes the targeted weights by {100 * size:.2g} % of their size (‖ΔW‖ / ‖W‖).{keeps}"


def _licences(report: MergeReport, cards: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Whose card states which; empty where they do not differ."""
    names = [report.base_name, *(adapter.name for adapter in report.adapters)]
    stated = [(name, ", ".join(_texts(card.get("license")))) for name, card in zip(names, cards, strict=True)]
    told = [(name, licence) for name, licence in stated if licence]
    return told if len({licence for _, licence in told}) > 1 else []
