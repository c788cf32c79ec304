"""Models of people and organisations."""

from ronglian.apps.accounts.models.conflict import ConflictDeclaration
from ronglian.apps.accounts.models.letter import Letter
from ronglian.apps.accounts.models.organisation import Membership, Organisation
from ronglian.apps.accounts.models.person import ApiToken, Person

__all__ = ["ApiToken", "ConflictDeclaration", "Letter", "Membership", "Organisation", "Person"]
