"""The models of prospecting."""

from ronglian.apps.prospecting.models.checkup import Checkup, CheckupFinding
from ronglian.apps.prospecting.models.survey import ChainMailStop, ChainNeed, ChainPartner, ChainSurvey

__all__ = ["ChainMailStop", "ChainNeed", "ChainPartner", "ChainSurvey", "Checkup", "CheckupFinding"]
