"""Results, needs, experts, scenes; provenance; import and export."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "ronglian.apps.registry"
    label = "registry"
