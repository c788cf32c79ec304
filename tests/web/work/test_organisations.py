"""Registering and editing organisations, roles, API tokens."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from ronglian.apps.accounts.models import ApiToken, Membership, Organisation, Person
from ronglian.apps.accounts.operations.organisations import edit_organisation
from ronglian.apps.accounts.queries.actors import actor_of_secret
from ronglian.kernel.actor import Role
from tests.factories import SYSTEM, make_organisation, make_person
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
NEW = "/work/organisations/new/"
TYPED = {
    "name": "苏州示例新材料有限公司",
    "uscc": "91320594 MA1XAMPLE",
    "kind": "enterprise",
    "size": "small",
    "region": "苏州",
    "industry": "金属制品业",
}
GOOD_USCC = "91350100M000100Y43"  # the example of GB 32100-2015


def typed(**changes: str) -> dict[str, str]:
    return {**TYPED, "uscc": GOOD_USCC, **changes}


class TestRegister:
    def test_whoever_registers_becomes_owner(self) -> None:
        person = make_person()
        browser = at_screen(person)
        assert browser.get(NEW).status_code == 200
        answer = browser.post(NEW, typed(), follow=True)
        organisation = Organisation.objects.get()
        assert (organisation.region, organisation.industry, organisation.uscc) == ("3205", "C33", GOOD_USCC)
        assert Membership.objects.get().role == Role.OWNER
        assert "you are its owner" in answer.text

    @pytest.mark.parametrize(
        ("name", "value", "says"),
        [
            ("name", "", "required"),
            ("kind", "", "required"),
            ("kind", "castle", "valid choice"),
            ("uscc", "9135", "4 characters; right would be 18"),
            ("uscc", "9135010OM000100Y43", "without I, O, S, V, Z"),
            ("uscc", "91350100M000100Y44", "it would be 3"),
            ("ror", "nonsense", "05dxps055"),
            ("region", "Atlantis", "江苏省苏州市"),
            ("industry", "魔法", "C26"),
            ("summary", "长" * 4001, "4000"),
        ],
    )
    def test_a_wrong_field_is_named(self, name: str, value: str, says: str) -> None:
        answer = at_screen(make_person()).post(NEW, typed(**{name: value}))
        assert answer.status_code == 422
        assert says in " ".join(answer.context["form"].errors[name])
        assert not Organisation.objects.exists()

    def test_the_code_of_another_names_whom_to_ask(self) -> None:
        make_organisation("先到的公司", uscc=GOOD_USCC)
        answer = at_screen(make_person("late@example.org")).post(NEW, typed(uscc=GOOD_USCC.lower()))
        assert answer.status_code == 422
        assert "先到的公司" in answer.text
        assert "late@example.org" in answer.text

    def test_a_visitor_signs_in_first(self) -> None:
        assert reverse("account_login") in Client().get(NEW).headers["location"]


class TestEdit:
    def sent(self, organisation: Organisation, **changes: Any) -> dict[str, Any]:
        return {
            "name": organisation.name,
            "kind": organisation.kind,
            "version": organisation.version,
            **changes,
        }

    def test_an_editor_changes_it(self, client: Client, organisation: Organisation) -> None:
        address = reverse("work:organisation", args=[organisation.public_id])
        assert 'value="苏州示例环保有限公司"' in client.get(address).text
        answer = client.post(address, self.sent(organisation, summary="做废水处理。"))
        assert answer.headers["location"] == reverse("organisation", args=[organisation.public_id])
        organisation.refresh_from_db()
        assert (organisation.summary, organisation.version) == ("做废水处理。", 2)

    def test_stale_keeps_what_was_typed(self, client: Client, organisation: Organisation) -> None:
        edit_organisation(actor=SYSTEM, organisation=organisation, fields={"name": "别人改的名"})
        address = reverse("work:organisation", args=[organisation.public_id])
        answer = client.post(address, self.sent(organisation, name="我改的名", version=1))
        assert answer.status_code == 412
        assert "我改的名" in answer.text
        assert "别人改的名" in answer.text
        client.post(address, self.sent(organisation, name="我改的名", version=2))
        organisation.refresh_from_db()
        assert organisation.name == "我改的名"

    def test_a_viewer_sees_why_not_and_whom_to_ask(self, viewer: Person, organisation: Organisation) -> None:
        address = reverse("work:organisation", args=[organisation.public_id])
        for answer in (
            at_screen(viewer).get(address),
            at_screen(viewer).post(address, self.sent(organisation)),
        ):
            assert answer.status_code == 403
            assert "Ask an owner of 苏州示例环保有限公司" in answer.text

    def test_what_is_not_there(self, client: Client) -> None:
        assert client.get(reverse("work:organisation", args=[uuid4()])).status_code == 404


class TestMembers:
    def address(self, organisation: Organisation) -> str:
        return reverse("work:members", args=[organisation.public_id])

    def test_an_owner_gives_and_ends_a_role(self, owner: Person, organisation: Organisation) -> None:
        colleague = make_person("colleague@example.org", name="同事丁")
        browser = at_screen(owner)
        given = browser.post(self.address(organisation), {"email": "Colleague@example.org", "role": "editor"})
        assert given.status_code == 302
        assert Membership.objects.get(person=colleague).role == Role.EDITOR
        assert "同事丁" in browser.get(self.address(organisation)).text
        assert "colleague@example.org" not in browser.get(self.address(organisation)).text
        end = reverse("work:end-role", args=[organisation.public_id])
        assert browser.post(end, {"person": str(colleague.public_id)}).status_code == 302
        assert not Membership.objects.filter(person=colleague).exists()

    @pytest.mark.parametrize(
        ("sent", "name"),
        [
            ({"email": "nobody@example.org", "role": "editor"}, "email"),
            ({"email": "no e-mail", "role": "editor"}, "email"),
            ({"email": "a@example.org", "role": "king"}, "role"),
        ],
    )
    def test_a_wrong_field_is_named(
        self, sent: dict[str, str], name: str, owner: Person, organisation: Organisation
    ) -> None:
        answer = at_screen(owner).post(self.address(organisation), sent)
        assert answer.status_code == 422
        assert name in answer.context["form"].errors

    def test_the_last_owner_stays(self, owner: Person, organisation: Organisation) -> None:
        end = reverse("work:end-role", args=[organisation.public_id])
        answer = at_screen(owner).post(end, {"person": str(owner.public_id)})
        assert answer.status_code == 409
        assert "at least one owner" in answer.text

    def test_an_editor_reads_and_sees_why_not_more(
        self, client: Client, owner: Person, organisation: Organisation
    ) -> None:
        page = client.get(self.address(organisation))
        assert "负责人乙" in page.text
        assert "Only owners" in page.text
        assert (
            client.post(self.address(organisation), {"email": owner.email, "role": "viewer"}).status_code
            == 403
        )

    @pytest.mark.parametrize("person", ["", "x", "7b0e2f66-9f0f-4c1e-8a52-0a4c5a3c9d11"])
    def test_ending_the_role_of_nobody(self, person: str, owner: Person, organisation: Organisation) -> None:
        end = reverse("work:end-role", args=[organisation.public_id])
        assert at_screen(owner).post(end, {"person": person}).status_code == 404

    def test_strangers_do_not_learn_who_acts(self, organisation: Organisation) -> None:
        assert at_screen(make_person()).get(self.address(organisation)).status_code == 404


class TestTokens:
    def test_the_secret_is_shown_once_and_works(self, client: Client, editor: Person) -> None:
        answer = client.post("/work/tokens/", {"name": "夜间同步", "days": "30", "may_write": "on"})
        assert answer.status_code == 200
        assert "no-store" in answer.headers["cache-control"]
        secret = re.search(r"rl_[\w-]{43}", answer.text)
        assert secret is not None
        token = ApiToken.objects.get()
        actor = actor_of_secret(secret[0], token.created_at)
        assert actor is not None
        assert (actor.person_id, actor.may_write) == (editor.public_id, True)
        later = client.get("/work/tokens/")
        assert "夜间同步" in later.text
        assert secret[0] not in later.text

    def test_revoking(self, client: Client) -> None:
        client.post("/work/tokens/", {"name": "旧的", "days": "1"})
        token = ApiToken.objects.get()
        client.post(reverse("work:revoke-token", args=[token.public_id]))
        token.refresh_from_db()
        assert token.revoked_at is not None
        assert "revoked" in client.get("/work/tokens/").text

    @pytest.mark.parametrize(
        ("sent", "name"),
        [
            ({"name": "", "days": "1"}, "name"),
            ({"name": "x", "days": "0"}, "days"),
            ({"name": "x", "days": "367"}, "days"),
            ({"name": "x", "days": "viele"}, "days"),
        ],
    )
    def test_a_wrong_field_is_named(self, sent: dict[str, str], name: str, client: Client) -> None:
        answer = client.post("/work/tokens/", sent)
        assert answer.status_code == 422
        assert name in answer.context["form"].errors
        assert not ApiToken.objects.exists()

    def test_the_token_of_another_is_not_there(self, client: Client, owner: Person) -> None:
        client.post("/work/tokens/", {"name": "我的", "days": "1"})
        address = reverse("work:revoke-token", args=[ApiToken.objects.get().public_id])
        assert at_screen(owner).post(address).status_code == 404
