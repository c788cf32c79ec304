"""Whole lives of challenges in the browser: a prize that is paid, a race until one team is left, and a small firm that enters
the supply chain of a large one. Every page and step is found by its address, so that the same hands do it in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.models import Award, Bid, Challenge, Milestone
from ronglian.apps.challenges.standing import process_of
from ronglian.kernel.process.models import TimerState
from ronglian.kernel.process.tasks import fire_due
from tests.factories import make_member, make_organisation, make_person, make_result
from tests.factories.challenges import CALL
from tests.factories.technology_managers import make_manager
from tests.journeys.test_challenge import WORDS, fill_row, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.any_database]
TOLD = "成本一项低于其他申请，且没有连续运行的数据，请补充后再来。"


class Life:
    """One challenge and those around it, each signing in as themselves."""

    def __init__(self, page: Page, teams: int) -> None:
        self.page = page
        self.firm = make_organisation("甲大型企业", size="large")
        self.notary = make_organisation("乙公证处")
        make_member(self.firm, email="firm@example.org")
        make_member(self.notary, email="notary@example.org")
        self.manager = make_manager(make_person("manager@example.org"))
        self.teams: list[Organisation] = []
        for number in range(1, teams + 1):
            team = make_organisation(f"第{number}队", size="small")
            make_member(team, email=f"team{number}@example.org")
            self.teams.append(team)
        self.path = ""
        self.is_english = False

    def as_(self, who: str, place: str = "") -> None:
        """Sign in at a page; a new sign-in knows no language any more."""
        sign_in(self.page, f"{who}@example.org", place or self.path)
        if self.is_english:
            self.speak_english()

    def unfold(self, ending: str) -> Locator:
        """The form with this end of its address, opened where it is folded."""
        form = self.page.locator(f"form[action$='{ending}']").first
        folded = form.locator("xpath=ancestor::details[not(@open)]/summary")
        if folded.count():
            folded.first.click()
        return form

    def send(self, form: Locator) -> None:
        form.locator("button[type=submit]").click()
        expect(self.page.locator(".alert-danger")).to_have_count(0)

    def take(self, step: str, *, of: str = "") -> None:
        """A step of the scheme, or of a milestone, with a word in every paper it has to produce."""
        form = self.unfold(f"{of}/steps/{step}/")
        for paper in form.locator("textarea").all():
            paper.fill("见附件")
        self.send(form)

    def set_the_question(self, scheme: str, kind: str, reward: str) -> None:
        self.as_("firm", "/work/challenges/new/")
        page = self.page
        page.locator(f"[name=scheme][value={scheme}]").check()
        page.locator("[name=title]").fill("电镀废水六价铬稳定达标")
        page.locator("[name=title_en]").fill("Chromium in plating effluent, kept below the limit")
        page.locator("[name=kind]").select_option(kind)
        page.locator("[name=reward_kind]").select_option(reward)
        page.locator("[name=reward_fen]").fill("50万元")
        page.locator("[name=text]").fill(CALL["text"])
        fill_row(page, "acceptance", 0, list(CALL["acceptance"][0].items()))
        for number, row in enumerate(CALL["rubric"]):
            fill_row(page, "rubric", number, (("title", row["title"]), ("weight", str(row["weight"])),
                     ("low", row["anchors"][0]), ("high", row["anchors"][5])))  # fmt: skip
        page.locator("[name=closes_at]").fill(f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}")
        page.locator("[name=compensation]").fill("撤榜不作补偿。")
        page.locator("[name=manager]").select_option(str(self.manager.public_id))
        page.locator("[name=escrow]").fill(f"/organisations/{self.notary.public_id}/")
        page.locator("main button.btn-primary").click()
        page.wait_for_url("**/challenges/*/")
        self.path = f"/challenges/{Challenge.objects.get().public_id}/"

    def publish(self, *stated: str) -> None:
        """Three keys, what the scheme wants to know, and out."""
        for who in ("firm", "manager", "notary"):
            self.as_(who)
            form = self.unfold("/key/")
            form.locator("[name=passphrase]").fill(WORDS)
            form.locator("[name=again]").fill(WORDS)
            self.send(form)
        self.as_("firm")
        form = self.unfold("/facts/")
        for name in stated:
            form.locator(f"[name={name}]").check()
        self.send(form)
        self.take("publish")

    def bid(self, number: int, proposal: str) -> None:
        self.as_(f"team{number}", f"/work{self.path}bid/")
        self.page.locator("[name=proposal]").fill(proposal)
        self.send(self.page.locator("main form").last)
        expect(self.page.get_by_text(proposal)).to_have_count(0)

    def close_and_open(self) -> None:
        """The closing has come, and two holders open."""
        now = timezone.now()
        Challenge.objects.update(closes_at=now)
        process_of(Challenge.objects.get()).timers.filter(name="bids_close").update(due_at=now)
        self.let_pass("bids_close")
        for who in ("manager", "notary"):
            self.as_(who)
            form = self.unfold("/open/")
            form.locator("[name=passphrase]").fill(WORDS)
            self.send(form)

    def let_pass(self, clock: str) -> None:
        """The time of a clock of the scheme goes by."""
        timer = process_of(Challenge.objects.get()).timers.get(name=clock, state=TimerState.WAITING)
        assert fire_due(timer.due_at or timezone.now()) >= 1

    def review(self) -> None:
        """One reviewer scores every bid: the first best, then the next."""
        make_person("reviewer@example.org")
        self.as_("firm")
        form = self.unfold("/reviewers/")
        form.locator("[name=email]").fill("reviewer@example.org")
        self.send(form)
        form = self.unfold("/assign/")
        form.locator("[name=each]").fill("1")
        self.send(form)
        page, order = self.page, {bid.public_id: at for at, bid in enumerate(Bid.objects.order_by("pk"))}
        for bid in Bid.objects.order_by("pk"):
            self.as_("reviewer", f"/work/reviews/{bid.reviews.get().public_id}/")
            for criterion in range(2):
                page.locator(f"[name=score_{criterion}][value='{5 - order[bid.public_id]}']").check()
                page.locator(f"[name=comment_{criterion}]").fill("与锚点相符，有数据。")
            page.locator("main button.btn-primary").click()

    def award(self, places: int) -> None:
        """By the ranking; every loser is told why, and nobody objects."""
        self.as_("firm")
        self.send(self.unfold("/rank/"))
        form = self.unfold("/award/")
        for number in range(places):
            form.locator("[name=bids]").nth(number).check()
        self.send(form)
        losers = Bid.objects.exclude(awards__state="standing")
        for bid in losers:
            form = self.unfold(f"/bids/{bid.public_id}/feedback/")
            form.locator("[name=text]").fill(TOLD)
            self.send(form)
        self.take("give_feedback")
        self.let_pass("publicity_over")

    def plan(self, award: Award, rows: Sequence[tuple[str, str]]) -> None:
        form = self.unfold(f"/awards/{award.public_id}/milestones/")
        due = timezone.localtime() + timedelta(days=90)
        for number, (title, amount) in enumerate(rows):
            for name, value in (
                ("title", title),
                ("evidence", "检测报告"),
                ("due_at", f"{due:%Y-%m-%dT%H:%M}"),
                ("amount_fen", amount),
            ):
                form.locator(f"[name=award-{award.place}-{number}-{name}]").fill(value)
        self.send(form)

    def shows(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def speak_english(self) -> None:
        self.is_english = True
        self.page.get_by_role("button", name="EN", exact=True).click()
        expect(self.page.locator("html")).to_have_attribute("lang", "en")


def test_a_prize_is_paid(page: Page) -> None:
    life = Life(page, teams=2)
    life.set_the_question("prize_challenge", "prototype", "prize")
    life.publish("prize_secured")
    life.shows("揭榜中")
    for number in (1, 2):
        life.bid(number, f"第{number}队的方案")
    life.close_and_open()
    life.review()
    life.award(1)
    life.as_("firm")
    life.take("sign")
    life.as_("team1")
    life.take("deliver")
    life.as_("firm")
    life.take("accept")
    life.take("pay")
    life.shows("已兑现")
    life.as_("team2")
    page.locator("#mine ~ ul a").first.click()
    life.shows(TOLD)


def test_a_race_until_one_team_is_left_in_english(page: Page) -> None:
    life = Life(page, teams=3)
    life.is_english = True
    life.set_the_question("horse_race", "race", "grant")
    life.publish("stages_funded")
    life.shows("open for bids")
    for number in (1, 2, 3):
        life.bid(number, f"Plan of team {number}")
    life.close_and_open()
    life.review()
    life.award(2)
    life.as_("firm")
    for award in Award.objects.order_by("place"):
        life.plan(award, [("Small scale", "10万元"), ("Pilot", "15万元")])
    life.take("sign")

    first = list(Milestone.objects.filter(number=1).order_by("award__place"))
    for number, milestone in enumerate(first, 1):
        life.as_(f"team{number}")
        life.take("hand_in", of=str(milestone.public_id))
    life.as_("firm")
    for milestone in first:
        life.take("pass", of=str(milestone.public_id))
        life.take("pay", of=str(milestone.public_id))
    life.take("stage_over")
    life.take("next_stage")

    second = list(Milestone.objects.filter(number=2).order_by("award__place"))
    for number, milestone in enumerate(second, 1):
        life.as_(f"team{number}")
        life.take("hand_in", of=str(milestone.public_id))
    life.as_("firm")
    life.take("pass", of=str(second[0].public_id))
    life.take("pay", of=str(second[0].public_id))
    life.take("eliminate", of=str(second[1].public_id))
    life.take("stage_over")
    life.take("choose")
    life.take("accept")
    life.take("pay")
    life.shows("race won")
    assert [award.place for award in Award.objects.filter(state="standing")] == [1]


def test_a_small_firm_enters_the_supply_chain_of_a_large_one(page: Page) -> None:
    life = Life(page, teams=2)
    laboratory = make_organisation("某检测中心")
    make_member(laboratory, email="laboratory@example.org")
    make_result(laboratory, "电镀废水六价铬在线检测", summary="对电镀废水六价铬连续检测，已在三家企业使用。")
    life.set_the_question("large_small_challenge", "prototype", "order")
    life.publish("order_promised")

    # The first team lacks somebody who measures, finds the laboratory, and is joined by it.
    life.as_("team1", f"/work{life.path}team/")
    for name, value in (("role", "处理工艺与装置"), ("share", "80"), ("lacks", "六价铬在线检测")):
        page.locator(f"[name={name}]").fill(value)
    life.send(page.locator("main form").last)
    page.locator(".record-card details summary").first.click()
    found = page.locator(".record-card form").first
    found.locator("[name=role]").fill("在线检测")
    found.locator("[name=share]").fill("20")
    life.send(found)
    life.as_("laboratory", "/work/challenges/")
    page.get_by_role("link", name="电镀废水六价铬稳定达标").click()
    page.get_by_role("button", name="确认这一分工").click()
    life.bid(1, "第一队的方案")
    life.bid(2, "第二队的方案")
    life.close_and_open()
    life.as_("firm")
    page.get_by_role("link", name="第1队").first.click()
    expect(page.get_by_text("成员已自行确认")).to_have_count(2)
    life.review()
    life.award(1)

    life.as_("firm")
    life.take("sign")
    life.as_("team1")
    life.take("deliver")
    life.as_("firm")
    life.take("accept")
    life.take("admit")
    life.take("order")
    life.as_("team1")
    life.speak_english()
    life.take("supply")
    life.as_("firm")
    life.take("pay")
    life.shows("in the supply chain")
