"""Whether the PostgreSQL of a DATABASE_URL answers: `python tools/postgresql.py URL`; says why when it does not."""

import sys
from urllib.parse import urlsplit

import psycopg


def main(address: str) -> int:
    """0 when the server takes connections. The database itself need not exist: the tests make their own."""
    server = urlsplit(address)._replace(path="/postgres").geturl()
    try:
        psycopg.connect(server, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        print(f"No PostgreSQL answers at {address}: {error}", file=sys.stderr)  # noqa: T201 - its message is its work
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
