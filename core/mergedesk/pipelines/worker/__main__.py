"""Runs the worker: ``python -m mergedesk.pipelines.worker``."""

from .loop import main

if __name__ == "__main__":
    main()
