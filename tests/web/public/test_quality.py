"""The pages about quality: figures open lists, gaps are said to be gaps, operators learn and take back."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from ronglian.apps.matching.models import ExposureMeasurement, TrainingRun
from ronglian.apps.matching.operations.exposure import measure_suggestions
from ronglian.apps.matching.queries.measured import read_measured
from tests.factories import SYSTEM, make_member, make_need, make_organisation, make_person, make_result
from tests.factories.decisions import make_decisions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def operator() -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(make_person(is_operator=True))
    return client


def test_without_decisions_nothing_is_said(visitor: Client) -> None:
    text = page(visitor, "/quality/")
    assert "Too few decisions so far: nothing can be said." in text
    assert "No need has been published yet" in text
    assert "%</td>" not in text.split("On judgements")[0]


def test_each_figure_opens_its_list(visitor: Client, operator: Client) -> None:
    decisions = make_decisions()
    for client in (visitor, operator):
        text = page(client, "/quality/")
        assert ">36</a> of 72" in text
        for address in set(re.findall(r'href="(/quality/lists/[^"]+)"', text)):
            page(client, address.replace("&amp;", "&"))
    assert "72 records" in page(operator, "/quality/lists/decisions/")
    assert "36 records" in page(operator, "/quality/lists/decisions/?kind=confirmed")
    assert "0 records" in page(visitor, "/quality/lists/decisions/")
    member = Client(headers={"Accept-Language": "en"})
    member.force_login(make_member(decisions[0].organisation))
    assert "12 records" in page(member, "/quality/lists/decisions/")
    for wrong in ("secrets/", "decisions/?band=7", "decisions/?month=2026-13", "decisions/?kind=maybe"):
        page(visitor, f"/quality/lists/{wrong}", 404)


def test_the_measured_figures_are_those_of_the_file(visitor: Client) -> None:
    measured = read_measured()
    assert {each.name for each in measured.sets} == {"needs-results-zh", "needs-results-en"}
    for address in ("/quality/", "/quality/model-card/"):
        text = page(visitor, address)
        assert measured.measured_on in text
        for each in measured.sets:
            for system in each.systems:
                for value in system.measures.values():
                    assert value is None or f"{value.mean:.3f} [{value.low:.3f}, {value.high:.3f}]" in text


def test_an_operator_learns_uses_and_takes_back_and_others_only_read(
    visitor: Client, operator: Client
) -> None:
    make_decisions()
    assert visitor.post("/quality/learning/propose/").status_code == 403
    assert "Nothing has been learned yet" in page(visitor, "/quality/learning/")
    assert operator.post("/quality/learning/propose/").status_code == 302
    run = TrainingRun.objects.get()
    assert "Put to use" in page(operator, "/quality/learning/")
    text = page(visitor, "/quality/learning/")
    assert "Put to use" not in text
    assert "72 decisions of 6 organisations about 12 needs; 36 confirmed." in text
    assert f"{run.points_after['region']:.2f}" in text
    assert visitor.post(f"/quality/learning/{run.public_id}/activate/").status_code == 403
    assert operator.post(f"/quality/learning/{run.public_id}/activate/").status_code == 302
    assert run.version_after in page(visitor, "/about/")
    assert operator.post(f"/quality/learning/{run.public_id}/activate/").status_code == 409
    assert operator.post(f"/quality/learning/{run.public_id}/revert/").status_code == 302
    assert run.version_after not in page(visitor, "/about/")


def test_too_few_decisions_are_refused_with_what_is_missing(operator: Client) -> None:
    response = operator.post("/quality/learning/propose/")
    assert response.status_code == 409
    assert "There are 0 decisions to learn from; it takes 50." in response.content.decode()


def test_who_is_seen_and_how_a_list_says_it(visitor: Client) -> None:
    subject = "电镀废水六价铬还原"
    need = make_need(make_organisation(size="large"), subject)
    for _ in range(3):
        make_result(make_organisation(size="large"), subject)
    make_result(make_organisation(size="micro"), f"{subject}法")
    assert "Nothing has been measured yet" in page(visitor, "/quality/")
    measurement = measure_suggestions(actor=SYSTEM)
    assert "A result stands in the first ten of at most 20 needs" in page(visitor, "/quality/")
    assert "1 record " in page(visitor, "/quality/lists/small-results/")
    address = f"/needs/{need.public_id}/matches/"
    assert "The score is unchanged" not in page(visitor, address)
    ExposureMeasurement.objects.filter(pk=measurement.pk).update(results={**measurement.results, "lift": 2.0})
    text = page(visitor, address)
    assert "Shown 3 places higher: small suppliers were seen less than their share." in text
    assert "order=score" in text
    by_score = page(visitor, f"{address}?order=score")
    assert "The score is unchanged" not in by_score
    assert "Fair order" in by_score
    items = visitor.get(f"/api/v1{address[:-1]}").json()["items"]
    assert [item["move"] and item["move"]["reason"] for item in items] == [
        "small",
        "others",
        "others",
        "others",
    ]
    assert items[0]["move"]["place_by_score"] == 4
    items = visitor.get(f"/api/v1{address[:-1]}?order=score").json()["items"]
    assert [item["move"] for item in items] == [None] * 4
