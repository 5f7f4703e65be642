"""``python -m mergedesk``."""

from mergedesk.entry import main

if __name__ == "__main__":
    main()
