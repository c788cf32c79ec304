"""The HTTP API: strict schemas in front of the same queries and operations as every other door."""

VERSION = "1"
