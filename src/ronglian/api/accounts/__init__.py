"""Routes of the accounts app."""
