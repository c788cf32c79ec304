"""Validators of codes and identifiers, in the words a person can act on."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.codes.industries import is_industry
from ronglian.kernel.codes.regions import is_region
from ronglian.kernel.identifiers import IdentifierError, check_orcid, check_ror, check_uscc


def validate_region(value: str) -> None:
    if value and not is_region(value):
        raise ValidationError(
            _(
                "%(value)s is not a GB/T 2260 code. Right would be two, four or six digits, such as 32 or 3205."
            )
            % {"value": value}
        )


def validate_industry(value: str) -> None:
    if value and not is_industry(value):
        raise ValidationError(
            _(
                "%(value)s is not a GB/T 4754 code. Right would be a letter and two to four digits, such as C26."
            )
            % {"value": value}
        )


def validate_uscc(value: str) -> None:
    if not value:
        return
    try:
        check_uscc(value)
    except IdentifierError as error:
        raise ValidationError(
            _(
                "%(value)s is not a unified social credit code (GB 32100): 18 characters, the last one a check character."
            )
            % {"value": value}
        ) from error


def validate_ror(value: str) -> None:
    if not value:
        return
    try:
        check_ror(value)
    except IdentifierError as error:
        raise ValidationError(
            _("%(value)s is not a ROR id, such as 05dxps055.") % {"value": value}
        ) from error


def validate_orcid(value: str) -> None:
    if not value:
        return
    try:
        check_orcid(value)
    except IdentifierError as error:
        raise ValidationError(
            _(
                "%(value)s is not an ORCID: its last character does not fit the others, or its form is not 0000-0002-1825-0097."
            )
            % {"value": value}
        ) from error
