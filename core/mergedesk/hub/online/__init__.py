"""What reaches a hub: runs in the process that ``hub.ask`` starts, and is imported nowhere else."""
