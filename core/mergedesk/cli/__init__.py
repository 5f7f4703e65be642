"""The command line: the same pipelines as the window, for scripts."""
