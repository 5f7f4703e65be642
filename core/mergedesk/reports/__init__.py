"""A report as a document: for people to read, keep and send on."""
