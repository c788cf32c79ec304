"""Where a licensed e-signature provider tells what came of a request: it signs its answer, and has no account here."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ronglian.apps.agreements.e_signing import LARGEST_ANSWER, is_from_provider
from ronglian.apps.agreements.operations.certifying import receive_certificate
from ronglian.apps.agreements.queries.certificates import find_request
from ronglian.kernel.actor import job_actor
from ronglian.kernel.errors import NotFound, OperationError


@csrf_exempt  # a program sends this, without a cookie; the signature over time and body is the permission
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """403 for everybody but the provider, also where none is set up; 422 for what is no answer, 409 for another one."""
    timestamp, signature = (
        request.headers.get(name, "") for name in ("X-Signature-Timestamp", "X-Signature")
    )
    if len(request.body) > LARGEST_ANSWER or not is_from_provider(
        timestamp, signature, request.body, timezone.now()
    ):
        return _refused(403, "the answer is not signed by the provider, or is too old")
    try:
        told = _read(request.body)
        certificate = find_request(UUID(told.pop("request")))
        kept = receive_certificate(
            actor=job_actor("e-signature provider"),
            agreement=certificate.signature.agreement_version.agreement,
            certificate=certificate,
            **told,
        )
    except NotFound:
        return _refused(404, "there is no such request")
    except OperationError as error:
        return _refused(error.status, str(error))
    except (ValueError, RecursionError):
        return _refused(422, "request, digest, and certificate or reason are needed, each a text")
    return JsonResponse({"state": kept.state})


def _read(body: bytes) -> dict[str, str]:
    """The texts of an answer; what else it says is not looked at. Raises ValueError."""
    said: Any = json.loads(body)
    if not isinstance(said, dict):
        raise ValueError
    names = {"request": "request", "digest": "digest", "certificate": "reference", "reason": "reason"}
    told = {ours: said.get(theirs, "") for theirs, ours in names.items()}
    if not all(isinstance(text, str) for text in told.values()):
        raise ValueError
    return told


def _refused(status: int, detail: str) -> HttpResponse:
    return JsonResponse({"status": status, "detail": detail}, status=status)
