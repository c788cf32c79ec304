"""Each public page answers in both languages, keeps the content security policy, and works without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client

from tests.web.public.conftest import Region

INLINE = re.compile(r"\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
Promise = Callable[[HttpResponse, str, str], bool]


def addresses(region: Region) -> list[str]:
    need, result = region.need.public_id, region.result.public_id
    return [
        "/",
        "/?q=六价铬&side=results",
        "/?q=chromium&side=needs",
        "/results/",
        "/results/?q=废水&field=environment&stage=pilot&mode=development&region=34&owner=university&small=1",
        "/needs/",
        "/needs/?q=nothing-like-this",
        "/experts/?field=environment",
        "/scenes/",
        "/organisations/?q=云澜&owner=university",
        "/search/",
        "/search/?q=废水",
        "/search/?q=nothing-like-this",
        f"/needs/{need}/",
        f"/needs/{region.anonymous.public_id}/",
        f"/results/{result}/",
        f"/experts/{region.expert.public_id}/",
        f"/scenes/{region.scene.public_id}/",
        f"/organisations/{region.firm.public_id}/",
        f"/needs/{need}/matches/",
        f"/needs/{need}/matches/?excluded=1",
        f"/results/{result}/matches/",
        f"/needs/{need}/matches/{result}/",
        "/about/",
        "/log/",
        "/price-notices/",
        "/processes/",
        "/processes/prize_challenge/",
        "/data/",
        "/rules/",
        "/rules/?place=cn-33&date=2026-11-25&topic=reward&all=1",
        "/rules/reward.floor/?place=cn-33&date=2026-11-25&in-way=equity&in-state_set=yes&in-equity_value=1000",
        "/rules/reward.share_transfer/?place=cn-11",
        "/rules/contract.recognition/?date=2026-11-25",
        "/quality/",
        "/quality/lists/uncovered-needs/",
        "/quality/lists/small-needs/",
        "/quality/lists/decisions/?band=60",
        "/quality/model-card/",
        "/quality/learning/",
    ]


def has_one_frame(response: HttpResponse, text: str, language: str) -> bool:
    return f'<html lang="{language}">' in text and text.count("<h1") == text.count('id="content"') == 1


def needs_no_inline_code(response: HttpResponse, text: str, language: str) -> bool:
    policy = response.headers["Content-Security-Policy"]
    nonces = [
        re.search(r'nonce="([^"]+)"', script) for script in SCRIPT.findall(text) if " src=" not in script
    ]
    tags = re.sub(r">[^<]*", ">", text)
    return (
        "unsafe" not in policy
        and not INLINE.search(tags)
        and all(nonce and f"'nonce-{nonce[1]}'" in policy for nonce in nonces)
    )


def labels_every_control(response: HttpResponse, text: str, language: str) -> bool:
    labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', text))
    controls = [
        control
        for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", text)
        if 'type="hidden"' not in control
        and 'type="radio"' not in control  # a radio button stands inside its label
    ]
    names = [re.search(r'\bid="([^"]+)"', control) for control in controls]
    return all(name and name[1] in labelled for name in names)


def has_each_id_once(response: HttpResponse, text: str, language: str) -> bool:
    ids = re.findall(r'\sid="([^"]+)"', text)
    return len(ids) == len(set(ids))


PROMISES = (has_one_frame, needs_no_inline_code, labels_every_control, has_each_id_once)


def test_every_page_keeps_what_pages_promise(reader: Client, region: Region) -> None:
    language = "en" if reader.defaults["HTTP_ACCEPT_LANGUAGE"] == "en" else "zh-Hans"
    broken = []
    for address in addresses(region):
        response = reader.get(address)
        assert response.status_code == 200, address
        text = response.content.decode()
        broken += [
            f"{address} {promise.__name__}" for promise in PROMISES if not promise(response, text, language)
        ]
    assert broken == []


@pytest.mark.parametrize(
    ("promise", "page"),
    [
        (has_one_frame, '<html lang="zh-Hans"><h1 id="content">'),
        (has_one_frame, '<html lang="en"><h1><h1 id="content">'),
        (needs_no_inline_code, '<p style="color:red">'),
        (needs_no_inline_code, "<script>let a = 1</script>"),
        (labels_every_control, '<input id="q">'),
        (labels_every_control, '<label for="q"></label><input name="q">'),
        (has_each_id_once, '<p id="a"><p id="a">'),
    ],
)
def test_a_page_that_breaks_its_promise_is_found(promise: Promise, page: str) -> None:
    response = HttpResponse(page, headers={"Content-Security-Policy": "script-src 'self'"})
    assert not promise(response, page, "en")


@pytest.mark.parametrize(
    "address",
    [
        "/needs/00000000-0000-4000-8000-000000000000/",
        "/organisations/00000000-0000-4000-8000-000000000000/",
        "/needs/00000000-0000-4000-8000-000000000000/matches/",
        "/needs/00000000-0000-4000-8000-000000000000/deadline.ics",
        "/policies.csv",
        "/needs.pdf",
        "/no-such-page",
    ],
)
def test_what_is_not_there_is_404_with_a_way_on(reader: Client, db: None, address: str) -> None:
    response = reader.get(address)
    assert response.status_code == 404
    assert 'href="/search/"' in response.content.decode()


def test_only_reading_by_get(visitor: Client, region: Region) -> None:
    for address in addresses(region):
        if "matches/" in address and address.endswith(f"{region.result.public_id}/"):
            continue  # the match page takes decisions by POST
        assert visitor.post(address).status_code == 405, address


def test_the_language_is_chosen_by_a_form_and_kept(db: None) -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    response = client.post("/language/", {"language": "en", "next": "/about/"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/about/"
    assert '<html lang="en">' in client.get("/about/").content.decode()


def test_the_language_form_does_not_lead_away(db: None) -> None:
    response = Client().post("/language/", {"language": "en", "next": "https://example.com/"})
    assert response.headers["Location"] == "/"


def test_pages_for_visitors_read_no_session(visitor: Client, region: Region) -> None:
    """robots.txt and health are asked for often and by machines."""
    for address in ("/health", "/robots.txt", "/catalogue.jsonld"):
        assert not visitor.get(address).cookies


def test_a_refusal_says_why_on_a_page_and_in_a_fragment(visitor: Client, region: Region) -> None:
    address = f"/needs/{region.need.public_id}/matches/{region.result.public_id}/"
    fields = {"kind": "confirmed", "reason": "fits_problem"}
    page = visitor.post(address, fields)
    fragment = visitor.post(address, fields, headers={"HX-Request": "true"})
    assert page.status_code == fragment.status_code == 403
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    for response in (page, fragment):
        assert "Only the organisations of the need and of the result" in response.content.decode()


def test_the_page_of_a_failure_needs_nothing_and_speaks_both_languages() -> None:
    text = render_to_string("500.html")
    assert "出错了" in text
    assert "Something went wrong" in text


def test_signing_in_leads_back(visitor: Client, region: Region) -> None:
    assert (
        'href="/accounts/login/?next=/needs/%3Ffield%3Denvironment"'
        in visitor.get("/needs/?field=environment").content.decode()
    )


def test_htmx_is_kept_on_a_short_lead(visitor: Client, region: Region) -> None:
    """No evaluation of code, no foreign hosts, no copies of pages in the browser's storage."""
    found = re.search(r"name=\"htmx-config\" content='([^']+)'", visitor.get("/").content.decode())
    assert found
    config = json.loads(found[1])
    assert (config["allowEval"], config["includeIndicatorStyles"]) == (False, False)
    assert (config["selfRequestsOnly"], config["historyCacheSize"]) == (True, 0)
