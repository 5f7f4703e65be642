"""An existing merge, verified."""
