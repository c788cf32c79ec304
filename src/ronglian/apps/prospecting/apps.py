"""Finding needs that nobody has told yet: along an enterprise's chain, and by a check-up of one's own house."""

from django.apps import AppConfig


class ProspectingConfig(AppConfig):
    name = "ronglian.apps.prospecting"
    label = "prospecting"

    def ready(self) -> None:
        """Tell what is held about people."""
        from ronglian.apps.prospecting import own_data  # noqa: PLC0415 - models can be imported only now

        own_data.register()
