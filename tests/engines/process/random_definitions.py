"""Random valid definitions, written as text: sequences, choices, loops, parallel parts and cancelling steps, nested."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.engines.process.samples import HEAD

SHAPES = st.recursive(
    st.just("step"),
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), inner, inner),
        st.tuples(st.just("choice"), inner, inner),
        st.tuples(st.just("loop"), inner, inner),
        st.tuples(st.just("parallel"), inner, inner),
    ),
    max_leaves=7,
)


class _Writer:
    """Turns a shape into states and transitions; `chosen` draws the small things."""

    def __init__(self, chosen: Any) -> None:
        self.chosen = chosen
        self.states: list[str] = []
        self.steps: list[str] = []

    def state(self, more: str = "") -> str:
        name = f"s{len(self.states)}"
        self.states.append(f"  {name}: {{zh: 甲, en: A{more}}}")
        return name

    def step(self, before: list[str], after: list[str], more: str = "") -> None:
        roles = self.chosen(st.sampled_from(["issuer", "bidder", "issuer, bidder"]))
        guards = self.chosen(st.sampled_from(["", ", guards: [enough]", ", guards: [ready, enough]"]))
        papers = self.chosen(st.sampled_from(["", ", produces: [paper]"]))
        waits = self.chosen(st.sampled_from(["", ", not_before: wait", ", not_before: {hours: 3}"]))
        self.steps.append(
            f"  t{len(self.steps)}: {{zh: 步, en: T, from: [{', '.join(before)}], to: [{', '.join(after)}], "
            f"roles: [{roles}]{guards}{papers}{waits}{more}}}"
        )

    def write(self, shape: Any, before: str, after: str) -> None:
        if shape == "step":
            self.step([before], [after])
            return
        kind, left, right = shape
        if kind == "sequence":
            middle = self.state()
            self.write(left, before, middle)
            self.write(right, middle, after)
        elif kind == "choice":
            self.write(left, before, after)
            self.write(right, before, after)
        elif kind == "loop":
            middle = self.state()
            self.write(left, before, middle)
            self.write(right, middle, before)
            self.step([middle], [after])
        else:
            places = [self.state() for _ in range(4)]
            self.step([before], places[:2])
            self.write(left, places[0], places[2])
            self.write(right, places[1], places[3])
            self.step(places[2:], [after])


@st.composite
def definition_texts(draw: Any) -> str:
    writer = _Writer(draw)
    start = writer.state()
    last = writer.state()
    end = writer.state(", end: success")
    off = writer.state(", end: cancelled")
    writer.write(draw(SHAPES), start, last)
    writer.step([last], [end])
    body = [*writer.steps]
    running = [f"s{at}" for at in range(len(writer.states)) if f"s{at}" not in (end, off)]
    body.append(
        f"  stop: {{zh: 停, en: Stop, from_any: [{', '.join(running)}], to: {off}, roles: [issuer, clock], cancels: yes}}"
    )
    body.append(
        f"  ask: {{zh: 查, en: Ask, from_any: [{start}], to: {off}, roles: [issuer], guards: [enough, ready], cancels: yes}}"
    )
    timed = draw(st.sampled_from(running))
    timer = f"  over: {{zh: 到期, en: over, in: {timed}, after: {{working_days: 30}}, fires: [stop]}}"
    head = HEAD.replace("start: a", f"start: {start}")
    return "\n".join([head, "states:", *writer.states, "transitions:", *body, "timers:", timer])
