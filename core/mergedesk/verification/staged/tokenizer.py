"""Really loading a tokenizer, in a short-lived process of its own.

A vocabulary of 128 000 tokens takes 100 MB and more while it is loaded, which would be most of what a merge needs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...checkpoints.tokenizer_files import TOKENIZER, TOKENIZER_CONFIG
from ...domain.progress import CancelToken
from ...runtime import subprocess_module as own_process

_POLL_SECONDS = 0.05
_FILES = (TOKENIZER, TOKENIZER_CONFIG, "vocab.json", "vocab.txt", "tokenizer.model", "spiece.model")


@dataclass(frozen=True, slots=True)
class TokenizerFacts:
    """What a load gave: its class, the number of ids it can make, the token that ends a text, or what went wrong."""

    name: str = ""
    length: int = 0
    trouble: str = ""
    eos_token: str = ""
    eos_id: int | None = None


def has_tokenizer(folder: Path) -> bool:
    """Whether the folder holds any tokenizer file."""
    return any((folder / name).is_file() for name in _FILES)


def tokenizer_facts(folder: Path, cancel: CancelToken) -> TokenizerFacts:
    """Load the folder's tokenizer. Trouble comes back as text, it is not raised; raises Cancelled."""
    if not (folder / TOKENIZER).is_file():
        return _through_transformers(folder)
    return _in_another_process(folder, cancel) or load_here(folder)


def load_here(folder: Path) -> TokenizerFacts:
    """Load tokenizer.json in this process, with what its config adds."""
    import tokenizers

    try:
        loaded = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER))
        config: dict[str, Any] = {}
        if (folder / TOKENIZER_CONFIG).is_file():
            config = json.loads((folder / TOKENIZER_CONFIG).read_text(encoding="utf-8"))
        added = config.get("added_tokens_decoder") or {}
        length = max([loaded.get_vocab_size(with_added_tokens=True), *(int(number) + 1 for number in added)])
    except Exception as trouble:  # whatever a load raises is the answer to whether it loads
        return TokenizerFacts(trouble=first_line(trouble))
    eos = _content(config.get("eos_token"))
    name = str(config.get("tokenizer_class") or type(loaded).__name__)
    return TokenizerFacts(name, length, eos_token=eos, eos_id=loaded.token_to_id(eos) if eos else None)


def _content(token: object) -> str:
    """A special token as tokenizer_config.json states it: its text, or an object that holds it."""
    text = token.get("content") if isinstance(token, dict) else token
    return text if isinstance(text, str) else ""


def _in_another_process(folder: Path, cancel: CancelToken) -> TokenizerFacts | None:
    """The same in a process that ends afterwards; None where it could not be started."""
    quiet = {"stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    try:
        child = own_process.start(
            "mergedesk.verification.staged.tokenizer", str(folder.absolute()), stdout=subprocess.PIPE, **quiet
        )
    except OSError:
        return None
    with child:
        try:
            said = _wait(child, cancel)
        except BaseException:
            child.kill()
            raise
    try:
        return TokenizerFacts(**json.loads(said))
    except (ValueError, TypeError):
        return None


def _wait(child: subprocess.Popen[bytes], cancel: CancelToken) -> bytes:
    while True:
        cancel.check()
        try:
            return child.communicate(timeout=_POLL_SECONDS)[0]
        except subprocess.TimeoutExpired:
            continue


def _through_transformers(folder: Path) -> TokenizerFacts:
    """Older forms, which transformers converts while it loads them."""
    from transformers import AutoTokenizer

    from ...runtime.transformers_class import quiet

    try:
        with quiet():
            loaded = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
            eos = str(loaded.eos_token or "")
            return TokenizerFacts(type(loaded).__name__, len(loaded), eos_token=eos, eos_id=loaded.eos_token_id)
    except Exception as trouble:  # as above: the error is the answer
        return TokenizerFacts(trouble=first_line(trouble))


def first_line(trouble: BaseException) -> str:
    """The first line of an error, short enough to read."""
    return (str(trouble).strip().splitlines() or [type(trouble).__name__])[0][:300]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(load_here(Path(sys.argv[1])))))
