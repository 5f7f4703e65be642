"""MergeDesk's window. It talks to the engine in ``mergedesk`` and holds no merging of its own."""

from .platform.interpreter import search_no_sources
from .platform.pyside_refcounts import keep_pyside_refcounts

keep_pyside_refcounts()  # here, so that no part of the window comes before
search_no_sources()
