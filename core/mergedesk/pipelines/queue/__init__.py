"""Many jobs one after the other: the list on the disk, files of many jobs, and what carries them out."""
