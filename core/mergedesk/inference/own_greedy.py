"""What a model itself answers, token by token, the likeliest first: run in a process that can be ended at any time.

A draft of the answer saves most of the time: one pass over it tells the model's own choice at each place, which holds
as long as the draft is what the model has chosen so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..checkpoints.checkpoint import Checkpoint, read_checkpoint
from ..domain.findings import UserError

if TYPE_CHECKING:
    import torch

_SMALL_MODEL = 500_000_000
_TOKENS, _TOKENS_OF_LARGE = 24, 8


@dataclass(frozen=True, slots=True)
class Greedy:
    """The tokens that a model has chosen, and the logits of all tokens at each place as float32; none if it cannot."""

    tokens: tuple[int, ...] = ()
    logits: bytes = b""


def is_small(checkpoint: Checkpoint) -> bool:
    """Whether a model is asked in float32, which takes twice the memory."""
    return checkpoint.parameters < _SMALL_MODEL


def tokens_asked(checkpoint: Checkpoint) -> int:
    """How long an answer is waited for."""
    return _TOKENS if is_small(checkpoint) else _TOKENS_OF_LARGE


def own_greedy(folder: Path, question: tuple[int, ...], draft: tuple[int, ...]) -> Greedy:
    """The answer of the model in ``folder``; nothing where transformers has no such class, or cannot build it."""
    import torch

    from ..engines.buildable import refuse_unbuildable
    from ..runtime.transformers_class import LOCALLY, find_class, quiet

    checkpoint = read_checkpoint(folder)
    model_class = find_class(checkpoint.config)
    try:
        refuse_unbuildable(checkpoint)
    except UserError:
        return Greedy()
    if model_class is None or not question:
        return Greedy()
    with quiet(), torch.inference_mode():
        dtype = torch.float32 if is_small(checkpoint) else "auto"
        model = model_class.from_pretrained(checkpoint.folder, dtype=dtype, **LOCALLY).eval()
        _read_layer_by_layer(model, checkpoint)
        return _chosen(model, question, draft, tokens_asked(checkpoint))


def _read_layer_by_layer(model: Any, checkpoint: Checkpoint) -> None:
    """Weights stay in their files: of those no more is in memory than one layer needs."""
    from ..storage.mapped_pages import let_pages_go, mapped_ranges

    ranges = mapped_ranges({header.file for header in checkpoint.headers})

    def give_back(module: Any, _inputs: Any, _outputs: Any) -> None:
        for parameter in module.parameters(recurse=False):
            let_pages_go(ranges, parameter.data_ptr(), parameter.nbytes)

    for module in model.modules() if ranges else ():
        if next(module.parameters(recurse=False), None) is not None:
            module.register_forward_hook(give_back)


def _chosen(model: Any, question: Sequence[int], draft: Sequence[int], count: int) -> Greedy:
    import torch

    places, kept = _along(model, question, list(draft[: count - 1]))
    tokens = [int(place.argmax()) for place in places]
    given = [*question, *tokens] if kept is None else tokens[-1:]
    while len(tokens) < count:
        outputs = model(input_ids=torch.tensor([given]), past_key_values=kept, use_cache=True)
        kept = outputs.past_key_values
        places.append(outputs.logits[0, -1].float())
        given = [int(places[-1].argmax())]
        tokens += given
    return Greedy(tuple(tokens), torch.stack(places).numpy().astype("<f4").tobytes())


def _along(model: Any, question: Sequence[int], draft: Sequence[int]) -> tuple[list[torch.Tensor], Any]:
    """The logits after the question and after each token of the draft, up to the first that is not the model's.

    Also what the model keeps of all before that; None where it cannot go back to there.
    """
    import torch

    outputs = model(input_ids=torch.tensor([[*question, *draft]]), use_cache=True)
    places = list(outputs.logits[0, len(question) - 1 :].float())
    agree = next((at for at, token in enumerate(draft) if int(places[at].argmax()) != token), len(draft))
    return places[: agree + 1], _cut(outputs.past_key_values, len(draft) - agree)


def _cut(kept: Any, count: int) -> Any:
    """Without the last ``count`` places; None where layers see a window, or sum up, and so cannot be cut."""
    from transformers.cache_utils import DynamicCache, DynamicLayer

    if type(kept) is not DynamicCache or any(type(layer) is not DynamicLayer for layer in kept.layers):
        return None
    if count:
        kept.crop(-count)
    return kept
