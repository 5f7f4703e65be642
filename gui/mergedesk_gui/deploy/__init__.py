"""Use it: how other tools take the folder."""
