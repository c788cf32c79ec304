"""Confidential details, agreements about them, sealed annexes, and who saw what."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "ronglian.apps.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Tell what is held about people, and what events commit to besides rows."""
        from ronglian.apps.disclosure import details, own_data  # noqa: PLC0415 - models can be imported only now
        from ronglian.kernel.log.entries import cover_beside  # noqa: PLC0415

        own_data.register()
        cover_beside(details.covered_details)
