"""Checks of a result before it takes its name."""
