"""The kernel as a Django application: events and idempotency rows live here."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "ronglian.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
