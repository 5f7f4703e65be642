"""Adapters that other tools than PEFT wrote, turned into what PEFT would have written while they are read."""
