"""How to use a model folder elsewhere, and what in it is known to break there. Reads names, configs and headers."""
