"""The site."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "ronglian.web"
    label = "web"

    def ready(self) -> None:
        """Say how letters are written: they name addresses of the site."""
        from ronglian.web import contract_letters, expiry_letters, letters  # noqa: PLC0415 - models can be imported only now

        letters.register()
        expiry_letters.register()
        contract_letters.register()
