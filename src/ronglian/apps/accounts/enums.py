"""Code lists of people and organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """单位类型."""

    ENTERPRISE = "enterprise", _("enterprise")
    UNIVERSITY = "university", _("university")
    RESEARCH_INSTITUTE = "research_institute", _("research institute")
    HOSPITAL = "hospital", _("hospital")
    PARK = "park", _("park or incubator")
    SERVICE_PROVIDER = "service_provider", _("service provider")
    FACILITY = "facility", _("research facility")
    INVESTOR = "investor", _("investor")
    GOVERNMENT = "government", _("government body")


class OrganisationSize(models.TextChoices):
    """企业规模, after the 2011 standard for large, medium, small and micro enterprises."""

    LARGE = "large", _("large")
    MEDIUM = "medium", _("medium")
    SMALL = "small", _("small")
    MICRO = "micro", _("micro")


SMALL_SIZES = frozenset({OrganisationSize.SMALL, OrganisationSize.MICRO})


class ConflictKind(models.TextChoices):
    """利益关系类型."""

    EMPLOYMENT = "employment", _("employed or employed until lately")
    SHARES = "shares", _("holds shares or options")
    FAMILY = "family", _("close relatives there")
    COOPERATION = "cooperation", _("common projects or contracts")
    COMPETITION = "competition", _("in competition with it")
    OTHER = "other", _("other relation")
