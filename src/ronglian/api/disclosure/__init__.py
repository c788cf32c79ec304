"""Routes of the disclosure app."""
