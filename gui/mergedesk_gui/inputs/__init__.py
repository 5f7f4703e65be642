"""The left side: which folders, and how to merge them."""
