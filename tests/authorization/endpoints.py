"""Every address of the site and every operation of the API, and a request to each that its rightful user would send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ronglian.apps.disclosure.agreement_text import agreement_text
from tests.authorization import endpoints_of_cases as cases
from tests.authorization import endpoints_of_challenge_steps as challenge_steps
from tests.authorization import endpoints_of_challenges as challenges
from tests.authorization import endpoints_of_checkups as checkups
from tests.authorization import endpoints_of_contracts as contracts
from tests.authorization import endpoints_of_disputes as disputes
from tests.authorization import endpoints_of_drafting as drafting
from tests.authorization import endpoints_of_hours as hours
from tests.authorization import endpoints_of_managers as managers
from tests.authorization import endpoints_of_pooling as pooling
from tests.authorization import endpoints_of_prices as prices
from tests.authorization import endpoints_of_rights as rights
from tests.authorization import endpoints_of_services as services
from tests.authorization import endpoints_of_showings as showings
from tests.authorization import endpoints_of_surveys as surveys
from tests.authorization import endpoints_of_triage as triage
from tests.authorization.dimensions import NOUNS
from tests.authorization.endpoint import (
    API,
    Body,
    Endpoint,
    Path,
    at,
    below,
    fixed,
    headline,
    of,
    owned,
    upload,
)
from tests.authorization.world import OUR_NAME, Subject, World

NOWHERE = "00000000-0000-4000-8000-000000000000"
SAID = {"kind": "confirmed", "reason": "fits_problem"}


def web() -> Iterator[Endpoint]:
    for name in ("home", "about", "data", "log", "quality", "model-card", "training", "catalogue", "robots", "health",
                 "organisations"):  # fmt: skip
        yield Endpoint("web", name, "GET", at(name))
    yield Endpoint("web", "rules", "GET", at("rules"))
    yield Endpoint("web", "rule", "GET", at("rule", "reward.floor"))
    yield Endpoint("web", "home", "GET", lambda *_: reverse("home") + "?q=电镀废水六价铬", lists=("result",))
    yield Endpoint(
        "web", "search", "GET", lambda *_: reverse("search") + "?q=电镀废水六价铬", lists=tuple(NOUNS)
    )
    for name in ("api-docs", "api:openapi-json", "api:api-root"):
        yield Endpoint("web", name, "GET", at(name))
    yield Endpoint("web", "absent", "GET", lambda *_: "/api/none")
    yield Endpoint("web", "set_language", "POST", at("set_language"), body=fixed({"language": "en"}))
    for name in ("decisions", "covered-needs", "uncovered-needs", "suggested-results", "unsuggested-results",
                 "unanswered-needs", "answered-needs"):  # fmt: skip
        noun = "result" if name.endswith("results") else "need"
        yield Endpoint("web", "quality-list", "GET", at("quality-list", name), about="site", lists=(noun,))
    yield Endpoint("web", "training-propose", "POST", at("training-propose"))
    yield Endpoint("web", "training-activate", "POST", at("training-activate"), "run")
    yield Endpoint("web", "training-revert", "POST", at("training-revert"), "run")
    yield Endpoint("web", "processes", "GET", at("processes"))
    yield Endpoint("web", "process", "GET", at("process", "prize_challenge"))
    yield Endpoint("web", "organisation", "GET", at("organisation"), "organisation")
    for noun in NOUNS:
        yield from web_records(noun)
    yield from web_matches()
    yield from web_work()
    yield from web_agreements()
    yield from web_people()
    yield from web_clinic()
    yield from triage.web()
    yield from hours.web()
    yield from managers.web()
    yield from pooling.web()
    yield from services.web()
    yield from cases.web()
    yield from surveys.web()
    yield from checkups.web()
    yield from drafting.web()
    yield from challenges.web()
    yield from contracts.web()
    yield from showings.web()
    yield from disputes.web()
    yield from prices.web()
    yield from rights.web()


def web_records(noun: str) -> Iterator[Endpoint]:
    kind = f"{noun}s"
    yield Endpoint("web", kind, "GET", at(kind), lists=(noun,))
    yield Endpoint("web", "export", "GET", at("export", kind, "csv"), lists=(noun,))
    yield Endpoint("web", noun, "GET", at(noun), noun)
    new = owned(headline(noun, "新记录"))
    yield Endpoint("web", "work:new", "GET", at("work:new", kind))
    yield Endpoint("web", "work:new", "POST", at("work:new", kind), body=new)
    yield Endpoint("web", "work:metrics", "POST", at("work:metrics", kind), body=fixed(headline(noun, "半")))
    yield Endpoint(
        "web", "work:keep-draft", "POST", at("work:keep-draft", kind), body=fixed(headline(noun, "半"))
    )
    edit = edited(noun)
    yield Endpoint("web", "work:edit", "GET", at("work:edit", kind), noun)
    yield Endpoint("web", "work:edit", "POST", at("work:edit", kind), noun, body=edit)
    yield Endpoint("web", "work:publish", "POST", at("work:publish", kind), noun)
    yield Endpoint("web", "work:withdraw", "GET", at("work:withdraw", kind), noun)
    yield Endpoint(
        "web", "work:withdraw", "POST", at("work:withdraw", kind), noun, body=fixed({"reason": "已签约"})
    )
    yield Endpoint("web", "work:confirm", "POST", at("work:confirm", kind), noun)
    yield from web_readers(noun)


def edited(noun: str) -> Body:
    """Our record's form, changed."""
    return lambda _world, subject: {
        **headline(noun, "改过的题"), "version": str(subject.version), "disclosure": "public",
    }  # fmt: skip


def web_readers(noun: str) -> Iterator[Endpoint]:
    """Who reads the details of a record, and who says how far it was checked."""
    kind = f"{noun}s"
    yield Endpoint("web", "work:readers", "GET", at("work:readers", kind), noun)
    yield Endpoint("web", "work:annex", "POST", at("work:annex", kind), noun, body=fixed({"text": "附件"}))
    named = of(lambda world: {"email": world.people["nobody"].email})
    ended = of(lambda world: {"person": str(world.people["nobody"].public_id)})
    yield Endpoint("web", "work:annex-reader", "POST", at("work:annex-reader", kind), noun, body=named)
    yield Endpoint("web", "work:annex-end", "POST", at("work:annex-end", kind), noun, body=ended)
    yield Endpoint("web", "work:sign", "GET", at("work:sign", kind), noun)
    yield Endpoint("web", "work:sign", "POST", at("work:sign", kind), noun, body=of(signed))
    checked = fixed({"verification": "documented", "note": "见过证书"})
    yield Endpoint("web", "work:verify", "GET", at("work:verify", kind), noun)
    yield Endpoint("web", "work:verify", "POST", at("work:verify", kind), noun, body=checked)


def signed(world: World) -> dict[str, str]:
    """The agreement as their organisation signs it."""
    return {
        "organisation": str(world.theirs.public_id),
        "purpose": "评估合作",
        "digest": agreement_text().digest,
        "agreed": "on",
    }


def web_agreements() -> Iterator[Endpoint]:
    yield Endpoint("web", "work:agreements", "GET", at("work:agreements"), lists=("agreement",))
    yield Endpoint("web", "work:agreement", "GET", at("work:agreement"), "agreement")
    why = fixed({"reason": "不再合作"})
    yield Endpoint("web", "work:grant", "POST", at("work:grant"), "agreement")
    yield Endpoint("web", "work:decline", "POST", at("work:decline"), "agreement", body=why)
    yield Endpoint("web", "work:revoke", "POST", at("work:revoke"), "agreement", body=why)


def web_people() -> Iterator[Endpoint]:
    """What operators do about people, and people about themselves."""
    yield Endpoint("web", "work:people", "GET", at("work:people"))
    yield Endpoint("web", "work:office", "POST", at("work:office"), "person",
                   body=fixed({"office": "bureau", "holds": "1"}))  # fmt: skip
    yield Endpoint(
        "web", "work:suspend", "POST", at("work:suspend"), "person", body=fixed({"reason": "冒名"})
    )
    yield Endpoint("web", "work:restore", "POST", at("work:restore"), "person")
    declared = fixed({"organisation": OUR_NAME, "kind": "shares"})
    yield Endpoint("web", "work:conflicts", "GET", at("work:conflicts"))
    yield Endpoint("web", "work:conflicts", "POST", at("work:conflicts"), body=declared)
    yield Endpoint("web", "work:end-conflict", "POST", at("work:end-conflict"), "conflict")
    yield Endpoint("web", "work:account", "GET", at("work:account"))
    yield Endpoint(
        "web", "work:account", "POST", at("work:account"), body=fixed({"email": "other@example.org"})
    )
    yield Endpoint("web", "work:my-data", "GET", at("work:my-data"))


def web_clinic() -> Iterator[Endpoint]:
    trouble = {"title": "漆膜不匀", "words": "返工率8%"}
    yield Endpoint("web", "work:clinic", "GET", at("work:clinic"), lists=("consultation",))
    yield Endpoint("web", "work:clinic", "POST", at("work:clinic"), body=owned(trouble))
    yield Endpoint("web", "work:consultation", "GET", at("work:consultation"), "consultation")
    criteria = {"criteria-TOTAL_FORMS": "0", "criteria-INITIAL_FORMS": "0"}
    for name, body in (
        ("tell", trouble),
        ("answer", {"topic": "budget", "text": "预算50万元"}),
        ("acceptance", criteria),
        ("register-consultation", {"disclosure": "public"}),
        ("close-consultation", {"reason": "已解决"}),
    ):
        yield Endpoint("web", f"work:{name}", "POST", at(f"work:{name}"), "consultation", body=fixed(body))


def web_matches() -> Iterator[Endpoint]:
    yield Endpoint("web", "need-deadline", "GET", at("need-deadline"), "need")
    for noun in ("need", "result"):
        path = beside(noun, "/needs/{}/matches/{}/")
        yield Endpoint("web", f"{noun}-matches", "GET", at(f"{noun}-matches"), noun)
        yield Endpoint("web", "match", "GET", path, noun)
        yield Endpoint("web", "match", "POST", path, noun, body=fixed(SAID))


def pair(world: World, subject: Subject, noun: str) -> list[str]:
    """Our record beside one of theirs: the ids of the need and of the result."""
    sides = (subject, world.their_result) if noun == "need" else (world.their_need, subject)
    return [str(side.public_id) for side in sides]


def beside(noun: str, path: str) -> Path:
    """The address of our record beside one of theirs."""
    return lambda world, subject: path.format(*pair(world, subject, noun))


def decision(noun: str) -> Body:
    return lambda world, subject: {
        **dict(zip(("need", "result"), pair(world, subject, noun), strict=True)),
        **SAID,
    }


def web_work() -> Iterator[Endpoint]:
    yield Endpoint("web", "work", "GET", lambda *_: reverse("work") + "?kind=needs", lists=("need",))
    organisation = {"name": "又一单位", "kind": "enterprise"}
    yield Endpoint("web", "work:new-organisation", "GET", at("work:new-organisation"))
    yield Endpoint(
        "web", "work:new-organisation", "POST", at("work:new-organisation"), body=fixed(organisation)
    )
    edited = fixed({"name": OUR_NAME, "kind": "enterprise", "summary": "新", "version": "1"})
    yield Endpoint("web", "work:organisation", "GET", at("work:organisation"), "organisation")
    yield Endpoint("web", "work:organisation", "POST", at("work:organisation"), "organisation", body=edited)
    granted = of(lambda world: {"email": world.people["nobody"].email, "role": "viewer"})
    ended = of(lambda world: {"person": str(world.people["our_viewer"].public_id)})
    yield Endpoint("web", "work:members", "GET", at("work:members"), "organisation")
    yield Endpoint("web", "work:members", "POST", at("work:members"), "organisation", body=granted)
    yield Endpoint("web", "work:end-role", "POST", at("work:end-role"), "organisation", body=ended)
    yield Endpoint("web", "work:drop-draft", "POST", at("work:drop-draft"), "draft")
    yield Endpoint("web", "work:tokens", "GET", at("work:tokens"))
    yield Endpoint(
        "web", "work:tokens", "POST", at("work:tokens"), body=fixed({"name": "program", "days": "30"})
    )
    yield Endpoint("web", "work:revoke-token", "POST", at("work:revoke-token"), "token")
    yield Endpoint("web", "work:imports", "GET", at("work:imports"), lists=("import",))
    yield Endpoint("web", "work:imports", "POST", at("work:imports"), body=upload({"after": "publish"}))
    yield Endpoint("web", "work:import-template", "GET", at("work:import-template", "needs", "csv"))
    yield Endpoint("web", "work:import", "GET", at("work:import"), "import")
    yield Endpoint("web", "work:import-columns", "GET", at("work:import-columns"), "import")
    for name in ("columns", "apply", "cancel"):
        yield Endpoint("web", f"work:import-{name}", "POST", at(f"work:import-{name}"), "import")
    report = "/work/imports/{}/report.csv"
    yield Endpoint("web", "work:import-report", "GET", lambda _, one: report.format(one.public_id), "import")
    yield Endpoint("web", "work:duplicates", "GET", at("work:duplicates"), lists=("pair",))
    keep = of(lambda world: {"keep": str(world.their_need.public_id)})
    yield Endpoint("web", "work:merge", "POST", at("work:merge"), "pair", body=keep)
    yield Endpoint("web", "work:keep-apart", "POST", at("work:keep-apart"), "pair")


def signing_in() -> Iterator[Endpoint]:
    """The addresses of allauth, read only: what they do is tested by those who wrote them."""
    keys = {"account_confirm_email": ["key"], "account_reset_password_from_key": ["uid", "key"]}
    for name in sorted(web_names()):
        if name.startswith(("account_", "mfa_")):
            address = reverse(name, args=keys.get(name, []))
            yield Endpoint("web", name, "GET", lambda *_, address=address: address)


def api() -> Iterator[Endpoint]:
    for name, path in (("list_code_lists", "/codes"), ("get_codes", "/codes/stages"), ("get_catalogue", "/catalogue"),
                       ("get_quality", "/quality"), ("list_training_runs", "/training-runs"), ("get_me", "/me"),
                       ("list_rules", "/rules?topic=reward"), ("get_rule", "/rules/reward.floor"),
                       ("list_organisations", "/organisations"), ("export_organisations", "/organisations/export")):  # fmt: skip
        yield Endpoint("api", name, "GET", below(path))
    yield Endpoint(
        "api",
        "match_text",
        "POST",
        below("/match"),
        body=fixed({"text": "电镀废水六价铬"}),
        lists=("result",),
    )
    yield Endpoint("api", "get_organisation", "GET", below("/organisations/{}"), "organisation")
    any_version = {"If-Match": "*"}
    yield Endpoint("api", "edit_organisation", "PATCH", below("/organisations/{}"), "organisation",
                   body=fixed({"summary": "新"}), headers=any_version)  # fmt: skip
    yield Endpoint("api", "create_organisation", "POST", below("/organisations"),
                   body=fixed({"name": "又一单位", "kind": "enterprise"}))  # fmt: skip
    for noun in NOUNS:
        yield Endpoint("api", f"list_{noun}s", "GET", below(f"/{noun}s"), lists=(noun,))
        yield Endpoint("api", f"export_{noun}s", "GET", below(f"/{noun}s/export"), lists=(noun,))
        yield Endpoint(
            "api", f"create_{noun}", "POST", below(f"/{noun}s"), body=owned(headline(noun, "新记录"))
        )
        one = f"/{noun}s/{{}}"
        yield Endpoint("api", f"get_{noun}", "GET", below(one), noun)
        yield Endpoint("api", f"list_{noun}_events", "GET", below(f"{one}/events"), noun)
        yield Endpoint(
            "api",
            f"edit_{noun}",
            "PATCH",
            below(one),
            noun,
            body=fixed({"keywords": ["新"]}),
            headers=any_version,
        )
        yield Endpoint("api", f"publish_{noun}", "POST", below(f"{one}/publish"), noun)
        yield Endpoint(
            "api",
            f"withdraw_{noun}",
            "POST",
            below(f"{one}/withdraw"),
            noun,
            body=fixed({"reason": "已签约"}),
        )
        yield Endpoint("api", f"confirm_{noun}", "POST", below(f"{one}/confirm"), noun)
    yield from api_matches()
    yield from api_imports()
    yield from api_agreements()
    yield from managers.api()
    yield from challenges.api()
    yield from challenge_steps.api()
    yield from services.api()
    yield from contracts.api()
    yield from showings.api()
    yield from disputes.api()
    yield from prices.api()
    yield from rights.api()
    yield from surveys.api()
    yield from checkups.api()
    yield from drafting.api()
    for part in (triage, hours, cases, pooling):
        yield from part.api()
    asked = fixed({"place": "cn-33", "inputs": {"way": "equity", "state_set": True, "equity_value": 100_000}})
    yield Endpoint("api", "evaluate_rule", "POST", below("/rules/reward.floor/evaluate"), body=asked)
    for name, path in (("get_checkpoint", "/log/checkpoint"), ("get_consistency", "/log/consistency?old=1&new=2"),
                       ("get_receipt", f"/log/entries/{NOWHERE}/receipt")):  # fmt: skip
        yield Endpoint("api", name, "GET", below(path))
    yield Endpoint(
        "api", "list_quality_records", "GET", below("/quality/lists/covered-needs"), lists=("need",)
    )


def api_matches() -> Iterator[Endpoint]:
    for noun in ("need", "result"):
        yield Endpoint("api", f"list_{noun}_matches", "GET", below(f"/{noun}s/{{}}/matches"), noun)
        yield Endpoint("api", "explain_match", "GET", beside(noun, API + "/needs/{}/matches/{}"), noun)
        yield Endpoint("api", "decide_match", "POST", below("/decisions"), noun, body=decision(noun))
    yield Endpoint("api", "list_decisions", "GET", below("/decisions"), lists=("need",))


def api_agreements() -> Iterator[Endpoint]:
    yield Endpoint("api", "get_agreement_text", "GET", below("/agreements/text"))
    yield Endpoint("api", "list_agreements", "GET", below("/agreements"), lists=("agreement",))
    yield Endpoint("api", "get_agreement", "GET", below("/agreements/{}"), "agreement")
    yield Endpoint("api", "list_agreement_readings", "GET", below("/agreements/{}/readings"), "agreement")


def api_imports() -> Iterator[Endpoint]:
    yield Endpoint("api", "list_imports", "GET", below("/imports"), lists=("import",))
    yield Endpoint("api", "create_import", "POST", below("/imports"), body=upload({}))
    yield Endpoint("api", "get_import", "GET", below("/imports/{}"), "import")
    yield Endpoint("api", "list_import_errors", "GET", below("/imports/{}/errors"), "import")
    for verb in ("check", "apply", "cancel"):
        yield Endpoint(
            "api", f"{verb}_import", "POST", below(f"/imports/{{}}/{verb}"), "import", body=fixed({})
        )


def web_names() -> set[str]:
    """The names of all addresses but those below the API's root, which has its own description."""

    def walk(resolver: Any, space: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern, space + inner)
            elif isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name or 'absent'}"

    return set(walk(get_resolver(), ""))


ENDPOINTS: tuple[Endpoint, ...] = (*web(), *signing_in(), *api())
