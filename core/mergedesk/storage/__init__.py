"""Bytes in files: positions, headers, pickles without an unpickler; no notion of a model."""
