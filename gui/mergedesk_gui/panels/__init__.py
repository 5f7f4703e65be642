"""The parts of the window, each showing one thing."""
