"""The heavy imports, done before a job needs them."""

from __future__ import annotations

import os


def warm_up() -> None:
    """Import what a merge needs (torch, transformers), so that a later merge starts at once."""
    # Nothing here may ask a hub for anything: every input is a folder on this machine.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import transformers
    import transformers.modeling_utils  # noqa: F401 (transformers loads its parts only when asked)

    from . import verify_staged, write_output  # noqa: F401
