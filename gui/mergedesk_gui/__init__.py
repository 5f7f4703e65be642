"""MergeDesk's window. It talks to the engine in ``mergedesk`` and holds no merging of its own."""
