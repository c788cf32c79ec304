"""People, organisations, memberships, tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ronglian.apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell what is held about people."""
        from ronglian.apps.accounts import own_data  # noqa: PLC0415 - models can be imported only now

        own_data.register()
