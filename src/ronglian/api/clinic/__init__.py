"""Routes of the clinic app."""
