"""Routes of the matching app."""
