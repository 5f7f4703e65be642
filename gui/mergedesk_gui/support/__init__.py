"""About, licences, diagnostics, logs and crashes."""
