"""A server that breaks the rule on purpose: it answers a new need before it is written, and writes it afterwards."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from copy import copy
from uuid import uuid4

from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse

AFTER_SECONDS = 0.5


class HastyMiddleware:
    """Acknowledges at once what it hands to a thread."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or request.path != "/api/v1/needs":
            return self.get_response(request)
        title = json.loads(request.body)["title"]
        threading.Thread(target=self._write, args=(copy(request),), daemon=True).start()
        return JsonResponse({"id": str(uuid4()), "title": title}, status=201)

    def _write(self, request: HttpRequest) -> None:
        time.sleep(AFTER_SECONDS)
        self.get_response(request)
        connections.close_all()
