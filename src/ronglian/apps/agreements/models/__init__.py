from ronglian.apps.agreements.models.agreement import Agreement, AgreementVersion, Signature
from ronglian.apps.agreements.models.distribution import Distribution
from ronglian.apps.agreements.models.money import AgreedPayment, MoneyMovement, RoyaltyReport, UseFact

__all__ = [
    "AgreedPayment",
    "Agreement",
    "AgreementVersion",
    "Distribution",
    "MoneyMovement",
    "RoyaltyReport",
    "Signature",
    "UseFact",
]
