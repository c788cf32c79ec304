"""`ronglian services`: the catalogue of services."""

from __future__ import annotations

from gettext import gettext as _
from uuid import UUID

import click

from ronglian.apps.clinic.models import Service
from ronglian.apps.clinic.operations.services import resume_service, withdraw_service
from ronglian.apps.clinic.queries.services import access_service, list_services, search_services
from ronglian.apps.clinic.service_enums import ServiceKind, ServiceState
from ronglian.cli.failures import not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, print_json, print_rows
from ronglian.cli.records import keeper_of_the_machine
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


@click.command(
    "services",
    help=gettext_noop(
        "The catalogue of services. `list` shows all of them, withdrawn ones too; `withdraw` SERVICE takes one from the "
        "catalogue with a --reason; `resume` SERVICE puts it back."
    ),
)
@click.argument("action", type=click.Choice(["list", "withdraw", "resume"]), default="list")
@click.argument("service", required=False, type=click.UUID)
@click.option("--kind", type=click.Choice(ServiceKind.values), help=gettext_noop("Only of this kind."))
@click.option("--reason", default="", help=gettext_noop("Why it is no longer offered."))
@as_json
def command(action: str, service: UUID | None, kind: str | None, reason: str, as_json: bool) -> None:
    """The command."""
    actor = keeper_of_the_machine("services")
    if action == "list":
        shown = list(search_services(list_services(actor), kind=kind or ""))
    else:
        found = _found(actor, service)
        if action == "withdraw":
            shown = [withdraw_service(actor=actor, service=found, reason=reason)]
        else:
            shown = [resume_service(actor=actor, service=found)]
    if as_json:
        print_json([_as_json(one) for one in shown])
        return
    print_rows(
        (_("id"), _("title"), _("kind"), _("provider"), _("state")),
        [
            (one.public_id, one.title, ServiceKind(one.kind).label, one.owner or one.manager,
             ServiceState(one.state).label)
            for one in shown
        ],
        _("Nobody offers a service yet."),
    )  # fmt: skip


def _found(actor: Actor, service: UUID | None) -> Service:
    if service is None:
        raise click.UsageError(_("Say which SERVICE; `ronglian services` shows them."))
    try:
        return access_service(actor, service)
    except NotFound as error:
        raise not_found(str(service)) from error


def _as_json(service: Service) -> dict[str, object]:
    names = ("kind", "state", "title", "title_en", "technology_fields", "regions", "price_basis", "price_note",
             "answer_days", "withdrawn_because")  # fmt: skip
    return {
        "id": str(service.public_id),
        "provider": str(service.owner or service.manager),
        **{name: getattr(service, name) for name in names},
    }
