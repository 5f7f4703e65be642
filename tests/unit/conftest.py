"""Each tiny base is made once a session, and every test draws the same numbers."""

from engine_fixtures import _quiet_loading, _seeded, base_of

__all__ = ["_quiet_loading", "_seeded", "base_of"]
