"""What is chosen, found and remembered, as data."""
