"""What of a job is seen by somebody who looks elsewhere."""
