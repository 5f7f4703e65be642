"""Trained token rows."""
