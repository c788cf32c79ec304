"""Results, needs, experts, scenes; provenance; import and export."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "ronglian.apps.registry"
    label = "registry"

    def ready(self) -> None:
        """Tell what is held about people."""
        from ronglian.apps.registry import own_data  # noqa: PLC0415 - models can be imported only now

        own_data.register()
