"""Small controls that several panels share; they know nothing about merging."""
