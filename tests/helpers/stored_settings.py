"""Files of settings as other versions, or nobody, wrote them."""

from __future__ import annotations

from pathlib import Path

from mergedesk_gui.state.migrations import CURRENT_FORM

NEWER = (
    "[choices]\nbase=/models/Llama\nadapter=/models/pirate\nstrength=0.5\nmood=merry\n"
    f"[settings]\nform={CURRENT_FORM + 1}\n"
)


def stored(tmp_path: Path, text: str | bytes) -> Path:
    file = tmp_path / "settings.ini"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file
