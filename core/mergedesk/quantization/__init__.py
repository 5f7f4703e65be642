"""Packing formats: found, parsed, dequantized; one folder for each."""
