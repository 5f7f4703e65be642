"""The demo: a small base model made from an installed package, and the adapter that goes with it."""
