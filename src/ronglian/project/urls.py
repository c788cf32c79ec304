"""Every address of the site."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("ronglian.web.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("work/", include("ronglian.web.work.urls")),
    path("api/", include("ronglian.api.urls")),
]
