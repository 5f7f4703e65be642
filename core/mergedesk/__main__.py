"""``python -m mergedesk``."""

import sys

# Python puts the current folder first, where a person's model may have a ``json.py`` beside it.
if not sys.flags.safe_path:
    del sys.path[0]

from .cli.entry import main

if __name__ == "__main__":
    main()
