"""People who sign in, and the tokens their programs use."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.kernel.models import Record


class PersonAccounts(BaseUserManager["Person"]):
    """Makes accounts; the door is allauth, the shell uses `create_user`."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """用户: signs in by e-mail. What a person may do comes from memberships, not from this row."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_operator = models.BooleanField(_("platform operator"), default=False)
    offices = models.JSONField(_("offices of the platform"), default=list, blank=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)
    suspended_for = models.CharField(_("reason of the suspension"), max_length=500, blank=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[PersonAccounts] = PersonAccounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        constraints = (models.UniqueConstraint(Lower("email"), name="person_email_once_in_any_case"),)

    def __str__(self) -> str:
        """How others see the person: never by the e-mail address."""
        return self.name or f"#{self.public_id.hex[:8]}"


class ApiToken(Record):
    """接口令牌: only its digest is kept; acts for its person within its scope until it expires."""

    UNLOGGED_FIELDS = frozenset({"last_used_at"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    may_write = models.BooleanField(_("may change records"), default=False)
    may_read_confidential = models.BooleanField(_("may read confidential details"), default=False)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")

    def __str__(self) -> str:
        return self.name
