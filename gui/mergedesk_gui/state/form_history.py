"""Every change of the form, so that each can be taken back and made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path

from .form import Form

MOST_STEPS = 200
# What the window takes back or sets by itself where something else is changed.
_FOLLOWING = ("overwrite", "consents", "combination", "keep_base")
_FOLDERS = ("base", "adapters", "merged", "mode")


class ChangeKind(StrEnum):
    """What was changed: a field of ``Form`` by its name, or what is done to several at once."""

    BASE = "base"
    ADAPTERS = "adapters"
    OUTPUT = "output"
    PRECISION = "precision"
    ENGINE = "engine"
    OVERWRITE = "overwrite"
    SHARD_SIZE = "shard_size"
    COMBINATION = "combination"
    CONSENTS = "consents"
    MODE = "mode"
    MERGED = "merged"
    QUICK = "quick"
    ROUNDING = "rounding"
    KEEP_BASE = "keep_base"
    ADAPTER_ADDED = "adapter_added"
    ADAPTER_REMOVED = "adapter_removed"
    ADAPTER_ORDER = "adapter_order"
    STRENGTH = "strength"
    SWAP = "swap"
    INPUTS = "inputs"
    NEW = "new"
    CLEAR = "clear"
    SHOWN_AGAIN = "shown_again"


@dataclass(frozen=True, slots=True)
class FormStep:
    """One change. ``editor`` tells apart where it was typed, so that what is typed in one go is one step."""

    change: ChangeKind
    before: Form
    after: Form
    editor: int | None = None


@dataclass(frozen=True, slots=True)
class FormHistory:
    """The steps that were made, the last one last, and those that were taken back, the next one to redo last."""

    done: tuple[FormStep, ...] = ()
    undone: tuple[FormStep, ...] = ()

    @property
    def to_undo(self) -> FormStep | None:
        """What would be taken back now."""
        return self.done[-1] if self.done else None

    @property
    def to_redo(self) -> FormStep | None:
        """What would be made again now."""
        return self.undone[-1] if self.undone else None

    def with_step(self, step: FormStep) -> FormHistory:
        """After one more change, which joins the last one where both were typed in the same place."""
        if step.before == step.after:
            return self
        last, earlier = self.to_undo, self.done
        if last is not None and step.editor is not None and last.editor == step.editor and last.after == step.before:
            earlier = earlier[:-1]
            if last.before == step.after:  # taken back by the text itself
                return FormHistory(earlier)
            step = replace(step, change=change_between(last.before, step.after), before=last.before)
        return FormHistory((*earlier, step)[-MOST_STEPS:])

    def sealed(self) -> FormHistory:
        """With a last step that nothing joins any more."""
        last = self.to_undo
        if last is None or last.editor is None:
            return self
        return replace(self, done=(*self.done[:-1], replace(last, editor=None)))

    def undo(self) -> FormHistory:
        """With the last step taken back."""
        return FormHistory(self.done[:-1], (*self.undone, *self.done[-1:])).sealed()

    def redo(self) -> FormHistory:
        """With the step made again that was taken back last."""
        return FormHistory((*self.done, *self.undone[-1:]), self.undone[:-1]).sealed()


def change_between(before: Form, after: Form) -> ChangeKind:
    """What makes one form of another."""
    changed = [field.name for field in fields(Form) if getattr(before, field.name) != getattr(after, field.name)]
    if _is_swapped(before, after):
        return ChangeKind.SWAP
    folders = [name for name in changed if name in _FOLDERS]
    leading = folders or [name for name in changed if name not in _FOLLOWING] or changed
    if len(leading) > 1:
        return ChangeKind.INPUTS
    return _of_adapters(before, after) if leading == ["adapters"] else ChangeKind(leading[0])


def _is_swapped(before: Form, after: Form) -> bool:
    if before.base is None or after.base is None or before.base == after.base:
        return False
    return after.base in _folders(before) and before.base in _folders(after)


def _of_adapters(before: Form, after: Form) -> ChangeKind:
    one, other = _folders(before), _folders(after)
    if one == other:
        return ChangeKind.STRENGTH
    if sorted(one) == sorted(other):
        return ChangeKind.ADAPTER_ORDER
    if set(one) < set(other):
        return ChangeKind.ADAPTER_ADDED
    return ChangeKind.ADAPTER_REMOVED if set(other) < set(one) else ChangeKind.ADAPTERS


def _folders(form: Form) -> Sequence[Path]:
    return [adapter.folder for adapter in form.adapters]
