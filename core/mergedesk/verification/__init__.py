"""What is proved about a result before it takes its name."""
