"""What a folder is, and where folders lie on this computer."""
