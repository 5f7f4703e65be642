"""One side's model, loaded as a person would load it, and freed again."""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ..checkpoints.adapter import Adapter
from ..checkpoints.files import ADAPTER_CONFIG
from ..domain.findings import Code, Finding, UserError, info
from ..domain.requests import CombinationMethod
from ..engines.buildable import refuse_unbuildable
from ..engines.peft.attach import peft_errors, refuse_missing_keys
from ..engines.repaired_adapter import loadable
from ..runtime.transformers_class import LOCALLY, find_class, let_go, quiet
from ..storage.safetensors_header import TensorRecord
from ..storage.tensor_reading import read_whole
from .strengths import Scalings, adapter_name, combine, trained_scalings
from .trial import AnswerKind, Side, UnmergedLoading
from .trial_inputs import TrialInputs

_AUTO_CLASSES = {
    AnswerKind.TEXT: "AutoModelForCausalLM",
    AnswerKind.TEXT_TO_TEXT: "AutoModelForSeq2SeqLM",
    AnswerKind.CLASSES: "AutoModelForSequenceClassification",
    AnswerKind.TOKEN_CLASSES: "AutoModelForTokenClassification",
}


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to be asked; ``model`` is the object a person would hold, ``loaded_as`` says which and how.

    ``tuner`` is what its adapters are attached to, and ``trained`` their scalings; none where there are no adapters.
    """

    side: Side
    model: Any
    class_name: str
    loaded_as: Finding
    tuner: Any = None
    trained: Scalings = ()


@contextmanager
def loaded(inputs: TrialInputs, side: Side) -> Iterator[LoadedModel]:
    """The side's model on the request's device, in evaluation mode; its memory is given back at the end.

    Raises UserError (trial_own_code, trial_no_head, trial_needs_peft_model, keys_unmatched, peft_failed,
    out_of_memory).
    """
    with peft_errors() if side is Side.UNMERGED else nullcontext(), quiet():
        loaded_model = _load(inputs, side)
    try:
        yield loaded_model
    finally:
        let_go(loaded_model.model)
        if inputs.request.device.startswith("cuda"):
            torch.cuda.empty_cache()


def _load(inputs: TrialInputs, side: Side) -> LoadedModel:
    if side is Side.UNMERGED and inputs.request.loading is UnmergedLoading.AUTO_CLASS:
        model, said = _by_auto_class(inputs)
    elif side is Side.UNMERGED:
        model, said = _as_peft_model(inputs)
    else:
        model = _plain(inputs, side)
        said = info(Code.TRIAL_LOADED_PLAIN, name=type(model).__name__)
    tuner: Any = None
    trained: Scalings = ()
    if side is Side.UNMERGED:
        tuner = model.base_model if hasattr(model, "get_base_model") else model
        trained = trained_scalings(tuner)
        combine(inputs, tuner)
    model = model.eval().requires_grad_(False).to(inputs.request.device)
    return LoadedModel(side, model, type(model).__name__, said, tuner, trained)


def _plain(inputs: TrialInputs, side: Side) -> Any:
    """A plain transformers model: the base or merged folder; for the unmerged side the base in the adapter's class."""
    if side is Side.BASE and inputs.prepared.preflight.base.class_name != inputs.architecture:
        raise UserError(Code.TRIAL_NO_HEAD, name=str(inputs.architecture))
    model_class = find_class({"architectures": [inputs.architecture or ""]})
    if model_class is None:
        raise UserError(Code.TRIAL_OWN_CODE, name=str(inputs.architecture))
    if checkpoint := inputs.checkpoint(side):
        refuse_unbuildable(checkpoint)
    if inputs.base_is_apart and side is not Side.MERGED:
        return _taken_apart(inputs, model_class)
    folder = (side is Side.MERGED and inputs.request.merged) or inputs.request.base
    config = _other_config(inputs) if side is Side.UNMERGED else None
    return model_class.from_pretrained(folder, config=config, dtype=inputs.request.precision.value, **LOCALLY)


def _taken_apart(inputs: TrialInputs, model_class: Any) -> Any:
    """The base without the adapter that its folder holds: from the weights alone, which lie under other names there."""
    from transformers import AutoConfig

    base = inputs.prepared.base
    records = base.tensors.items() if base else ()
    state = {name: read_whole(record) for name, record in records if isinstance(record, TensorRecord)}
    config = AutoConfig.from_pretrained(inputs.request.base, **LOCALLY)
    return model_class.from_pretrained(None, config=config, state_dict=state, dtype=inputs.request.precision.value)


def _other_config(inputs: TrialInputs) -> Any:
    """The base's config with the head that the adapter brings; None where the base's own will do."""
    head = inputs.prepared.head
    if head is None:
        return None
    from transformers import AutoConfig

    changes = dict(head.config)
    if "id2label" in changes:  # JSON knows no numbers as keys
        changes["id2label"] = {int(number): label for number, label in changes["id2label"].items()}
    config = AutoConfig.from_pretrained(inputs.request.base, **LOCALLY)
    for name, value in changes.items():
        setattr(config, name, value)
    return config


def _as_peft_model(inputs: TrialInputs) -> tuple[Any, Finding]:
    from peft import PeftModel

    adapters = [resolved.adapter for resolved in inputs.prepared.mapped]
    plain = _plain(inputs, Side.UNMERGED)
    inner = type(plain).__name__
    if inputs.prepared.resize:
        plain.resize_token_embeddings(inputs.prepared.resize.after, mean_resizing=False)
    with _missing_keys_refused(), loadable(adapters[0]) as folder:
        model = PeftModel.from_pretrained(plain, str(folder), adapter_name=adapter_name(0), is_trainable=False)
    for number, adapter in enumerate(adapters[1:], 1):
        with _missing_keys_refused(), loadable(adapter) as folder:
            model.load_adapter(str(folder), adapter_name(number), is_trainable=False)
    return model, info(Code.TRIAL_LOADED_AS_PEFT_MODEL, name=type(model).__name__, inner=inner)


def _by_auto_class(inputs: TrialInputs) -> tuple[Any, Finding]:
    import transformers

    apart = inputs.prepared.resize or inputs.prepared.head or inputs.base_is_apart
    if apart or inputs.request.combination.method is not CombinationMethod.CAT:
        raise UserError(Code.TRIAL_NEEDS_PEFT_MODEL)
    loader_name = _AUTO_CLASSES.get(inputs.task, "AutoModel")
    adapters = [resolved.adapter for resolved in inputs.prepared.mapped]
    with _missing_keys_refused(), _named_base(adapters[0], inputs.request.base) as folder:
        loader = getattr(transformers, loader_name)
        model = loader.from_pretrained(
            folder, dtype=inputs.request.precision.value, adapter_name=adapter_name(0), **LOCALLY
        )
    for number, adapter in enumerate(adapters[1:], 1):
        with _missing_keys_refused(), loadable(adapter) as folder:
            model.load_adapter(str(folder), adapter_name=adapter_name(number), local_files_only=True)
    recorded = adapters[0].base_model_name_or_path or "—"
    data = {"name": type(model).__name__, "loader": loader_name, "recorded": recorded, "base": str(inputs.request.base)}
    return model, info(Code.TRIAL_LOADED_BY_AUTO_CLASS, **data)


@contextmanager
def _missing_keys_refused() -> Iterator[None]:
    """PEFT only warns where an adapter lacks keys, and goes on with random ones."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield
    refuse_missing_keys([str(warning.message) for warning in said])


@contextmanager
def _named_base(adapter: Adapter, base: Path) -> Iterator[Path]:
    """The adapter's folder as if its config named ``base``: transformers loads the base from where that points."""
    with (
        loadable(adapter) as folder,
        tempfile.TemporaryDirectory(prefix="mergedesk-adapter-", ignore_cleanup_errors=True) as name,
    ):
        for file in folder.iterdir():
            if file.name.startswith("adapter_model."):
                _link(file.resolve(), Path(name) / file.name)
        config = {**adapter.config, "base_model_name_or_path": str(base.resolve())}
        (Path(name) / ADAPTER_CONFIG).write_text(json.dumps(config), encoding="utf-8")
        yield Path(name)


def _link(file: Path, target: Path) -> None:
    try:
        target.symlink_to(file)
    except OSError:  # Windows lets only some people make links
        shutil.copyfile(file, target)


def torch_devices() -> Sequence[tuple[str, str]]:
    """Ids and names of what torch can compute on, the processor first."""
    devices = [("cpu", "CPU")]
    if torch.cuda.is_available():
        devices += [(f"cuda:{index}", torch.cuda.get_device_name(index)) for index in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        devices.append(("mps", "Apple GPU (MPS)"))
    return tuple(devices)
