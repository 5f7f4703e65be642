"""What everything speaks of: requests, findings, progress, reports; data and sentences, no work."""
