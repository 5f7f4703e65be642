"""One window for a person and a screen: what a later start was given goes to the window that is there."""
