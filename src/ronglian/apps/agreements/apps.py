"""Agreements: technology contracts from the first draft to the last payment."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "ronglian.apps.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Tell the clinic what was paid, and what is held about people."""
        from ronglian.apps.agreements import own_data  # noqa: PLC0415 - models can be imported only now
        from ronglian.apps.agreements.paid import paid_of_cases  # noqa: PLC0415 - models can be imported only now
        from ronglian.apps.clinic.outcomes import add_paid_source  # noqa: PLC0415 - as above

        add_paid_source(paid_of_cases)
        own_data.register()
