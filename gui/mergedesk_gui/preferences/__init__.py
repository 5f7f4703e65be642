"""What a person prefers once for all merges."""
