"""Who acts: a person, a token, a job or the command line, as one value that every door passes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActorKind(models.TextChoices):
    """操作者类别: by which door somebody came."""

    ANONYMOUS = "anonymous", _("visitor")
    PERSON = "person", _("person")
    TOKEN = "token", _("API token")
    JOB = "job", _("system job")
    COMMAND = "command", _("command line")


class Role(models.TextChoices):
    """成员角色: what a person may do for an organisation."""

    OWNER = "owner", _("owner")
    EDITOR = "editor", _("editor")
    REVIEWER = "reviewer", _("reviewer")
    VIEWER = "viewer", _("viewer")


class Office(models.TextChoices):
    """平台职务: what a person does for the platform as a whole; operators are made on the command line."""

    BUREAU = "bureau", _("science and technology bureau")
    TECHNOLOGY_MANAGER = "technology_manager", _("technology manager")


WRITING_ROLES = frozenset({Role.OWNER, Role.EDITOR})
# Reviewers change no record; they decide who outside reads what is confidential, as a unit's secrecy officer does.
REVIEWING_ROLES = WRITING_ROLES | {Role.REVIEWER}


@dataclass(frozen=True, slots=True)
class Actor:
    """操作者. `memberships` maps the row number of an organisation to the role held there."""

    kind: ActorKind
    label: str
    person_id: UUID | None = None
    token_id: UUID | None = None
    memberships: Mapping[int, Role] = field(default_factory=dict)
    is_operator: bool = False
    offices: frozenset[Office] = frozenset()
    may_write: bool = True
    may_read_confidential: bool = True

    @property
    def person(self) -> UUID:
        """The public id of the person who acts. Only for operations that a person alone may call."""
        assert self.person_id is not None
        return self.person_id

    @property
    def is_system(self) -> bool:
        """The machine's own keeper: jobs and whoever has a shell on it."""
        return self.kind in (ActorKind.JOB, ActorKind.COMMAND)

    @property
    def is_signed_in(self) -> bool:
        return self.kind in (ActorKind.PERSON, ActorKind.TOKEN)

    @property
    def is_bureau(self) -> bool:
        return Office.BUREAU in self.offices

    @property
    def is_technology_manager(self) -> bool:
        return Office.TECHNOLOGY_MANAGER in self.offices

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(self.memberships)

    def is_member(self, organisation_id: int | None) -> bool:
        return organisation_id is not None and organisation_id in self.memberships

    def may_write_for(self, organisation_id: int | None) -> bool:
        """Whether the actor may change what the organisation holds."""
        return self._acts_for(organisation_id, WRITING_ROLES)

    def may_review_for(self, organisation_id: int | None) -> bool:
        """Whether the actor decides for the organisation who reads its confidential details."""
        return self._acts_for(organisation_id, REVIEWING_ROLES)

    def _acts_for(self, organisation_id: int | None, roles: frozenset[Role]) -> bool:
        if self.is_system:
            return True
        if organisation_id is None or not self.may_write:
            return False
        return self.memberships.get(organisation_id) in roles


ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS, label="visitor", may_write=False)


def job_actor(name: str) -> Actor:
    return Actor(kind=ActorKind.JOB, label=name)


def command_actor(name: str) -> Actor:
    return Actor(kind=ActorKind.COMMAND, label=name)
