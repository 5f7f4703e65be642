"""LoHa."""
