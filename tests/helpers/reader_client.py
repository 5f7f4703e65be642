"""A screen reader's side of a window: finds controls by role and name and uses their actions, by AT-SPI alone.

Run by the system's own Python, which has its bindings. It is told what to do in JSON lines, and answers each in one.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

_POLL = 0.5  # each look at a window is hundreds of questions to it


def main(program: str) -> None:
    """Answer until the end of the input; ``program`` is what the application calls itself."""
    importlib.import_module("gi").require_version("Atspi", "2.0")
    atspi = importlib.import_module("gi.repository.Atspi")
    atspi.init()
    reader = Reader(atspi, program)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"done": getattr(reader, asked.pop("do"))(**asked)}
        except Exception as trouble:
            answer = {"trouble": f"{type(trouble).__name__}: {trouble}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


class Reader:
    """Every method waits for the control that it names, for so many seconds."""

    def __init__(self, atspi: Any, program: str) -> None:
        self._atspi, self._program = atspi, program
        self._heard: list[str] = []
        self._events = importlib.import_module("gi.repository.GLib").MainContext.default()
        self._listener = atspi.EventListener.new(lambda event: self._heard.append(str(event.any_data)))
        self._listener.register("object:announcement")

    def heard(self, beginnings: list[str], seconds: float = 20) -> str:
        """Wait until something was read out that begins in one of these ways."""
        end = time.monotonic() + seconds
        while True:
            self._listen()
            said = next((one for one in self._heard if one.startswith(tuple(beginnings))), None)
            if said is not None:
                return said
            if time.monotonic() > end:
                raise LookupError(f"“{' / '.join(beginnings)}” was not read out; there was {self._heard}")
            time.sleep(_POLL)

    def _listen(self) -> None:
        while self._events.pending():
            self._events.iteration(False)

    def press(self, role: str, name: str, seconds: float = 20) -> None:
        """Do what the control's first action does."""
        self._wait(role, name, seconds, enabled=True).get_action_iface().do_action(0)

    def write(self, role: str, name: str, text: str, seconds: float = 20) -> None:
        """Replace the control's text."""
        found = self._wait(role, name, seconds, enabled=True)
        found.get_editable_text_iface().set_text_contents(text)

    def read(self, role: str, name: str, seconds: float = 20) -> str:
        """The text of a control, or what it is called where it has none."""
        found = self._wait(role, name, seconds)
        text = found.get_text_iface()
        return str(text.get_text(0, text.get_character_count()) if text else found.get_name())

    def states(self, role: str, name: str, seconds: float = 20) -> list[str]:
        """What it is at the moment."""
        found = self._wait(role, name, seconds).get_state_set()
        return [one.value_nick for one in found.get_states()]

    def wait(self, role: str, name: str, seconds: float = 20) -> str:
        """Wait until it is there; its whole name."""
        return str(self._wait(role, name, seconds).get_name())

    def is_there(self, role: str, name: str) -> bool:
        """Whether it is there now."""
        return next(self._found(role, name, enabled=False), None) is not None

    def listed(self) -> list[tuple[str, str]]:
        """Role and name of all that is shown."""
        return [(one.get_role_name(), one.get_name() or "") for one in self._shown()]

    def _wait(self, role: str, name: str, seconds: float, *, enabled: bool = False) -> Any:
        end = time.monotonic() + seconds
        while True:
            self._listen()
            found = next(self._found(role, name, enabled=enabled), None)
            if found is not None:
                return found
            if time.monotonic() > end:
                there = sorted({f"{one[0]}: {one[1]}" for one in self.listed() if one[1]})
                raise LookupError(f"no {role} “{name}”; there are {there}")
            time.sleep(_POLL)

    def _found(self, role: str, name: str, *, enabled: bool) -> Iterator[Any]:
        """By its whole name, or by how that begins where ``name`` ends with “*”."""
        for one in self._shown():
            said = one.get_name() or ""
            fits = said.startswith(name[:-1]) if name.endswith("*") else said == name
            if fits and one.get_role_name() == role and (not enabled or self._has(one, "SENSITIVE")):
                yield one

    def _shown(self) -> Iterator[Any]:
        desktop = self._atspi.get_desktop(0)
        for number in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(number)
            if program is not None and program.get_name() == self._program:
                yield from self._below(program)

    def _below(self, node: Any) -> Iterator[Any]:
        for number in range(node.get_child_count()):
            child = node.get_child_at_index(number)
            if child is not None and self._has(child, "SHOWING"):
                yield child
                if child.get_role_name() != "table":  # of cells there may be thousands
                    yield from self._below(child)

    def _has(self, node: Any, state: str) -> bool:
        return bool(node.get_state_set().contains(getattr(self._atspi.StateType, state)))


if __name__ == "__main__":
    main(sys.argv[1])
