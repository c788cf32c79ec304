"""The clinic through each door: consultations, triage, checks, clinic hours, neglected needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from ronglian.apps.accounts.models import Membership
from ronglian.apps.clinic.models import (
    Attention,
    AuthenticityCheck,
    ClinicSlot,
    Consultation,
    Pool,
    SlotBooking,
    Triage,
)
from ronglian.apps.clinic.operations.consultations import open_consultation
from ronglian.apps.clinic.operations.triage import show_to_managers
from ronglian.apps.registry.models import SavedSearch
from ronglian.demo.clinic import SEARCHES, save_searches
from tests.factories import SYSTEM, make_need, make_person
from tests.factories.clinic import make_booking, make_check, make_slot, make_triage
from tests.factories.pools import make_pool
from tests.factories.technology_managers import make_manager
from tests.parity.doors import Doors, assert_same, latest

Body = Mapping[str, Any]
TOLD = {"title": "漆膜不匀", "words": "返工率8%，希望降到2%以下。"}


def reread(*rows: Any) -> list[models.Model]:
    return [type(row)._default_manager.get(pk=row.pk) for row in rows]


def consultation(doors: Doors) -> Consultation:
    return open_consultation(actor=SYSTEM, owner=doors.organisation, **TOLD)


def same_opened(doors: Doors) -> None:
    owner = {"owner": str(doors.organisation.public_id)}
    doors.post("/work/clinic/", {**TOLD, **owner})
    by_web = latest(Consultation)
    assert doors.api.post("/consultations", {**TOLD, **owner}).status_code == 201
    Consultation.objects.update(opened_by="")
    assert_same(*reread(by_web, latest(Consultation)))


def same_told(doors: Doors) -> None:
    by_web, by_api = consultation(doors), consultation(doors)
    doors.post(f"/work/clinic/{by_web.public_id}/words/", {**TOLD, "words": "返工率9%", "version": "1"})
    etag = {"If-Match": '"1"'}
    sent = doors.api.patch(f"/consultations/{by_api.public_id}", {"words": "返工率9%"}, **etag)
    assert sent.status_code == 200, sent.content
    assert_same(*reread(by_web, by_api))


def same(address: str, typed: Body, path: str, sent: Body | None) -> Callable[[Doors], None]:
    """One thing done to a consultation by a form and by a program."""

    def compare(doors: Doors) -> None:
        by_web, by_api = consultation(doors), consultation(doors)
        doors.post(f"/work/clinic/{by_web.public_id}/{address}/", dict(typed))
        answer = doors.api.post(f"/consultations/{by_api.public_id}/{path}", sent)
        assert answer.status_code == 200, answer.content
        rows = reread(by_web, by_api)
        assert_same(*rows)

    return compare


CRITERION = {
    "quantity": "返工率",
    "threshold": "≤2%",
    "method": "连续三批",
    "measured_by": "第三方",
    "evidence": "报告",
}
FORM = {"criteria-TOTAL_FORMS": "1", "criteria-INITIAL_FORMS": "0",
        **{f"criteria-0-{name}": text for name, text in CRITERION.items()}}  # fmt: skip


def same_objection(doors: Doors) -> None:
    by_web, by_api = (make_triage(consultation(doors)) for _door in range(2))
    said = {"objection": "不是这样"}
    doors.post(f"/work/triage/{by_web.public_id}/object/", said)
    assert doors.api.post(f"/triages/{by_api.public_id}/object", said).status_code == 200
    Triage.objects.update(consultation=by_web.consultation)
    assert_same(*reread(by_web, by_api))


def same_check_objection(doors: Doors) -> None:
    need = make_need()
    by_web, by_api = make_check(need), make_check(need)
    said = {"objection": "现场已停产"}
    doors.post(f"/work/checks/{by_web.public_id}/dispute/", said)
    assert doors.api.post(f"/checks/{by_api.public_id}/object", said).status_code == 200
    AuthenticityCheck.objects.update(objected_by="")
    assert_same(*reread(by_web, by_api))


def two_bookings(doors: Doors) -> tuple[SlotBooking, SlotBooking, str, str]:
    """One for each door, with an hour of the same manager to move each to."""
    manager = make_manager()
    made = [make_booking(make_slot(manager, days), consultation(doors)) for days in (1, 2)]
    free = [str(make_slot(manager, days).public_id) for days in (3, 4)]
    return made[0], made[1], free[0], free[1]


def same_booked(doors: Doors) -> None:
    manager = make_manager()
    slots = [make_slot(manager, days) for days in (1, 2)]
    brought = [{"consultation": str(consultation(doors).public_id)} for _door in slots]
    doors.post(f"/work/hours/{slots[0].public_id}/book/", {**brought[0], "allows_preread": "on"})
    by_web = latest(SlotBooking)
    path = f"/clinic-hours/{slots[1].public_id}/book"
    assert doors.api.post(path, {**brought[1], "allows_preread": True}).status_code == 201
    _same_bookings(by_web, latest(SlotBooking))


def same_moved(doors: Doors) -> None:
    by_web, by_api, first, second = two_bookings(doors)
    doors.post(f"/work/bookings/{by_web.public_id}/move/", {"slot": first})
    assert doors.api.post(f"/bookings/{by_api.public_id}/move", {"slot": second}).status_code == 200
    _same_bookings(by_web, by_api)


def same_cancelled(doors: Doors) -> None:
    by_web, by_api, _first, _second = two_bookings(doors)
    doors.post(f"/work/bookings/{by_web.public_id}/cancel/", {"reason": "出差"})
    assert doors.api.post(f"/bookings/{by_api.public_id}/cancel", {"reason": "出差"}).status_code == 200
    _same_bookings(by_web, by_api)


def _same_bookings(*rows: SlotBooking) -> None:
    found = reread(*rows)
    for row in found:
        row.slot_id = row.consultation_id = 0  # type: ignore[attr-defined]  # each door had its own
        row.booked_by = ""  # type: ignore[attr-defined]  # says who
    assert_same(*found)


# ── what technology managers do at the site, and whoever keeps the machine on the command line ────────────────────────


def same_offered(doors: Doors) -> None:
    begins = timezone.localtime() + timedelta(days=1)
    managers = [make_manager() for _door in range(2)]
    doors.web.force_login(managers[0].person)
    starts = f"{begins:%Y-%m-%dT%H:%M}"
    doors.post("/work/hours/", {"starts_at": starts, "minutes": "60", "place": "三楼", "joining": "302"})
    doors.cli(
        "hours",
        "offer",
        str(managers[1].public_id),
        "--starts",
        starts,
        "--place",
        "三楼",
        "--joining",
        "302",
    )
    _same_but(ClinicSlot.objects.order_by("id"), "manager_id")


def same_withdrawn(doors: Doors) -> None:
    manager = make_manager()
    by_web, by_cli = (make_slot(manager, days) for days in (1, 2))
    doors.web.force_login(manager.person)
    doors.post(f"/work/hours/{by_web.public_id}/withdraw/", {})
    doors.cli("hours", "withdraw", str(by_cli.public_id))
    _same_but(ClinicSlot.objects.order_by("id"), "starts_at", "ends_at")


def same_decided(doors: Doors) -> None:
    told = [
        show_to_managers(actor=SYSTEM, consultation=consultation(doors), shown=True) for _door in range(2)
    ]
    doors.web.force_login(make_manager().person)
    decision = {"route": "diagnose", "minutes": "电话谈过"}
    doors.post(f"/work/triage/consultation/{told[0].public_id}/", decision)
    doors.cli("triage", "decide", str(told[1].public_id), "--route", "diagnose", "--note", "电话谈过")
    _same_but(Triage.objects.order_by("id"), "consultation_id")


def same_checked(doors: Doors) -> None:
    needs = [make_need() for _door in range(2)]
    doors.web.force_login(make_manager().person)
    today = timezone.localdate().isoformat()
    seen = {"means": "sample", "finding": "partly", "checked_on": today, "what": "看到样件"}
    doors.post(f"/work/needs/{needs[0].public_id}/check/", seen)
    doors.cli(
        "triage",
        "check",
        str(needs[1].public_id),
        "--means",
        "sample",
        "--finding",
        "partly",
        "--note",
        "看到样件",
    )
    _same_but(AuthenticityCheck.objects.order_by("id"), "checked_by")


def same_attention(doors: Doors) -> None:
    needs = [make_need() for _door in range(2)]
    doors.web.force_login(make_manager().person)
    doors.post(f"/work/needs/{needs[0].public_id}/attention/", {"kind": "referred", "note": "转给协会"})
    doors.cli("neglected", "note", str(needs[1].public_id), "--kind", "referred", "--note", "转给协会")
    _same_but(Attention.objects.order_by("id"), "noted_by")


def same_closed_pool(doors: Doors) -> None:
    by_web, by_cli = (make_pool(invited=False) for _door in range(2))
    doors.web.force_login(make_manager().person)
    doors.post(f"/work/common-needs/{by_web.public_id}/close/", {"reason": "是两件事"})
    doors.cli("pools", "close", str(by_cli.public_id), "--note", "是两件事")
    _same_but(Pool.objects.order_by("id"), "explanation")


def same_saved(doors: Doors) -> None:
    """At the site, and by the demo region for the demo account."""
    person = make_person()
    for kind, query in SEARCHES:
        doors.post("/work/searches/save/", {"kind": kind, "query": query, "frequency": "weekly"})
    save_searches(person)
    by_web, by_demo = (list(SavedSearch.objects.filter(mine).order_by("id"))
                       for mine in (~models.Q(person=person), models.Q(person=person)))  # fmt: skip
    for row, other in zip(by_web, by_demo, strict=True):
        assert_same(row, other)


def _saved_twice(doors: Doors) -> tuple[SavedSearch, SavedSearch]:
    """One search of the same person at each door."""
    doors.post("/work/searches/save/", {"kind": "needs", "query": "q=铬", "frequency": "weekly"})
    sent = {"kind": "results", "q": "铬", "frequency": "weekly"}
    assert doors.api.post("/searches", sent).status_code == 201
    by_web, by_api = SavedSearch.objects.order_by("id")
    return by_web, by_api


def same_changed_search(doors: Doors) -> None:
    by_web, by_api = _saved_twice(doors)
    doors.post(f"/work/searches/{by_web.public_id}/", {"frequency": "off"})
    assert (
        doors.api.patch(
            f"/searches/{by_api.public_id}", {"frequency": "off"}, **{"If-Match": "*"}
        ).status_code
        == 200
    )
    _same_but(SavedSearch.objects.order_by("id"), "kind")


def same_dropped_search(doors: Doors) -> None:
    by_web, by_api = _saved_twice(doors)
    doors.post(f"/work/searches/{by_web.public_id}/drop/", {})
    assert doors.api.post(f"/searches/{by_api.public_id}/drop").status_code == 200
    assert not SavedSearch.objects.exists()


def same_digest(doors: Doors) -> None:
    path = str(doors.organisation.public_id)
    for ask in (
        lambda: doors.post(f"/work/organisations/{path}/digest/", {"wanted": "0"}),
        lambda: doors.api.post(f"/me/digests/{path}", {"wanted": False}),
    ):
        Membership.objects.update(wants_digest=True)
        ask()
        assert not Membership.objects.get(organisation=doors.organisation).wants_digest


def _same_but(rows: Iterable[models.Model], *own: str) -> None:
    """The same but for what each door has of its own."""
    found = list(rows)
    for row in found:
        for name in own:
            setattr(row, name, None)
    assert len(found) == 2
    assert_same(*found)


COMPARED: dict[str, Callable[[Doors], None]] = {
    "consultation.open": same_opened,
    "consultation.tell": same_told,
    "consultation.answer": same("answer", {"topic": "budget", "text": "预算50万元"},
                                "answers", {"topic": "budget", "text": "预算50万元"}),
    "consultation.set_acceptance": same("acceptance", FORM, "acceptance", {"criteria": [CRITERION]}),
    "consultation.register": same("register", {"disclosure": "public"}, "register", {}),
    "consultation.close": same("close", {"reason": "已解决"}, "close", {"reason": "已解决"}),
    "consultation.show": same("show", {"shown": "1"}, "show", {"shown": True}),
    "triage.object": same_objection,
    "check.object": same_check_objection,
    "booking.book": same_booked,
    "booking.move": same_moved,
    "booking.cancel": same_cancelled,
    "slot.offer": same_offered,
    "slot.withdraw": same_withdrawn,
    "triage.decide": same_decided,
    "check.record": same_checked,
    "attention.note": same_attention,
    "pool.close": same_closed_pool,
    "search.save": same_saved,
    "search.change": same_changed_search,
    "search.drop": same_dropped_search,
    "organisation.choose_digest": same_digest,
}  # fmt: skip
