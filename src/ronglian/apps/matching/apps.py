"""The index, suggestions, decisions."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "ronglian.apps.matching"
    label = "matching"
