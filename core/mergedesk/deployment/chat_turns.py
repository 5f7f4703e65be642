"""What a chat template puts around messages, as data; ``chat_template`` finds it, in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..runtime.bounded_call import Limits

Message = Mapping[str, str]
LIMITS = Limits(seconds=5)
CLOCK = "strftime_now"


class SystemPlace(StrEnum):
    """Where a system message goes: into a turn of its own, into a user's message, or nowhere."""

    TURN = "turn"
    FIRST_USER = "first_user"
    LAST_USER = "last_user"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Turns:
    """What stands before and after each message's text, and at the end, where the model goes on.

    ``default_system`` is what the template says where nobody gave a system message; with ``always_system`` the
    system's turn is there even so. The text that begins every prompt (the BOS token) is not in it.
    """

    user: tuple[str, str]
    assistant: tuple[str, str]
    generation: str
    system: tuple[str, str] = ("", "")
    place: SystemPlace = SystemPlace.NOWHERE
    default_system: str = ""
    always_system: bool = False

    def render(self, messages: Sequence[Message]) -> str:
        """The prompt for ``messages``; the first may be a system message."""
        given = messages[0]["content"] if messages[0]["role"] == "system" else ""
        system = given or self.default_system
        talk = messages[1:] if given else messages
        in_turn = self.place is SystemPlace.TURN and (system or self.always_system)
        text = f"{self.system[0]}{system}{self.system[1]}" if in_turn else ""
        chosen = {SystemPlace.FIRST_USER: 0, SystemPlace.LAST_USER: len(talk) - 1}.get(self.place)
        for number, message in enumerate(talk):
            before, after = self.user if message["role"] == "user" else self.assistant
            extra = f"{self.system[0]}{system}{self.system[1]}" if system and number == chosen else ""
            text += f"{before}{extra}{message['content']}{after}"
        return text + self.generation


@dataclass(frozen=True, slots=True)
class Rendered:
    """What came of a template: its prompt, or its turns where those were asked for; ``trouble`` is why neither did."""

    prompt: str = ""
    turns: Turns | None = None
    trouble: str = ""


def has_clock(template: str) -> bool:
    """Whether the template puts today's date in."""
    return CLOCK in template
