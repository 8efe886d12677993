"""The import screens: upload, columns, preview, progress, result."""
