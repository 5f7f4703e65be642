"""What is proved of each tile right after it was written, and what holds of that at the end."""
