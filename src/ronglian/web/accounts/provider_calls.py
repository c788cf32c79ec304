"""How the site asks its OpenID Connect provider: through the one module for outgoing calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from requests.adapters import BaseAdapter

from ronglian.kernel.outgoing import Outgoing, OutgoingFailed, OutgoingRefused, listed_hosts

SECONDS = 10.0


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Gives allauth a session whose every request is an `Outgoing` call."""

    def get_requests_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, CheckedTransport())
        return session


class CheckedTransport(BaseAdapter):
    """The provider may be on a private network, for it is configured; what its description names must be public."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers: Mapping[str, str] = {str(name): str(value) for name, value in request.headers.items()}
        hosts, only_listed = listed_hosts(settings.OUTGOING_HOSTS, urlsplit(settings.OIDC_ISSUER).netloc)
        outgoing = Outgoing(hosts, only_listed=only_listed, seconds=SECONDS)
        try:
            answer = outgoing.call(str(request.method), str(request.url), body, headers)  # type: ignore[arg-type]  # bytes by now
        except (OutgoingRefused, OutgoingFailed) as error:
            raise requests.ConnectionError(str(error)) from error
        response = requests.Response()
        response.status_code = answer.status
        response.headers.update(answer.headers)
        response._content = answer.content
        response.url, response.request = str(request.url), request
        return response

    def close(self) -> None:
        """Nothing stays open between calls."""
