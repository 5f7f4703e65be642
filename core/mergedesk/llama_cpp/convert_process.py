"""The process in which llama.cpp's converter runs: ``FOLDER SCRIPT MODEL STATED ARGUMENT…``."""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .guarded import end_with_parent, refuse_code_within, stay_offline, trust_no_remote_code

_VOCABULARY = "tokenizer.ggml.model"


def main() -> None:
    """Run the script as its own command line would be run, on the model's folder."""
    folder, script, model, stated, *arguments = sys.argv[1:]
    end_with_parent()
    stay_offline()
    refuse_code_within(Path(model))
    trust_no_remote_code()
    # Its own gguf, before the official one.
    sys.path[:0] = [folder, str(Path(folder) / "gguf-py")]
    state(json.loads(stated))
    file = str(Path(folder) / script)
    sys.argv = [file, *arguments]
    runpy.run_path(file, run_name="__main__")


def state(settings: Mapping[str, bool]) -> None:
    """Have files say of their vocabulary what the converter leaves to llama.cpp, which might take it otherwise."""
    import gguf

    write = gguf.GGUFWriter.write_header_to_file  # the first that is written: how many settings there are

    def write_with_settings(writer: Any, **given: Any) -> None:
        known = {key for part in writer.kv_data for key in part}
        for name, value in settings.items():
            if _VOCABULARY in known and f"tokenizer.ggml.{name}" not in known:
                writer.add_bool(f"tokenizer.ggml.{name}", value)
        write(writer, **given)

    gguf.GGUFWriter.write_header_to_file = write_with_settings


if __name__ == "__main__":
    main()
