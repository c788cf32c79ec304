"""Journey 4: a technology manager takes a match, introduces both sides, logs the case, and it is signed or stopped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ronglian.apps.clinic.case_enums import CaseStage
from ronglian.apps.clinic.models import Case, Contact
from tests.factories import make_need, make_organisation, make_result
from tests.factories.technology_managers import make_manager

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "zh": ("加入个案", "引荐双方", "转入洽谈", "记录协议", "办结", "终止个案", "没有经费"),
    "en": (
        "Add to my cases",
        "Introduce both sides",
        "They negotiate",
        "Record the agreement",
        "Close as done",
        "Stop the case",
        "no money for it",
    ),
}


def picture(page: Page, name: str) -> None:
    """For who wants to look: RONGLIAN_PICTURES names a folder."""
    folder = os.environ.get("RONGLIAN_PICTURES")
    if folder:
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_the_match_to_the_contract_or_the_reason(page: Page, language: str) -> None:
    add, introduce, negotiate, agreement, done, stop, no_money = WORDS[language]
    manager = make_manager()
    need = make_need(make_organisation("云澜表面处理有限公司"), title="含铬废水深度处理")
    results = [make_result(title=title) for title in ("六价铬还原技术", "膜法废水处理")]
    page.goto("/accounts/login/")
    if language == "en":
        page.get_by_role("button", name="EN").click()
    page.locator("input[name=login]").fill(manager.person.email)
    page.locator("input[name=password]").fill("correct-horse-42")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/work/")

    page.goto(f"/needs/{need.public_id}/matches/{results[0].public_id}/")
    page.get_by_role("button", name=add).click()
    page.locator("[name=words]").fill("双方工艺互补，建议先做小试。")
    page.locator("#introduce").get_by_role("button", name=introduce).click()
    page.locator("#contacts [name=note]").fill("企业同意寄水样")
    page.locator("#contacts button[type=submit]").click()
    expect(page.get_by_text("企业同意寄水样")).to_be_visible()
    assert Contact.objects.get().note == "企业同意寄水样"

    page.goto("/work/cases/")
    picture(page, f"board-{language}")
    page.get_by_role("link", name="含铬废水深度处理").focus()
    page.get_by_role("button", name=negotiate).click()  # HTMX: the board alone comes back
    expect(page.get_by_role("button", name=negotiate)).to_have_count(0)
    page.get_by_role("link", name="含铬废水深度处理").click()
    picture(page, f"case-{language}")
    page.get_by_role("button", name=agreement).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("[name=contract_number]").fill("2026-001")
    page.locator("[name=amount_fen]").fill("50万元")
    page.get_by_role("button", name=agreement).click()
    page.get_by_role("button", name=done).click()
    expect(page.get_by_role("button", name=done)).to_have_count(0)
    case = Case.objects.get()
    assert (case.stage, case.amount_fen) == (CaseStage.DONE, 50_000_000)
    page.goto(f"/work/cases/{case.public_id}/introduction/")
    picture(page, f"introduction-{language}")

    page.goto(f"/needs/{need.public_id}/matches/{results[1].public_id}/")
    page.get_by_role("button", name=add).click()
    page.locator("details:has([name=reason]) > summary").first.click()
    page.locator("select[name=reason]").select_option(label=no_money)
    page.locator("form:has(select[name=reason]) [name=note]").fill("企业今年没有预算")
    page.get_by_role("button", name=stop).click()
    expect(page.get_by_text("企业今年没有预算").first).to_be_visible()
    stopped = Case.objects.get(stage=CaseStage.STOPPED)
    assert (stopped.stop_reason, stopped.result) == ("no_money", results[1])
