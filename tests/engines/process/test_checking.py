"""Each class of fault is found, at its line, with what would be right, in both languages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.process import Faulty, Library, read_definition
from tests.engines.process.random_definitions import definition_texts
from tests.engines.process.samples import BODY, HEAD, sample

WHOLE = HEAD + BODY
HAN = re.compile(r"[\u4e00-\u9fff]")


def changed(old: str, new: str) -> str:
    assert WHOLE.count(old) == 1, old
    return WHOLE.replace(old, new)


FAULTS: dict[str, tuple[str, str, str]] = {
    "unreachable": ("  c: {zh: 丙, en: C}", "  c: {zh: 丙, en: C}\n  x: {zh: 未, en: X}", "states.x"),
    "cannot_end": (
        "  stop: {zh: 停", "  lose: {zh: 失, en: Lose, from: a, to: x, roles: [issuer], cancels: yes}\n  stop: {zh: 停",
        "states.x",
    ),
    "no_role": ("to: [b, c], roles: [issuer]", "to: [b, c], roles: []", "transitions.fork"),
    "unknown_roles": ("to: [b, c], roles: [issuer]", "to: [b, c], roles: [king]", "transitions.fork.roles"),
    "unknown_guards": ("guards: [enough, ready]", "guards: [enough, ready, bold]", "transitions.fork.guards"),
    "unused_guard": ("guards: [enough, ready]", "guards: [enough]", "guards.ready"),
    "unknown_documents": ("produces: [paper]", "produces: [papyrus]", "transitions.fork.produces"),
    "unknown_states": ("to: off", "to: nowhere", "transitions.stop.to"),
    "dead_join": ("from: a, to: [b, c]", "from: a, to: [b]", "transitions.join"),  # and a way to c, below
    "left_over": ("from: [b, c], to: done", "from: [b], to: done", "states.done"),
    "two_tokens": (
        "  stop: {zh: 停", "  again: {zh: 再, en: Again, from: b, to: [b, c], roles: [issuer]}\n  stop: {zh: 停",
        "transitions.again.to",
    ),
    "leaves_end": ("from: [b, c], to: done", "from: [b, c, done], to: done", "transitions.join.from"),
    "timer_nowhere": ("in: a, at: closes_at, reminds: [issuer]", "in: a, at: closes_at", "timers.remind"),
    "timer_elsewhere": ("in: b, after", "in: a, after", "timers.over.fires"),
    "timer_role": ("roles: [issuer, clock], cancels", "roles: [issuer], cancels", "timers.over.fires"),
    "timer_refusable": ("fires: [join, stop]", "fires: [stop, join]", "timers.over.fires"),
    "no_timer": ("to: [b, c], roles: [issuer]", "to: [b, c], roles: [issuer, clock]", "transitions.fork.roles"),
    "not_a_time": ("at: closes_at", "at: money", "timers.remind.at"),
    "unknown_facts": ("at: closes_at", "at: opens_at", "timers.remind.at"),
    "not_a_period": ("not_before: wait", "not_before: least", "transitions.join.not_before"),
    "unknown_parameters": ("not_before: wait", "not_before: weight", "transitions.join.not_before"),
    "unknown_fact": ("{fact: ready, is: yes}", "{fact: steady, is: yes}", "guards.ready.when.fact"),
    "relation": ("{fact: ready, is: yes}", "{fact: ready, at_least: yes}", "guards.ready.when.at_least"),
    "literal": ("{fact: ready, is: yes}", "{fact: ready, is: maybe}", "guards.ready.when.is"),
    "parameter_kind": ("at_least: least", "at_least: wait", "guards.enough.when"),
    "unknown_sources": ("source: law", "source: hearsay", "guards.enough.source"),
    "unknown_key": ("not_before: wait", "notbefore: wait", "transitions.join.notbefore"),
    "from": ("from: a, to: [b, c]", "to: [b, c]", "transitions.fork"),
    "outcome": ("end: success", "end: glory", "states.done.end"),
    "text": ("  c: {zh: 丙, en: C}", "  c: {zh: 丙}", "states.c.en"),
    "id": ("  c: {zh: 丙, en: C}", "  C: {zh: 丙, en: C}", "states.C"),
    "twice": ("from: [b, c], to: done", "from: [b, b], to: done", "transitions.join.from"),
    "period": ("after: {working_days: 30}", "after: {weeks: 3}", "timers.over.after"),
    "number": ("version: 1", "version: one", "version"),
    "confidence": ("confidence: own", "confidence: sure", "confidence"),
    "fact_kind": ("kind: yes_no", "kind: maybe", "facts.ready.kind"),
    "value": ("value: 100 yuan", "value: much", "parameters.least.value"),
    "no_end": (
        "end: success}\n  off: {zh: 取消, en: off, end: cancelled}", "}\n  off: {zh: 取消, en: off}", "states",
    ),
    "yaml": ("start: a", "start: a: b", ""),
}  # fmt: skip
NEEDS_MORE = {
    "dead_join": (
        "  stop: {zh: 停",
        "  pick: {zh: 选, en: Pick, from: a, to: c, roles: [issuer]}\n  stop: {zh: 停",
    ),
    "cannot_end": ("  c: {zh: 丙, en: C}", "  c: {zh: 丙, en: C}\n  x: {zh: 未, en: X}"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_seeded_fault_is_found_where_it_is(code: str) -> None:
    old, new, path = FAULTS[code]
    text = changed(old, new)
    if code in NEEDS_MORE:
        text = text.replace(*NEEDS_MORE[code])
    with pytest.raises(Faulty) as faulty:
        read_definition(text, "scheme.yaml")
    found = [fault for fault in faulty.value.faults if fault.code == code]
    assert [fault.path for fault in found][:1] == [path], faulty.value
    fault = found[0]
    assert fault.file == "scheme.yaml"
    last = path.rpartition(".")[2]
    line = text.splitlines()[fault.line - 1]
    assert (
        code in ("yaml", "text") or last in line or new.strip() in line or (path == "states" and "a:" in line)
    )
    assert HAN.search(fault.words.zh)
    assert not HAN.search(fault.words.en)
    assert fault.say("zh").startswith(f"scheme.yaml:{fault.line}")


def test_the_whole_sample_has_no_fault() -> None:
    assert sample().label == "sample@1"


def test_all_faults_are_told_at_once() -> None:
    text = changed("kind: yes_no", "kind: maybe").replace("confidence: own", "confidence: sure")
    with pytest.raises(Faulty) as faulty:
        read_definition(text, "x.yaml")
    assert {fault.code for fault in faulty.value.faults} >= {"fact_kind", "confidence"}


@settings(max_examples=40, deadline=None)
@given(definition_texts(), st.data())
def test_what_a_random_definition_loses_is_noticed(text: str, data: st.DataObject) -> None:
    """Valid as generated; without one state, or with a state that nothing reaches, it is refused."""
    read_definition(text, "random.yaml")
    states = [line for line in text.splitlines() if re.match(r"  s\d+: ", line)]
    gone = data.draw(st.sampled_from(states))
    with pytest.raises(Faulty):
        read_definition(text.replace(gone + "\n", ""), "random.yaml")
    with pytest.raises(Faulty, match="unreached"):
        read_definition(text.replace(gone, f"{gone}\n  unreached: {{zh: 乙, en: B}}"), "random.yaml")


def test_between_definitions() -> None:
    held = sample(changed("  c: {zh: 丙, en: C}", "  c: {zh: 丙, en: C, parts: other}"))
    assert [code for _path, code, _words in Library([held]).check(held, {"cn_working_days": 1})] == [
        "unknown_process"
    ]
    other = sample(
        changed("process: sample", "process: other").replace(
            "  b: {zh: 乙, en: B}", "  b: {zh: 乙, en: B, parts: sample}"
        )
    )
    found = [code for _path, code, _words in Library([held, other]).check(held, {})]
    assert found == ["parts_of_itself", "unknown_calendar"]
    with pytest.raises(ValueError, match="two definitions"):
        Library([held, held])


def test_a_map_to_another_version_is_checked() -> None:
    old = sample()
    moved = "migrates: {from_version: 1, states: {a: a, b: b, c: c}}\n"
    new = changed("version: 1", "version: 2")

    def codes(map_text: str) -> list[str]:
        definition = sample(new.replace("start: a", map_text + "start: a"))
        return [
            code
            for _path, code, _words in Library([old, definition]).check(definition, {"cn_working_days": 1})
        ]

    assert codes(moved) == []
    assert codes(moved.replace("c: c", "c: b")) == ["unreachable_marking"]
    assert codes(moved.replace(", c: c", "")) == ["unmapped"]
    assert codes(moved.replace("c: c", "c: z")) == ["unknown_states"]
    assert codes(moved.replace("c: c", "c: done")) == ["ends_by_map"]
    assert codes(moved.replace("from_version: 1", "from_version: 7")) == ["unknown_version"]
