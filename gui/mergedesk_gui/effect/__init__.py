"""What the adapter does to the weights, as a map."""
