"""How what belongs to a second factor is kept."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter

from ronglian.kernel.sealing import is_sealed, seal, unseal


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Seeds of codes are sealed: a copy of the database makes none. One kept before is plain until it is made anew."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return str(unseal(encrypted_text)) if is_sealed(encrypted_text) else encrypted_text
