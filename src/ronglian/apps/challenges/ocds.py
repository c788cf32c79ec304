"""A challenge as open contracting data: OCDS 1.1, https://standard.open-contracting.org/1.1/.

Only what everybody may see: before bids close nothing of them, afterwards how many, then who has won.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import Openness, Phase
from ronglian.apps.challenges.models import Award, Challenge
from ronglian.apps.challenges.queries.reviews import standing_awards
from ronglian.apps.challenges.standing import live_bids

VERSION = "1.1"
CURRENCY = "CNY"
FEN = 100
# Codelists of the standard: tenderStatus, method, awardStatus.
TENDER_STATUS: Mapping[str, str] = {
    Phase.OPEN: "active",
    Phase.SEALED: "active",
    Phase.REVIEW: "active",
    Phase.NOTICE: "active",
    Phase.TASK: "complete",
    Phase.ACCEPTANCE: "complete",
    Phase.DONE: "complete",
    Phase.FAILED: "unsuccessful",
    Phase.WITHDRAWN: "cancelled",
}
METHOD: Mapping[str, str] = {
    Openness.PUBLIC: "open",
    Openness.INVITED: "selective",
    Openness.PRIVATE: "selective",
}
BIDS_TOLD = (Phase.SEALED, Phase.REVIEW, Phase.NOTICE, Phase.TASK, Phase.ACCEPTANCE, Phase.DONE)


def release_package(challenges: Sequence[Challenge], uri: str) -> dict[str, Any]:
    """A release package with one release for each published challenge, as it stands now."""
    return {
        "uri": uri,
        "version": VERSION,
        "publishedDate": _moment(timezone.now()),
        "publisher": {"name": "Ronglian 融链", "uri": settings.SITE_URL},
        "releases": [release_of(challenge) for challenge in challenges],
    }


def record_package(challenge: Challenge, uri: str) -> dict[str, Any]:
    """A record package with the record of one challenge."""
    release = release_of(challenge)
    return {
        "uri": uri,
        "version": VERSION,
        "publishedDate": _moment(timezone.now()),
        "publisher": {"name": "Ronglian 融链", "uri": settings.SITE_URL},
        "records": [
            {
                "ocid": release["ocid"],
                "releases": [release],
                "compiledRelease": {**release, "tag": ["compiled"]},
            }
        ],
    }


def release_of(challenge: Challenge) -> dict[str, Any]:
    """The state of a published challenge. A later state has another id under the same ocid."""
    assert challenge.published_at is not None
    awards = list(standing_awards(challenge)) if challenge.phase in BIDS_TOLD else []
    winners = [award.bid.bidder for award in awards]
    release: dict[str, Any] = {
        "ocid": f"{settings.OCDS_PREFIX}-{challenge.public_id}",
        "id": f"{challenge.public_id}-{challenge.version}",
        "date": _moment(challenge.updated_at),
        "tag": ["award"]
        if awards
        else ["tenderCancellation" if challenge.phase == Phase.WITHDRAWN else "tender"],
        "initiationType": "tender",
        "language": "zh",
        "parties": [
            _party(challenge.issuer, "buyer", "procuringEntity"),
            *(_party(one, "supplier", "tenderer") for one in winners),
        ],
        "buyer": _reference(challenge.issuer),
        "tender": _tender(challenge),
    }
    if awards:
        release["awards"] = [_award(challenge, award) for award in awards]
    return release


def _tender(challenge: Challenge) -> dict[str, Any]:
    assert challenge.published_at is not None
    tender: dict[str, Any] = {
        "id": str(challenge.public_id),
        "title": challenge.title,
        "description": challenge.text,
        "status": TENDER_STATUS[challenge.phase],
        "procuringEntity": _reference(challenge.issuer),
        "procurementMethod": METHOD[challenge.openness],
        "procurementMethodDetails": challenge.scheme,
        "mainProcurementCategory": "services",
        "awardCriteria": "ratedCriteria",
        "awardCriteriaDetails": "; ".join(f"{row['title']} {row['weight']}%" for row in challenge.rubric),
        "submissionMethod": ["electronicSubmission"],
        "tenderPeriod": {
            "startDate": _moment(challenge.published_at),
            "endDate": _moment(challenge.closes_at),
        },
        "items": [
            {"id": str(number), "description": f"{row['quantity']} {row['threshold']} ({row['method']})"}
            for number, row in enumerate(challenge.acceptance, 1)
        ],
    }
    if challenge.reward_fen:
        tender["value"] = _value(challenge.reward_fen)
    if challenge.phase in BIDS_TOLD:
        tender["numberOfTenderers"] = live_bids(challenge)
    return tender


def _award(challenge: Challenge, award: Award) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": str(award.public_id),
        "title": challenge.title,
        "status": "pending" if challenge.phase == Phase.NOTICE else "active",
        "date": _moment(award.created_at),
        "suppliers": [_reference(award.bid.bidder)],
    }
    if award.reason:
        found["description"] = award.reason
    return found


def _party(organisation: Organisation, *roles: str) -> dict[str, Any]:
    party: dict[str, Any] = {
        **_reference(organisation),
        "roles": list(roles),
    }
    if organisation.uscc:
        party["identifier"] = {"id": organisation.uscc, "legalName": organisation.name}
    return party


def _reference(organisation: Organisation) -> dict[str, str]:
    return {"id": str(organisation.public_id), "name": organisation.name}


def _value(fen: int) -> dict[str, Any]:
    """An amount in yuan: JSON numbers, exact to the fen."""
    whole, rest = divmod(fen, FEN)
    return {"amount": whole if not rest else fen / FEN, "currency": CURRENCY}


def _moment(moment: datetime | None) -> str:
    """RFC 3339, in the server's own time zone."""
    assert moment is not None
    return timezone.localtime(moment).isoformat(timespec="seconds")
