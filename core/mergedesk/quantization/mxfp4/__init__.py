"""MXFP4: four-bit floats that share powers of two."""
