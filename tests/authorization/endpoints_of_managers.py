"""The register of technology managers."""

from __future__ import annotations

from collections.abc import Iterator

from tests.authorization.endpoint import Endpoint, at, below, fixed, of

ENTRY = {"name": "云岚", "level": "middle", "languages": ["zh"], "capacity": 20}


def web() -> Iterator[Endpoint]:
    """The register of technology managers: public, one's own entry, and keeping it."""
    yield Endpoint("web", "managers", "GET", at("managers"), lists=("manager",))
    yield Endpoint("web", "manager", "GET", at("manager"), "manager")
    yield Endpoint("web", "work:manager", "GET", at("work:manager"))
    yield Endpoint("web", "work:manager", "POST", at("work:manager"), body=fixed(ENTRY))
    yield Endpoint("web", "work:manager-pause", "POST", at("work:manager-pause"))
    reason = fixed({"reason": "转岗"})
    yield Endpoint("web", "work:manager-leave", "POST", at("work:manager-leave"), body=reason)
    certificate = {"title": "证书", "number": "A1", "issuer": "协会", "issued_on": "2025-01-01"}
    yield Endpoint("web", "work:certificate", "POST", at("work:certificate"), body=fixed(certificate))
    yield Endpoint("web", "work:certificate-drop", "POST", at("work:certificate-drop"), "certificate")
    yield Endpoint("web", "work:certificate-verify", "POST", at("work:certificate-verify"), "certificate")
    yield Endpoint("web", "work:register", "GET", at("work:register"), lists=("manager",))
    yield Endpoint("web", "work:register-performance", "GET", at("work:register-performance"))
    yield Endpoint("web", "work:register-confirm", "POST", at("work:register-confirm"), "manager")
    yield Endpoint("web", "work:register-end", "POST", at("work:register-end"), "manager", body=reason)
    yield Endpoint("web", "work:assignments", "GET", at("work:assignments"), lists=("assignment",))
    yield Endpoint("web", "work:assignments-propose", "POST", at("work:assignments-propose"))
    chosen = of(lambda world: {"proposal": str(world.rest["assignment"]["proposed"].public_id)})
    yield Endpoint("web", "work:assignments-confirm", "POST", at("work:assignments-confirm"), body=chosen)
    declined = fixed({"reason": "overloaded"})
    yield Endpoint(
        "web", "work:assignment-decline", "POST", at("work:assignment-decline"), "assignment", body=declined
    )


def api() -> Iterator[Endpoint]:
    yield Endpoint("api", "list_managers", "GET", below("/managers"), lists=("manager",))
    yield Endpoint("api", "get_manager", "GET", below("/managers/{}"), "manager")
    yield Endpoint("api", "get_manager_performance", "GET", below("/managers/{}/performance"), "manager")
    yield Endpoint("api", "create_manager", "POST", below("/managers"), body=fixed(ENTRY))
    yield Endpoint("api", "edit_manager", "PATCH", below("/managers/{}"), "manager",
                   body=fixed({"capacity": 9}), headers={"If-Match": "*"})  # fmt: skip
    yield Endpoint(
        "api",
        "pause_manager",
        "POST",
        below("/managers/{}/pause"),
        "manager",
        body=fixed({"takes_new": False}),
    )
    yield Endpoint("api", "list_assignments", "GET", below("/assignments"), lists=("assignment",))
    declined = fixed({"reason": "overloaded"})
    path = below("/assignments/{}/decline")
    yield Endpoint("api", "decline_assignment", "POST", path, "assignment", body=declined)
