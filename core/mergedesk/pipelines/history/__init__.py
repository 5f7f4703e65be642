"""The list of past merges: one for all of this user's programs, in the folder for state."""
