"""``python -m mergedesk``: what is to be first of all is in the package itself, which Python imports before this."""

from .cli.entry import main

if __name__ == "__main__":
    main()
