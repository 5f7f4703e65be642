"""What helps when something goes wrong: logs, traces of crashes, diagnostics, and their privacy."""
