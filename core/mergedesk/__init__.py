"""MergeDesk's engine: folds a PEFT adapter into its base model and proves the result."""

import logging

from .runtime.version import __version__ as __version__

# A library says nothing by itself; whoever starts it decides where its log goes.
for _logger in (__name__, "bitsandbytes"):  # PEFT imports the latter, which tells the terminal what it lacks
    logging.getLogger(_logger).addHandler(logging.NullHandler())
