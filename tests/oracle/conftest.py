"""Each tiny base is made once a session, and every test draws the same numbers."""

from engine_fixtures import _bitsandbytes_by_its_own_reference, _quiet_loading, _seeded, base_of

__all__ = ["_bitsandbytes_by_its_own_reference", "_quiet_loading", "_seeded", "base_of"]
