"""Two worlds that differ only in what the reader may not know, and everything such a reader can look at.

A world is the same public registry with another draw of secrets: the details under an agreement, records of one's own
organisation only, drafts, withdrawn records, decisions, who holds the anonymous need. Texts of secrets are drawn from
the words of the public ones, so that whatever leaks into ranking, counts or statistics shows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.disclosure.agreement_text import agreement_text
from ronglian.apps.disclosure.operations.agreements import grant_nda
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.matching.keeper import keeper
from ronglian.apps.matching.operations.matches import decide_match, suggest_matches
from ronglian.apps.matching.rules import Pair
from ronglian.apps.registry.duplicates import refresh_fingerprints
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene
from ronglian.apps.registry.opening import open_records, save_record
from ronglian.apps.registry.operations.disclosure import keep_annex, sign_nda
from ronglian.apps.registry.operations.records import check_and_derive
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.actor import Role
from tests.api.calls import VISITOR, Caller, secret_of
from tests.factories import SYSTEM, make_member, make_organisation, make_person_of, make_record

WORDS = [
    "电镀废水",
    "六价铬",
    "深度处理",
    "膜分离",
    "轴承",
    "钢球",
    "视觉检测",
    "裂纹",
    "光伏",
    "硅片",
    "切割液",
    "回收",
    "沼气",
    "发酵",
    "菌剂",
    "石墨",
    "负极",
    "涂层",
    "合金",
    "焊接",
    "机器人",
    "传感器",
    "标定",
    "阀门",
    "密封",
    "高温",
    "低温",
    "润滑",
    "制冷",
    "隔膜",
    "电解液",
    "催化剂",
    "吸附",
    "树脂",
    "纤维",
    "织造",
    "染色",
    "除尘",
    "脱硫",
    "余热",
]
AMOUNTS = ("六价铬 ≤ 0.1 mg/L", "检测速度 ≥ 20 件/s", "回收率 ≥ 95 %", "寿命 ≥ 800 h", "能耗 ≤ 3 kWh/t")


@dataclass
class Base:
    """The public registry and those who look at it."""

    owners: list[Organisation]
    needs: list[Need]
    results: list[Result]
    scene: Scene
    closed: list[RegistryRecord]
    anonymous: Need
    readers: dict[str, Client | Caller]


def text(chance: random.Random, words: int = 12) -> str:
    return "".join(chance.choice(WORDS) for _ in range(words))


def build(seed: int) -> Base:
    """The registry that is the same in all worlds."""
    chance = random.Random(seed)
    owners = [
        make_organisation(f"公开单位{number}", region=region, kind=kind)
        for number, (region, kind) in enumerate(
            [("3205", "enterprise"), ("3301", "enterprise"), ("1101", "university"), ("4403", "enterprise")]
        )
    ]
    needs = [
        make_record(Need, owners[n % 2], text(chance, 3), details=text(chance), metrics_text=AMOUNTS[n])
        for n in range(3)
    ]
    results = [
        make_record(Result, owners[n], text(chance, 3), summary=text(chance), maturity=5 + n)
        for n in range(4)
    ]
    make_record(Expert, owners[2], "公开专家", summary=text(chance))
    scene = make_record(Scene, owners[0], "公开场景", summary=text(chance))
    common = {"summary": text(chance), "under_nda": True, "keywords": [chance.choice(WORDS)]}
    closed: list[RegistryRecord] = [
        make_record(model, owners[at], "详情保密的记录", **common)
        for at, model in enumerate((Need, Result, Scene))
    ]
    anonymous = make_record(Need, owners[0], text(chance, 3), details=text(chance), anonymous=True)
    reader = make_member(make_organisation("读者单位", region="3100"), Role.OWNER)
    signed_in = Client()
    signed_in.force_login(reader)
    readers: dict[str, Client | Caller] = {
        "visitor": Client(),
        "stranger": signed_in,
        "program": VISITOR,
        "stranger's program": Caller(secret_of(reader)),
    }
    return Base(owners, needs, results, scene, closed, anonymous, readers)


def add_secrets(base: Base, seed: int) -> None:
    """One draw of everything that the readers may not know."""
    chance = random.Random(seed)
    for record in base.closed:
        open_records([record])
        for name in record.nda_fields:
            field = type(getattr(record, name))
            if field is str:
                setattr(record, name, text(chance) + (chance.choice(AMOUNTS) if "metrics" in name else ""))
        if isinstance(record, Need):
            record.budget_high_fen = chance.randrange(10**8)
            record.minimum_maturity = chance.randrange(1, 10)
            record.hard = chance.sample(["maturity", "budget", "region", "mode"], 2)
        if isinstance(record, Result):
            record.price_low_fen = chance.randrange(10**8)
        check_and_derive(record, record.confirmed_on)
        save_record(record)
    for record in chance.sample(base.closed, chance.randrange(3)):
        keep_annex(actor=SYSTEM, record=record, text=text(chance))
    if chance.random() < 0.5:  # somebody else reads under an agreement
        insider = make_person_of(base.owners[3], Role.OWNER)
        signed = sign_nda(
            actor=insider,
            record=base.closed[0],
            organisation=base.owners[3],
            purpose=text(chance),
            text_digest=agreement_text().digest,
        )
        grant_nda(actor=SYSTEM, nda=signed)
        access_record(insider, Need, base.closed[0].public_id)
    for _ in range(chance.randrange(4)):
        state, disclosure = chance.choice(
            [("draft", "public"), ("withdrawn", "public"), ("published", "organisation")]
        )
        model = chance.choice([Need, Result, Scene])
        fields = {"summary": text(chance), "state": state, "disclosure": disclosure}
        made = make_record(model, chance.choice(base.owners), text(chance, 3), **fields)
        if model is Need and chance.random() < 0.5:
            suggest_matches(actor=SYSTEM, record=made)
    Need.objects.filter(pk=base.anonymous.pk).update(owner=chance.choice(base.owners[:2]))
    keeper.forget()
    for record in (*base.needs, *base.results, *base.closed[:2]):
        suggest_matches(actor=SYSTEM, record=type(record).objects.get(pk=record.pk))
    need = Need.objects.get(pk=base.closed[0].pk)
    for result in chance.sample(base.results, chance.randrange(3)):
        decide_match(
            actor=make_person_of(need.owner),
            pair=Pair(need, result),
            kind=DecisionKind.CONFIRMED,
            reason=DecisionReason.FITS_PROBLEM,
        )
    for model in (Need, Result, Scene):
        refresh_fingerprints(model)


class _Undo(Exception):
    pass


@contextmanager
def world(base: Base, seed: int, index: Any) -> Iterator[None]:
    """The base with one draw of secrets, undone afterwards."""
    try:
        with transaction.atomic():
            keeper._folder = index / f"world-{seed}"
            keeper.forget()
            add_secrets(base, seed)
            yield
            raise _Undo
    except _Undo:
        keeper.forget()


def addresses(base: Base) -> list[str]:
    """Every page and file that a reader can ask for, and some that are not there."""
    need, result, scene = (record.public_id for record in base.closed)
    word = WORDS[seed_word(base)]
    open_need, open_result = base.needs[0].public_id, base.results[0].public_id
    pages = [
        "/",
        f"/?q={word}",
        f"/?q={word}&side=needs",
        f"/search/?q={word}",
        "/quality/",
        "/data/",
        "/catalogue.jsonld",
    ]
    for kind in ("needs", "results", "scenes"):
        pages += [
            f"/{kind}/",
            f"/{kind}/?q={word}",
            f"/{kind}/?mode=development&expired=1",
            f"/{kind}.csv",
            f"/{kind}.jsonl",
        ]
    pages += ["/needs/?small=1", "/needs/?region=32", "/needs/?q=六价铬&newest=1", "/organisations/"]
    pages += [f"/organisations/{owner.public_id}/" for owner in base.owners]
    pages += [
        f"/needs/{need}/",
        f"/results/{result}/",
        f"/scenes/{scene}/",
        f"/needs/{base.anonymous.public_id}/",
    ]
    for each in (need, open_need, base.anonymous.public_id):
        pages += [
            f"/needs/{each}/matches/?excluded=1",
            f"/needs/{each}/matches/{open_result}/",
            f"/needs/{each}/matches/{result}/",
        ]
    for each in (result, *(one.public_id for one in base.results)):
        pages += [f"/results/{each}/matches/?excluded=1"]
    pages += [
        f"/quality/lists/{name}/"
        for name in ("covered-needs", "uncovered-needs", "suggested-results", "unanswered-needs")
    ]
    return [*pages, f"/needs/{need}/deadline.ics", f"/needs/{scene}/"]


def calls(base: Base) -> list[str]:
    """The same through the API."""
    need, result, scene = (record.public_id for record in base.closed)
    word = WORDS[seed_word(base)]
    paths = ["/quality", "/training-runs", "/organisations", f"/needs/export?q={word}", "/results/export"]
    for kind in ("needs", "results", "scenes", "experts"):
        paths += [
            f"/{kind}",
            f"/{kind}?q={word}",
            f"/{kind}?state=draft",
            f"/{kind}?include_expired=true&limit=3",
        ]
    for kind, each in (
        ("needs", need),
        ("results", result),
        ("scenes", scene),
        ("needs", base.anonymous.public_id),
    ):
        paths += [f"/{kind}/{each}", f"/{kind}/{each}/events"]
    for each in (need, base.anonymous.public_id, *(one.public_id for one in base.needs)):
        paths += [f"/needs/{each}/matches?include_excluded=true", f"/needs/{each}/matches/{result}"]
    for each in (result, *(one.public_id for one in base.results)):
        paths += [f"/results/{each}/matches?include_excluded=true"]
    return [*paths, f"/results/{need}"]


def seed_word(base: Base) -> int:
    return base.needs[0].pk % len(WORDS)


NOISE = re.compile(
    r"csrfmiddlewaretoken\" value=\"[^\"]*\"|nonce=\"[^\"]*\"|'nonce-[^']*'|X-CSRFToken[^}]*"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?|DTSTAMP:\S*"
    r"|(csrftoken|sessionid)=[^;]*|expires=[^;]*GMT"
)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def look(base: Base, part: int = 0, parts: int = 1) -> dict[str, str]:
    """What each reader is answered, with status and headers, without the noise of time and of random tokens.

    Of `parts` equal shares of the addresses only the one numbered `part`.
    """
    known = {
        str(each.public_id): f"<{each._meta.model_name}-{at}>"
        for group in (base.owners, base.needs, base.results, [base.scene], base.closed, [base.anonymous])
        for at, each in enumerate(group)  # type: ignore[arg-type]  # rows of several models
    }
    seen = {}
    for name, reader in base.readers.items():
        asked = calls(base) if isinstance(reader, Caller) else addresses(base)
        get: Callable[[str], Any] = reader.get
        for path in asked[part % parts :: parts]:
            response = get(path)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            whole = f"{response.status_code} {sorted(response.items())} {response.cookies} {body.decode()}"
            quiet = NOISE.sub("~", whole)
            seen[f"{name} {path}"] = UUID.sub(lambda found: known.get(found[0], "<id>"), quiet)
    return seen


def differences(first: dict[str, str], second: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The places where two worlds differ, with the surroundings of the first difference."""
    found = {}
    for place, other in second.items():
        one = first[place]
        if one != other:
            at = next(
                (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
                min(len(one), len(other)),
            )
            found[place] = one[max(at - 60, 0) : at + 60], other[max(at - 60, 0) : at + 60]
    return found
