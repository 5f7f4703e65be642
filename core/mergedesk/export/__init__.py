"""A model folder in the forms that other programs run."""
