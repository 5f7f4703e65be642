"""A base with its adapters attached that stays loaded from one question to the next, at whatever strengths."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .strengths import strengthen
from .trial import Side
from .trial_inputs import TrialInputs

if TYPE_CHECKING:
    from .load_model import LoadedModel


class KeptModel:
    """Holds at most one model. It is loaded anew where other folders are asked for, or their files were changed."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self._model: LoadedModel | None = None
        self._key: object = None

    def holds(self, inputs: TrialInputs) -> bool:
        """Whether nothing would have to be loaded for this question."""
        return self._model is not None and self._key == _key(inputs)

    def at(self, inputs: TrialInputs) -> LoadedModel:
        """The model at the strengths asked for. Raises UserError, as ``loaded`` does."""
        if self._model is not None and self.holds(inputs):
            strengthen(inputs, self._model.tuner, self._model.trained)
            return self._model
        from .load_model import loaded

        self.let_go()
        key = _key(inputs)
        self._model = self._held.enter_context(loaded(inputs, Side.UNMERGED))
        self._key = key
        return self._model

    def let_go(self) -> None:
        """Give the memory back."""
        self._model = self._key = None
        self._held.close()


def _key(inputs: TrialInputs) -> object:
    """What a loaded model depends on: all of a request but the question, and its strengths."""
    request = inputs.request
    adapters = tuple(replace(adapter, weight=1.0) for adapter in request.adapters)
    lasting = replace(
        request, adapters=adapters, merged=None, prompt="", sides=(), max_new_tokens=0,
        use_template=True,
    )  # fmt: skip
    folders = (request.base, *(adapter.folder for adapter in request.adapters))
    return lasting, inputs.architecture, tuple(_state(folder) for folder in folders)


def _state(folder: Path) -> object:
    """Names, sizes and times of a folder's files; None where it cannot be read."""
    try:
        files = sorted(folder.iterdir())
        return tuple((file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file())
    except OSError:
        return None
