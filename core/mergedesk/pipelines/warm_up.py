"""The heavy imports, done before a job needs them."""

from __future__ import annotations

import os

from ..runtime.garbage import importing_heavily


def stay_offline() -> None:
    """Nothing here, nor in any process started from here, may ask a hub: every input is a folder on this machine."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")


def warm_up() -> None:
    """Import what any job needs (torch, transformers), so that a later one starts at once."""
    stay_offline()
    with importing_heavily():
        import transformers
        import transformers.modeling_utils  # noqa: F401 (transformers loads its parts only when asked)

    warm_up_streaming()


def warm_up_streaming() -> None:
    """Import what streaming needs: torch, but not transformers."""
    with importing_heavily():
        from . import verify_staged, write_output  # noqa: F401
