"""Two ways to merge one plan: tile by tile, or through PEFT's own layers."""
