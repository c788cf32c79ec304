"""Whether the e-signature provider may get the text of a contract."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronglian.apps.agreements.operations.certifying import consent_to_text
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.views.contracts import do_step, spoken_side


@require_POST
@signed_in
def consent(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Of one's side; the text goes there only if both agree."""
    agrees = request.POST.get("agrees") == "1"

    def act(**named: Any) -> object:
        return consent_to_text(agrees=agrees, side=spoken_side(request), **named)

    return do_step(request, public_id, act, _("Noted."))
