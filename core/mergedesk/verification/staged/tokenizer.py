"""Really loading a tokenizer, in a short-lived process of its own.

A vocabulary of 128 000 tokens takes 100 MB and more while it is loaded, which would be most of what a merge needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...checkpoints.files import read_json
from ...checkpoints.tokenizer_files import TOKENIZER, TOKENIZER_CONFIG, tokenizer_bytes
from ...domain.progress import CancelToken
from ...runtime.bounded_call import LimitMet, Limits, bounded

_LIMITS = Limits(seconds=60, nbytes=4_000_000_000)


@dataclass(frozen=True, slots=True)
class TokenizerFacts:
    """What a load gave: its class, the number of ids it can make, the token that ends a text, or what went wrong."""

    name: str = ""
    length: int = 0
    trouble: str = ""
    eos_token: str = ""
    eos_id: int | None = None


def tokenizer_facts(folder: Path, cancel: CancelToken) -> TokenizerFacts:
    """Load the folder's tokenizer. Trouble comes back as text, it is not raised; raises Cancelled."""
    load = load_here if (folder / TOKENIZER).is_file() else through_transformers
    try:
        return bounded(load, folder, limits=_LIMITS, check=cancel.check)
    except LimitMet as met:
        return TokenizerFacts(trouble=met.reason)


def load_here(folder: Path) -> TokenizerFacts:
    """Load tokenizer.json in this process, with what its config adds."""
    import tokenizers

    try:
        # From its content, for a folder's name need not be Unicode.
        loaded = tokenizers.Tokenizer.from_buffer(tokenizer_bytes(folder))
        config = read_json(folder / TOKENIZER_CONFIG) if (folder / TOKENIZER_CONFIG).is_file() else {}
        added = config.get("added_tokens_decoder") or {}
        length = max([loaded.get_vocab_size(with_added_tokens=True), *(int(number) + 1 for number in added)])
    except Exception as trouble:  # whatever a load raises is the answer to whether it loads
        return TokenizerFacts(trouble=first_line(trouble))
    eos = _content(config.get("eos_token"))
    name = str(config.get("tokenizer_class") or type(loaded).__name__)
    return TokenizerFacts(name, length, eos_token=eos, eos_id=loaded.token_to_id(eos) if eos else None)


def encode_here(folder: Path, text: str) -> int:
    """How many tokens tokenizer.json makes of a text; its patterns are a stranger's, and nothing ends them."""
    import tokenizers

    return len(tokenizers.Tokenizer.from_buffer(tokenizer_bytes(folder)).encode(text))


def _content(token: object) -> str:
    """A special token as tokenizer_config.json states it: its text, or an object that holds it."""
    text = token.get("content") if isinstance(token, dict) else token
    return text if isinstance(text, str) else ""


def through_transformers(folder: Path) -> TokenizerFacts:
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
