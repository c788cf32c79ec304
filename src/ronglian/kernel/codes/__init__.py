"""Code tables, typed as facts: regions, industries, technology fields. Plain Python, no Django."""
