"""Several low-rank updates as one."""
