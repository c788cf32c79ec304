"""Running processes as a Django application."""

from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "ronglian.kernel.process"
    label = "process"
    default_auto_field = "django.db.models.BigAutoField"
