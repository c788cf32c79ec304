"""Routes of the registry app."""
