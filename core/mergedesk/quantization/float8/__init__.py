"""Eight-bit floats with scales."""
