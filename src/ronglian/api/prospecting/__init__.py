"""What the API tells of surveys along a chain and of check-ups."""
