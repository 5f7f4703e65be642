"""MergeDesk's window. It talks to the engine in ``mergedesk`` and holds no merging of its own."""

from .booleans import keep_booleans_alive

keep_booleans_alive()  # here, so that no part of the window emits a signal before
