"""People, organisations, memberships, tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ronglian.apps.accounts"
    label = "accounts"
