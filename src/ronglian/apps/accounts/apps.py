"""People, organisations, memberships, tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ronglian.apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell what is held about people, and note who signs in."""
        from ronglian.apps.accounts import own_data, sign_ins  # noqa: PLC0415 - models can be imported only now

        own_data.register()
        sign_ins.note_sign_ins()
