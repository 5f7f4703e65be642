"""Adapter methods that stream: what each does to a tensor, one folder for each."""
