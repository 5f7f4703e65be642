"""Try it: prompts answered side by side."""
