"""The process in which llama.cpp's converter runs: ``FOLDER SCRIPT MODEL ARGUMENT…``."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from .guarded import end_with_parent, refuse_code_within, stay_offline, trust_no_remote_code


def main() -> None:
    """Run the script as its own command line would be run, on the model's folder."""
    folder, script, model, *arguments = sys.argv[1:]
    end_with_parent()
    stay_offline()
    refuse_code_within(Path(model))
    trust_no_remote_code()
    # Its own gguf, before the official one.
    sys.path[:0] = [folder, str(Path(folder) / "gguf-py")]
    file = str(Path(folder) / script)
    sys.argv = [file, *arguments]
    runpy.run_path(file, run_name="__main__")


if __name__ == "__main__":
    main()
