"""Every test here has a hub on loopback."""

from hub_environment import hub

__all__ = ["hub"]
