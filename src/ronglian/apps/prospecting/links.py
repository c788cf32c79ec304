"""The links by which partners answer: signed, never stored, ended by a new serial number."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from ronglian.apps.prospecting.models import ChainPartner
from ronglian.kernel.errors import NotFound

SALT = "chain survey"


def token_of(partner: ChainPartner) -> str:
    """What stands in the link: who is invited, and which of its links it is; signed with the site's secret."""
    return signing.Signer(salt=SALT, sep=".").sign(f"{partner.public_id.hex}-{partner.serial}")


def address_of(partner: ChainPartner) -> str:
    return f"{settings.SITE_URL}{reverse('survey', args=[token_of(partner)])}"


def partner_of(token: str) -> ChainPartner:
    """Who was invited by the link. Raises NotFound for one that was forged or is replaced by a newer one."""
    try:
        said = signing.Signer(salt=SALT, sep=".").unsign(token)
        who, _dash, serial = said.partition("-")
        public_id, number = UUID(hex=who), int(serial)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    found = ChainPartner.objects.select_related("survey__lead").filter(public_id=public_id, serial=number)
    partner = found.first()
    if partner is None or not number:
        raise NotFound
    return partner
