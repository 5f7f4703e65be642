"""What a person does about what a run left behind, or about one that failed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from mergedesk.support.failures import failure_of

from ..jobs.engine_api import EngineApi
from ..jobs.queued_signal import ask_in_thread
from ..state.follow_up import FollowUp, Step
from ..text.messages import finding_message
from ..theme.tone import Tone
from .merge_controller import MergeController


class FollowUps(QObject):
    """Takes such a step."""

    removed = Signal(object)
    """The ``FollowUp`` that was taken, when what it is about is gone."""

    def __init__(self, backend: EngineApi, merging: MergeController) -> None:
        super().__init__(merging)
        self._backend, self._merging = backend, merging

    def take(self, chosen: FollowUp) -> None:
        """Go on with what is left, remove it, or merge again."""
        if chosen.step is Step.TRY_AGAIN:
            self._merging.merge_again()
        elif chosen.step is Step.GO_ON:
            self._merging.merge(resume=True)
        else:
            self._merging.start_bar.say(self.tr("Removing…"))
            ask_in_thread(partial(_remove, self._backend, chosen), self._on_removed, name="removal")

    def _on_removed(self, answer: object) -> None:
        if isinstance(answer, Exception):
            said = finding_message(failure_of(answer).finding).whole
            if self._merging.runner.running:
                self._merging.start_bar.say(said, Tone.ERROR)
            else:
                self._merging.show_outcome(said, Tone.ERROR, look_again=True)
        else:
            self.removed.emit(answer)
            self._merging.look_again()


def _remove(backend: EngineApi, chosen: FollowUp) -> FollowUp:
    backend.remove_leftover(chosen.path)
    return chosen
