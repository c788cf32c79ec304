"""Plain Python engines: no web framework, no I/O, no clock, no environment (引擎)."""
