"""From the form to a merged folder."""
