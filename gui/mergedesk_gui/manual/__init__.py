"""The manual in the window: its chapters, what is found in them, and the window that shows them."""
