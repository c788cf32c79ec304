"""Run as a process of its own, with the environment that names a provider: signs in at a stub of one.

Prints one JSON object: what the login page and the way there and back gave.
"""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ASKED: list[str] = []


class Provider(BaseHTTPRequestHandler):
    """Discovery, token and userinfo, as OpenID Connect has them."""

    def do_GET(self) -> None:
        ASKED.append(urlsplit(self.path).path)
        root = f"http://127.0.0.1:{self.server.server_address[1]}"
        if "openid-configuration" in self.path:
            self._answer(
                {
                    "issuer": root,
                    "authorization_endpoint": f"{root}/authorize",
                    "token_endpoint": f"{root}/token",
                    "userinfo_endpoint": f"{root}/userinfo",
                    "jwks_uri": f"{root}/jwks",
                }
            )
        else:
            self._answer({"sub": "17", "email": "oidc@example.org", "email_verified": True, "name": "李四"})

    def do_POST(self) -> None:
        ASKED.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer({"access_token": "token", "token_type": "Bearer"})

    def _answer(self, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


def main() -> None:
    server = HTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["RONGLIAN_OIDC_ISSUER"] = f"http://127.0.0.1:{server.server_address[1]}"
    import django  # noqa: PLC0415 - the settings read the environment

    django.setup()
    from django.db import connection  # noqa: PLC0415 - the settings read the environment
    from django.test import Client  # noqa: PLC0415 - the settings read the environment
    from django.test.utils import setup_test_environment  # noqa: PLC0415 - the settings read the environment

    from ronglian.apps.accounts.models import Person  # noqa: PLC0415 - the settings read the environment

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    client = Client()
    login = client.get("/accounts/login/")
    away = client.post("/accounts/oidc/oidc/login/")
    asked = parse_qs(urlsplit(away["Location"]).query)
    back = client.get("/accounts/oidc/oidc/login/callback/", {"code": "1", "state": asked["state"][0]})
    person = Person.objects.filter(email="oidc@example.org").first()
    found = {
        "button": "单位统一认证" in login.content.decode(),
        "pkce": asked.get("code_challenge_method"),
        "scope": asked["scope"][0].split(),
        "back": back.status_code,
        "signed_in": client.get("/work/").status_code,
        "person": person is not None and person.is_active and not person.is_operator,
        "asked": sorted(set(ASKED)),
    }
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201 - the answer to the test


if __name__ == "__main__":
    main()
