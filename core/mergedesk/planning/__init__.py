"""Which tensor of the output comes from where, worked out from headers alone."""
