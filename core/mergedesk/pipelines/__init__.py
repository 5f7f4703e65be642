"""What both fronts call: merge, verify, try out; each from request to report."""
