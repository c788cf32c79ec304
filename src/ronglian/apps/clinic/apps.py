"""The clinic: from a vague trouble to a need sheet, and the technology managers who carry it on."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "ronglian.apps.clinic"
    label = "clinic"

    def ready(self) -> None:
        """Tell what is held about people."""
        from ronglian.apps.clinic import own_data  # noqa: PLC0415 - models can be imported only now

        own_data.register()
