"""Confidential details, agreements about them, sealed annexes, and who saw what."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "ronglian.apps.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Tell what is held about people."""
        from ronglian.apps.disclosure import own_data  # noqa: PLC0415 - models can be imported only now

        own_data.register()
