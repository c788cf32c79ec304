"""Fill the empty database of benchmarks/load.py through the import, and print who may ask and for what."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django

django.setup()

from ronglian.apps.accounts.models import Membership, Person  # noqa: E402 - Django has to be set up first
from ronglian.apps.accounts.operations.organisations import register_organisation  # noqa: E402
from ronglian.apps.accounts.operations.tokens import issue_token, new_secret  # noqa: E402
from ronglian.apps.accounts.queries.actors import actor_of_person  # noqa: E402
from ronglian.apps.registry.models import Need  # noqa: E402
from ronglian.apps.registry.operations import imports  # noqa: E402
from ronglian.kernel.actor import Role, command_actor  # noqa: E402

NEEDS_READ = 2000


def main(path: Path, clients: int) -> None:
    actor = command_actor("benchmark")
    owner = register_organisation(actor=actor, fields={"name": "示例企业", "kind": "enterprise"})
    with path.open("rb") as file:
        batch = imports.stage_import(actor=actor, owner=owner, kind="needs", file=file, filename=path.name)
    batch = imports.check_import(actor=actor, batch=batch)
    imports.apply_import(actor=actor, batch=batch)
    rows = list(Need.objects.order_by("id").values_list("public_id", "version")[: clients + NEEDS_READ])
    needs = [str(public_id) for public_id, _version in rows]
    tokens = []
    for number in range(clients):
        person = Person.objects.create_user(f"client{number}@example.org", "correct-horse-42")
        Membership.objects.create(person=person, organisation=owner, role=Role.EDITOR)
        tokens.append(new_secret())
        issue_token(actor=actor_of_person(person), name="load", secret=tokens[-1], may_write=True, days=1)
    versions = [version for _public_id, version in rows[:clients]]
    print(
        json.dumps({"needs": needs[clients:], "own": needs[:clients], "versions": versions, "tokens": tokens})
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
