"""Files of settings as other versions, or nobody, wrote them."""

from __future__ import annotations

from pathlib import Path

from mergedesk_gui.state.migrations import CURRENT_FORM

_ADAPTERS = r"[{\"folder\": \"/models/pirate\", \"weight\": 0.5}]"
_LATER_FORM = r"{\"base\": \"/models/Llama\", \"mood\": \"merry\", \"adapters\": " + _ADAPTERS + "}"
NEWER = f'[choices]\nform="{_LATER_FORM}"\n[settings]\nform={CURRENT_FORM + 1}\n'


def stored(tmp_path: Path, text: str | bytes) -> Path:
    file = tmp_path / "settings.ini"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file
