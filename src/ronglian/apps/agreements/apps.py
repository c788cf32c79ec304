"""Agreements: technology contracts from the first draft to the last payment."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "ronglian.apps.agreements"
    label = "agreements"
