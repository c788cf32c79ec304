"""What every screen shares: the actor on the request, and how refusals are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.errors import NotFound, OperationError


class ActorRequest(HttpRequest):
    """The request as views take it."""

    actor: Actor
    htmx: HtmxDetails


class ActorMiddleware:
    """Puts the actor on the request, and turns the errors of queries and operations into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        # Lazily: a page that never asks who is there reads no session.
        request.actor = cast(Actor, SimpleLazyObject(lambda: actor_of_request(request)))
        return self.get_response(request)

    def process_exception(self, request: ActorRequest, error: Exception) -> HttpResponse | None:
        """NotFound and OperationError that a view did not present itself."""
        if isinstance(error, NotFound):
            return render(request, "404.html", status=404)
        if isinstance(error, OperationError):
            return refused(request, error)
        return None


def actor_of_request(request: HttpRequest) -> Actor:
    """The person at the screen as an actor; a visitor where nobody is signed in."""
    return actor_of_person(request.user) if isinstance(request.user, Person) else ANONYMOUS


def refused(request: HttpRequest, error: OperationError) -> HttpResponse:
    """Say why nothing was done: a fragment for HTMX, a page otherwise."""
    fragment = bool(getattr(request, "htmx", False))
    template = "components/refusal.html" if fragment else "web/refused.html"
    return render(request, template, {"error": error}, status=error.status)
