"""What of the programs that run models is on this computer: Ollama's command, LM Studio's folder of models.

Places as their own sources have them: Ollama's installers (scripts/install.sh, app/ollama.iss, the macOS bundle), LM
Studio's ``.lmstudio-home-pointer`` with ``.lmstudio`` and the older ``.cache/lm-studio`` beside it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_OLLAMA = "ollama"
_OLLAMA_PLACES = (
    "/usr/local/bin/ollama",
    "/opt/homebrew/bin/ollama",
    "/Applications/Ollama.app/Contents/Resources/ollama",
)
_POINTER = ".lmstudio-home-pointer"
_HOMES = (".lmstudio", ".cache/lm-studio")
_MOST_POINTED = 4096


def find_ollama() -> Path | None:
    """Ollama's command: on the path, else where its installers put it; None where it is not on this computer."""
    if found := shutil.which(_OLLAMA):
        return Path(found)
    local = os.environ.get("LOCALAPPDATA")
    places = [*_OLLAMA_PLACES, *([f"{local}/Programs/Ollama/ollama.exe"] if local else [])]
    return next((Path(place) for place in places if Path(place).is_file() and os.access(place, os.X_OK)), None)


def find_lm_studio_models(home: Path | None = None) -> Path | None:
    """The folder that LM Studio lists models from; None where LM Studio has never run on this computer."""
    home = home or Path.home()
    homes = [pointed] if (pointed := _pointed(home / _POINTER)) else []
    homes += [home / name for name in _HOMES]
    return next((place / "models" for place in homes if place.is_dir()), None)


def _pointed(pointer: Path) -> Path | None:
    """The folder that a file names; None where it says nothing of use."""
    try:
        with pointer.open(encoding="utf-8") as stream:
            named = Path(stream.read(_MOST_POINTED).strip())
    except (OSError, ValueError):
        return None
    return named if named.is_absolute() else None
