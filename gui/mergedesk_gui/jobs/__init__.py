"""Work beside the window: threads, their progress, and what goes wrong in them."""
