"""Forms parse what was typed into plain values for one operation. They never write."""
