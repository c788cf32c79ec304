"""Technology contracts for programs."""
