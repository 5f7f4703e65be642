"""Work for a day: merges, proofs, exports and uploads in one list, done one after the other."""
