"""MergeDesk's engine: folds a PEFT adapter into its base model and proves the result."""

import logging

# A library says nothing by itself; whoever starts it decides where its log goes.
logging.getLogger(__name__).addHandler(logging.NullHandler())

__version__ = "0.1.0"
