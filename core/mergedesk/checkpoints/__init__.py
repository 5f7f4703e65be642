"""What is in a folder, read from names and headers alone."""
