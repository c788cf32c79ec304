"""Every address of the site."""

from importlib.util import find_spec

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("ronglian.web.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
]
for prefix, module in (("work/", "ronglian.web.work.urls"), ("api/", "ronglian.api.urls")):
    if find_spec(module.rpartition(".")[0]) and find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
