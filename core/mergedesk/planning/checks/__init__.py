"""What can be wrong, found before a weight is read."""
