"""The addresses below api/."""

from __future__ import annotations

from django.urls import URLPattern, include, path, re_path

from ronglian.api.application import build
from ronglian.api.documentation import show_documentation
from ronglian.api.failures import absent, presented

api = build()
_patterns, _application, _namespace = api.urls
for pattern in _patterns:
    assert isinstance(pattern, URLPattern)
    pattern.callback = presented(pattern.callback)

urlpatterns = [
    path("v1/docs", show_documentation, name="api-docs"),
    path("v1/", include((_patterns, _application), namespace=_namespace)),
    re_path(r"^(?P<rest>[\s\S]*)$", presented(absent)),
]
