"""Weights that torch.save pickled, read without running anything."""
