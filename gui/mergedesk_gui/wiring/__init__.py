"""What of the window is connected with what: features know nothing of one another."""
