"""Pipelines in a process of their own, spoken to in JSON lines: what can go wrong there leaves the window standing."""
