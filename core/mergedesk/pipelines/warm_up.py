"""The heavy imports, done before a job needs them."""

from __future__ import annotations

from ..runtime.garbage import importing_heavily
from ..runtime.offline import stay_offline


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
