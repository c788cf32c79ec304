"""A process beside the one that checks a file: `python -m ronglian.apps.registry.imports.derive_child KIND`.

Reads lists of rows as JSON, one list on each line, and answers each with what is derived from them; ends with its
input. It opens no database.
"""

from __future__ import annotations

import json
import sys

import django


def main(kind: str) -> None:
    django.setup()
    from ronglian.apps.registry.imports.deriving import derive_rows  # noqa: PLC0415 - needs Django to be set up

    for line in sys.stdin:
        found = [(row.digest, row.bands, row.metrics) for row in derive_rows(kind, json.loads(line))]
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
