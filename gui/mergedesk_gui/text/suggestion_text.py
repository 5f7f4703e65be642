"""The words of each suggestion, and what its buttons send."""

from __future__ import annotations

from ..state.suggestions import Suggestion, SuggestionKind
from .messages import say


def suggestion_sentence(suggestion: Suggestion) -> str:
    """What is suggested, and why."""
    path = str(suggestion.folders[0]) if suggestion.folders else ""
    where = f".{suggestion.slot}" if suggestion.kind is SuggestionKind.MOVE else ""
    return say(f"suggestion.{suggestion.kind}.sentence{where}", path=path)


def suggestion_actions(suggestion: Suggestion) -> list[tuple[str, object]]:
    """The buttons: each sends the folder to use, or the suggestion itself where two fields change."""
    if suggestion.kind in (SuggestionKind.SWAP, SuggestionKind.MOVE):
        return [(say(f"suggestion.{suggestion.kind}.button"), suggestion)]
    return [(say("suggestion.use", name=folder.name), folder) for folder in suggestion.folders]
