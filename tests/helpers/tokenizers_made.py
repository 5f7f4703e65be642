"""A tiny tokenizer that goes with the tiny models: one id for each byte that the vocabulary has room for."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

TEMPLATE = "{% for message in messages %}<user>{{ message['content'] }}{% endfor %}<reply>"
_SPECIAL = ("<pad>", "<s>", "</s>")


def add_tokenizer(folder: Path, template: str | None = None, size: int = 131) -> Path:
    """Save a character-level tokenizer of ``size`` ids into ``folder``, with a chat template if there is one."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())[: size - len(_SPECIAL)]
    vocabulary = {token: number for number, token in enumerate([*_SPECIAL, *letters])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<s>", eos_token="</s>", chat_template=template
    )
    made.save_pretrained(folder)
    return folder
