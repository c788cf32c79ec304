"""One name and one address in one form, so that the same are known to be the same without being read."""

from __future__ import annotations

from ronglian.kernel.codes.table import name_key
from ronglian.kernel.sealing import personal_digest


def digest_of_name(name: str) -> str:
    return personal_digest(f"chain partner\n{name_key(name)}")


def digest_of_email(email: str) -> str:
    return personal_digest(f"chain contact\n{email.strip().casefold()}")
