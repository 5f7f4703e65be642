"""MergeDesk's engine: folds a PEFT adapter into its base model and proves the result."""

__version__ = "0.1.0"
