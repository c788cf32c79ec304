"""Challenges (揭榜挂帅): open calls with sealed bids, by schemes that are data."""

from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    name = "ronglian.apps.challenges"
    label = "challenges"

    def ready(self) -> None:
        """Let challenges go through processes, and tell what is held about people."""
        from ronglian.apps.challenges import own_data, showing_own_data  # noqa: PLC0415 - models can be imported only now
        from ronglian.apps.challenges.standing import register  # noqa: PLC0415 - models can be imported only now

        register()
        own_data.register()
        showing_own_data.register()
