"""Confidential details, agreements about them, sealed annexes, and who saw what."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "ronglian.apps.disclosure"
    label = "disclosure"
