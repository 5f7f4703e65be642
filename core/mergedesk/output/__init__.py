"""Writing the result: shards, companion files, and a folder that appears whole or not at all."""
