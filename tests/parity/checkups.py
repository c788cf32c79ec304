"""Check-ups through each door."""

from __future__ import annotations

import json
from collections.abc import Callable

from ronglian.apps.prospecting.models import Checkup, CheckupFinding
from ronglian.kernel.models import Event
from tests.factories.checkups import make_checkup
from tests.parity.doors import Doors, assert_same

ANSWERS = {"energy_heat": {"choice": "yes", "words": "烟气180℃"}}


def same_opened(doors: Doors) -> None:
    owner = str(doors.organisation.public_id)
    doors.post("/work/checkups/", {})
    assert doors.api.post("/checkups", {"owner": owner}).status_code == 201
    doors.cli("checkups", "open", "--owner", owner)
    Checkup.objects.update(opened_by="")  # says through which door
    rows = Checkup.objects.order_by("id")
    assert len(rows) == 3
    assert_same(*rows)


def same_answered(doors: Doors) -> None:
    by_web, by_api, by_cli = (make_checkup(doors.organisation) for _door in range(3))
    sent = {"energy_heat": "yes", "energy_heat-words": "烟气180℃"}
    doors.post(f"/work/checkups/{by_web.public_id}/", sent)
    path = f"/checkups/{by_api.public_id}"
    assert doors.api.patch(path, {"answers": ANSWERS}, **{"If-Match": "*"}).status_code == 200
    file = doors.folder / "answers.json"
    file.write_text(json.dumps(ANSWERS), encoding="utf-8")
    doors.cli("checkups", "answer", str(by_cli.public_id), "--answers", str(file))
    assert_same(*Checkup.objects.order_by("id"))


def same_brought(doors: Doors) -> None:
    by_web, by_api, by_cli = (make_checkup(doors.organisation) for _door in range(3))
    doors.post(f"/work/checkups/{by_web.public_id}/bring/", {"question": "quality_scrap"})
    body = {"question": "quality_scrap"}
    assert (
        doors.api.post(
            f"/checkups/{by_api.public_id}/bring", body, **{"Accept-Language": "zh-Hans"}
        ).status_code
        == 201
    )
    doors.cli("--language", "zh", "checkups", "bring", str(by_cli.public_id), "--question", "quality_scrap")
    found = [
        (each.question, each.consultation.title, each.consultation.words, each.consultation.version)
        for each in CheckupFinding.objects.select_related("consultation")
    ]
    assert len(found) == 3
    assert all(each == found[0] for each in found)
    assert Event.objects.filter(name="checkupfinding.brought").count() == 3


COMPARED: dict[str, Callable[[Doors], None]] = {
    "checkup.open": same_opened,
    "checkup.answer": same_answered,
    "checkup.bring": same_brought,
}
