from ronglian.apps.agreements.models.agreement import Agreement, AgreementVersion, Signature
from ronglian.apps.agreements.models.assets import AssetEntry
from ronglian.apps.agreements.models.comment import ClauseComment, CommentReply
from ronglian.apps.agreements.models.diligence import DiligenceNote
from ronglian.apps.agreements.models.dispute import (
    Dispute,
    DisputeEntry,
    MediatorProposal,
    Settlement,
    SettlementConsent,
)
from ronglian.apps.agreements.models.distribution import Distribution, ShareObjection
from ronglian.apps.agreements.models.e_signing import SignatureCertificate, TextConsent
from ronglian.apps.agreements.models.ending import Demand, EndProposal
from ronglian.apps.agreements.models.money import AgreedPayment, MoneyMovement, RoyaltyReport, UseFact
from ronglian.apps.agreements.models.pricing import PriceFinding, PriceObjection, Valuation
from ronglian.apps.agreements.models.registration import Registration
from ronglian.apps.agreements.models.rights import (
    DeedSignature,
    GrantMember,
    GrantObjection,
    RightsDeed,
    RightsGrant,
)

__all__ = [
    "AgreedPayment",
    "Agreement",
    "AgreementVersion",
    "AssetEntry",
    "ClauseComment",
    "CommentReply",
    "DeedSignature",
    "Demand",
    "DiligenceNote",
    "Dispute",
    "DisputeEntry",
    "Distribution",
    "EndProposal",
    "GrantMember",
    "GrantObjection",
    "MediatorProposal",
    "MoneyMovement",
    "PriceFinding",
    "PriceObjection",
    "Registration",
    "RightsDeed",
    "RightsGrant",
    "RoyaltyReport",
    "Settlement",
    "SettlementConsent",
    "ShareObjection",
    "Signature",
    "SignatureCertificate",
    "TextConsent",
    "UseFact",
    "Valuation",
]
