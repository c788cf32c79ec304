"""The working side of the site: what is mine, and the screens that write."""
