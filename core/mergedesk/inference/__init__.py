"""What models answer: base, base plus adapter, and the merged folder, side by side."""
