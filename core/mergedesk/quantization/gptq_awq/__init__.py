"""GPTQ and AWQ."""
