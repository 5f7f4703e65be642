"""Past merges."""
