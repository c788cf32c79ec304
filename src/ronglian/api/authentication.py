"""Who calls: the person behind a bearer token, or a visitor. Cookies are never looked at."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from ronglian.apps.accounts.queries.actors import actor_of_secret
from ronglian.kernel.actor import ANONYMOUS, Actor


class ApiRequest(HttpRequest):
    """The request as routes take it."""

    auth: Actor


class Bearer(HttpBearer):
    """A token where there is one. A wrong or expired one is refused even where none is needed: its owner should learn."""

    is_required = False

    def __call__(self, request: HttpRequest) -> Actor:
        given = request.headers.get("Authorization")
        if given is None and not self.is_required:
            return ANONYMOUS
        scheme, _space, secret = (given or "").partition(" ")
        if scheme.lower() != "bearer":
            raise AuthenticationError
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        actor = actor_of_secret(token, timezone.now())
        if actor is None:
            raise AuthenticationError
        return actor


class RequiredBearer(Bearer):
    """A token is needed: whatever changes something, and whatever is somebody's own."""

    is_required = True


anybody = Bearer()
signed_in = RequiredBearer()
