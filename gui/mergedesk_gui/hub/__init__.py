"""Models on a hub: looked at, downloaded and uploaded."""
