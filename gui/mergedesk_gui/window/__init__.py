"""What the window is made of besides its features: its two sides, pages made later, drops, and its leave."""
