"""The clinic: from a vague trouble to a need sheet."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "ronglian.apps.clinic"
    label = "clinic"
