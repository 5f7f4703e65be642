"""Packed weights as plain numbers, some rows at a time: one module for each packing."""
