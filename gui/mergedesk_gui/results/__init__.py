"""The right side: what is known before a merge, and what came of it."""
