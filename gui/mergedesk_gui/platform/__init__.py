"""What differs between systems, and what the system says."""
