"""Data as sentences in the person's language."""
