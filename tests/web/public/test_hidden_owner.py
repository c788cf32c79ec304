"""An anonymous need tells nobody outside whose it is: not on a page, not in a file, not by a filter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from ronglian.apps.matching.operations.matches import suggest_matches
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Role
from tests.factories import make_person, make_person_of
from tests.web.public.conftest import HIDDEN_NAME, Region


def traces(region: Region) -> list[str]:
    """What would tell: names, ids, code, and the city of the firm (the need itself names no place)."""
    firm = region.hidden_firm
    return [HIDDEN_NAME, firm.name_en, str(firm.public_id), str(firm.uscc), "宁波", "Ningbo", "来源文件"]


def addresses(region: Region) -> list[str]:
    need, result = region.anonymous.public_id, region.other_result.public_id
    return [
        "/",
        "/?q=漂洗水镀镍回用装置&side=needs",
        "/needs/",
        "/needs/?q=镀镍漂洗水",
        "/needs/?small=1",
        "/search/?q=镀镍漂洗水",
        f"/needs/{need}/",
        f"/needs/{need}/matches/?excluded=1",
        f"/results/{result}/",
        f"/results/{result}/matches/?excluded=1",
        f"/needs/{need}/matches/{result}/",
        f"/needs/{need}/deadline.ics",
        "/needs.csv",
        "/needs.jsonl",
    ]


def content(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return body.decode()


@pytest.fixture
def hidden(region: Region) -> Region:
    """With everything that could tell: a file's name as source, a withdrawn other need away, stored suggestions."""
    Need.objects.filter(pk=region.need.pk).update(state="withdrawn")
    Need.objects.filter(pk=region.anonymous.pk).update(source_name="来源文件", source_id="来源文件-1")
    region.anonymous.refresh_from_db()
    suggest_matches(actor=make_person_of(region.hidden_firm, Role.OWNER), record=region.anonymous)
    return region


def test_visitors_and_other_members_learn_nothing(
    reader: Client, hidden: Region, member_of: Callable[..., Client]
) -> None:
    for client in (reader, member_of(hidden.university)):
        for address in addresses(hidden):
            text = content(client, address)
            for trace in traces(hidden):
                assert trace not in text, f"{address}: {trace}"


def test_the_need_is_shown_as_anonymous(visitor: Client, hidden: Region) -> None:
    assert "Anonymous enterprise" in content(visitor, f"/needs/{hidden.anonymous.public_id}/")
    assert "Anonymous enterprise" in content(visitor, "/needs/")


def test_members_and_operators_see_whose_it_is(hidden: Region, member_of: Callable[..., Client]) -> None:
    operator = Client()
    operator.force_login(make_person(is_operator=True))
    for client in (member_of(hidden.hidden_firm, Role.VIEWER), operator):
        assert str(hidden.hidden_firm.public_id) in content(client, f"/needs/{hidden.anonymous.public_id}/")


def test_no_filter_or_count_tells_the_owner(visitor: Client, hidden: Region) -> None:
    address = f"/needs/{hidden.anonymous.public_id}/"
    assert address in content(visitor, "/needs/")
    for narrowed in ("/needs/?owner=enterprise", "/needs/?region=33", f"/needs/?q={HIDDEN_NAME}"):
        assert address not in content(visitor, narrowed), narrowed
    text = content(visitor, "/needs/")
    assert "owner=enterprise" not in text
    assert "region=33" not in text


def test_the_organisation_page_does_not_list_it(
    visitor: Client, hidden: Region, member_of: Callable[..., Client]
) -> None:
    address = f"/organisations/{hidden.hidden_firm.public_id}/"
    assert str(hidden.anonymous.public_id) not in content(visitor, address)
    assert str(hidden.anonymous.public_id) in content(member_of(hidden.hidden_firm), address)


def test_small_firms_first_does_not_lift_an_anonymous_one(visitor: Client, hidden: Region) -> None:
    """The firm is a micro enterprise; its need standing before a newer one of a large firm would say so."""
    Need.objects.filter(pk=hidden.need.pk).update(state="published")
    large = hidden.firm
    large.size = "large"
    large.save(update_fields=["size"])
    text = content(visitor, "/needs/?small=1")
    newest_first = content(visitor, "/needs/")
    first, second = f"/needs/{hidden.anonymous.public_id}/", f"/needs/{hidden.need.public_id}/"
    assert (text.index(first) < text.index(second)) == (
        newest_first.index(first) < newest_first.index(second)
    )


def test_its_linked_data_names_no_owner(visitor: Client, hidden: Region) -> None:
    text = content(visitor, f"/needs/{hidden.anonymous.public_id}/")
    assert "ld+json" in text
    assert "offeredBy" not in text
