"""`ronglian demo`: the invented region, and a match in it."""

from __future__ import annotations

import secrets
from gettext import gettext as _

import click
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.accounts.operations.organisations import grant_role
from ronglian.apps.accounts.operations.people import register_person
from ronglian.apps.registry.models import ImportKind, Need
from ronglian.cli.language import gettext_noop
from ronglian.cli.matching import matches_of, present
from ronglian.cli.output import console
from ronglian.cli.records import keeper_of_the_machine, title_of
from ronglian.demo.cases import OF_A_MANAGER, OF_THE_ACCOUNT, enter_account, invented_managers, load_cases
from ronglian.demo.challenges import load_challenges
from ronglian.demo.clinic import load_clinic, save_searches
from ronglian.demo.contracts import load_contracts
from ronglian.demo.load import SHOWN_NEED, SOURCE_NAME, TRIED_AS, bring_together, load_region
from ronglian.demo.rights import load_rights
from ronglian.demo.services import load_services
from ronglian.demo.surveys import load_checkup, load_survey
from ronglian.demo.technology_managers import load_managers, propose_once
from ronglian.kernel.actor import Actor, Role


@click.command(
    "demo",
    help=gettext_noop(
        "Load the invented demo region and match one of its needs. Loading it again changes nothing."
    ),
)
@click.option(
    "--account",
    metavar="EMAIL",
    help=gettext_noop(
        "Also make an account that may edit two organisations of the region and works as a technology manager; prints its "
        "password once."
    ),
)
def command(account: str | None) -> None:
    """The command."""
    actor = keeper_of_the_machine("demo")
    with console(errors=True).status(_("Loading the demo region")) as status:
        loaded = load_region(
            actor,
            timezone.localdate(),
            lambda kind: status.update(f"{_('Loading')} {ImportKind(kind).label}"),
        )
        bring_together(actor)
        managers = load_managers(actor)
        troubles = load_clinic(actor, invented_managers())
        load_cases(actor, invented_managers()[0], OF_A_MANAGER)
        load_challenges(actor, invented_managers()[0])
        load_services(actor)
        load_contracts(actor)
        load_rights(actor)
        if account is None:
            propose_once(actor)
        partners = load_survey(actor, timezone.localdate())
        load_checkup(actor)
    screen = console()
    counts = ", ".join(f"{ImportKind(each.kind).label} {each.records}" for each in loaded)
    screen.print(_("Demo region, all invented: {counts}").format(counts=counts))
    if managers:
        screen.print(_("Technology managers, invented too: {number}").format(number=managers))
    if partners:
        screen.print(
            _("A survey along a chain, invented too; partners asked: {number}").format(number=partners)
        )
    if troubles:
        screen.print(
            _("Troubles in the clinic, clinic hours and cases, invented too: {number}").format(
                number=troubles
            )
        )
    if account:
        _make_account(actor, account)
        propose_once(actor)
    # By wording alone: the worker computes vectors of meaning once the site is served, and nobody waits a minute for them.
    need = Need.objects.get(source_name=SOURCE_NAME, source_id=SHOWN_NEED)
    present(need, matches_of(need, top=3), as_json=False)


def _make_account(actor: Actor, email: str) -> None:
    """An account to try the working side with. An existing one keeps its password."""
    screen = console()
    if not Person.objects.filter(email__iexact=email).exists():
        password = secrets.token_urlsafe(12)
        register_person(actor=actor, email=email, password=password)
        screen.print(
            _("Account {email}, password {password} (shown only now)").format(email=email, password=password)
        )
    for organisation in Organisation.objects.filter(source_name=SOURCE_NAME, source_id__in=TRIED_AS):
        grant_role(actor=actor, organisation=organisation, email=email, role=Role.EDITOR)
        screen.print(
            _("{email} may edit {organisation}").format(email=email, organisation=title_of(organisation))
        )
    person = Person.objects.get(email__iexact=email)
    load_cases(actor, enter_account(actor, person), OF_THE_ACCOUNT)
    save_searches(person)
    screen.print(
        _("{email} works as an invented technology manager, with cases in every stage").format(email=email)
    )
