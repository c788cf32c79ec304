"""What is wrong with a definition that could be read (流程定义校验). The list of faults: docs/explanation/algorithms/processes.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ronglian.engines.process.definition import (
    CLOCK,
    Comparison,
    Compound,
    Definition,
    Duration,
    PartsTest,
    Test,
    Timer,
    Transition,
)
from ronglian.engines.process.net import Net, TooLarge, can_end, explore
from ronglian.engines.text.wording import Words

Found = tuple[str, str, Words]


def check_definition(definition: Definition) -> list[Found]:
    """Path, code and words of every fault: names first, and the net only where all names are known."""
    return list(_names(definition)) or list(_net(definition))


def _names(definition: Definition) -> Iterator[Found]:
    if definition.start not in definition.states:
        yield _unknown("start", definition.start, "states", definition.states)
    for transition in definition.transitions.values():
        yield from _transition(definition, transition)
    for timer in definition.timers.values():
        yield from _timer(definition, timer)
    asked = {guard for each in definition.transitions.values() for guard in each.guards}
    for guard in definition.guards.values():
        if guard.id not in asked:
            yield (
                f"guards.{guard.id}",
                "unused_guard",
                Words(f"没有一步用到条件“{guard.id}”。", f"No step asks for the guard “{guard.id}”."),
            )
        yield from _test(definition, guard.test, f"guards.{guard.id}.when")
        yield from _known(definition, f"guards.{guard.id}.source", [guard.source], "sources")
    for parameter in definition.parameters.values():
        yield from _known(definition, f"parameters.{parameter.id}.source", [parameter.source], "sources")
    yield from _subsidies(definition)
    yield from _ends(definition)
    if definition.valid_from and definition.valid_to and definition.valid_to < definition.valid_from:
        yield "valid_to", "validity", Words("valid_to 早于 valid_from。", "valid_to is before valid_from.")


def _transition(definition: Definition, transition: Transition) -> Iterator[Found]:
    path = f"transitions.{transition.id}"
    yield from _known(definition, f"{path}.from", transition.sources, "states")
    yield from _known(definition, f"{path}.to", transition.targets, "states")
    yield from _known(definition, f"{path}.guards", transition.guards, "guards")
    yield from _known(definition, f"{path}.produces", transition.produces, "documents")
    yield from _known(definition, f"{path}.source", [transition.source], "sources")
    yield from _known(
        definition, f"{path}.roles", [role for role in transition.roles if role != CLOCK], "roles"
    )
    if not transition.roles:
        yield (
            path,
            "no_role",
            Words(
                "这一步没有人可以办：请写 roles: [角色]。", "Nobody may take this step: write roles: [role]."
            ),
        )
    if not transition.sources or not transition.targets:
        yield path, "from", Words("from 和 to 都要写状态。", "from and to both name a state.")
    if CLOCK in transition.roles and not _is_fired(definition, transition.id):
        yield (
            f"{path}.roles",
            "no_timer",
            Words(
                "clock 可以办这一步，但没有期限触发它。",
                "The clock may take this step, but no timer fires it.",
            ),
        )
    for source in transition.sources:
        if source in definition.states and definition.states[source].end:
            yield (
                f"{path}.from",
                "leaves_end",
                Words(
                    f"“{source}”是终点，不能再往下走。", f"“{source}” is an end; nothing leads on from it."
                ),
            )
    yield from _period(definition, f"{path}.not_before", transition.not_before)


def _timer(definition: Definition, timer: Timer) -> Iterator[Found]:
    path = f"timers.{timer.id}"
    yield from _known(definition, f"{path}.in", [timer.state], "states")
    yield from _known(definition, f"{path}.fires", timer.fires, "transitions")
    yield from _known(definition, f"{path}.reminds", timer.reminds, "roles")
    yield from _known(definition, f"{path}.source", [timer.source], "sources")
    yield from _period(definition, f"{path}.after", timer.after)
    if timer.at:
        yield from _known(definition, f"{path}.at", [timer.at], "facts")
        if timer.at in definition.facts and definition.facts[timer.at].kind != "time":
            yield (
                f"{path}.at",
                "not_a_time",
                Words(f"“{timer.at}”不是 time 类事实。", f"“{timer.at}” is no fact of kind time."),
            )
    if not timer.fires and not timer.reminds:
        yield (
            path,
            "timer_nowhere",
            Words(
                "期限到了什么也不发生：请写 fires 或 reminds。",
                "Nothing happens when it is due: write fires or reminds.",
            ),
        )
    known = [definition.transitions[each] for each in timer.fires if each in definition.transitions]
    for transition in known:
        if timer.state not in transition.sources:
            yield (
                f"{path}.fires",
                "timer_elsewhere",
                Words(
                    f"“{transition.id}”不从“{timer.state}”出发。",
                    f"“{transition.id}” does not start in “{timer.state}”.",
                ),
            )
        if CLOCK not in transition.roles:
            yield (
                f"{path}.fires",
                "timer_role",
                Words(
                    f"“{transition.id}”的 roles 里没有 clock。",
                    f"“{transition.id}” does not have clock among its roles.",
                ),
            )
    yield from _last_fired(definition, timer, known)


def _last_fired(definition: Definition, timer: Timer, known: Sequence[Transition]) -> Iterator[Found]:
    """The last step that a timer fires must always be possible, else the case could stand still."""
    last = known[-1] if known else None
    if last is None or timer.state not in definition.states:
        return
    waits = definition.states[timer.state].parts and not last.cancels
    is_join = len(last.sources) > 1 and not last.is_any
    if last.guards or last.produces or last.not_before or waits or is_join:
        yield (
            f"timers.{timer.id}.fires",
            "timer_refusable",
            Words(
                f"最后一个“{last.id}”不能有条件、材料、not_before、汇合或未完的子流程，否则到期可能什么也做不成。",
                f"The last one, “{last.id}”, must have no guard, document, not_before, join or parts to wait for: "
                "when due, nothing might be possible.",
            ),
        )


def _ends(definition: Definition) -> Iterator[Found]:
    if not any(state.end for state in definition.states.values()):
        yield (
            "states",
            "no_end",
            Words("没有终点：至少一个状态要写 end。", "There is no end: at least one state has an end."),
        )
    for state in definition.states.values():
        if state.end and state.parts:
            yield (
                f"states.{state.id}.parts",
                "parts_at_end",
                Words("终点不能有子流程。", "An end has no parts."),
            )
        if state.parts == definition.id:
            yield (
                f"states.{state.id}.parts",
                "parts_of_itself",
                Words("流程不能是自己的子流程。", "A process is not a part of itself."),
            )


def _test(definition: Definition, test: Test, path: str) -> Iterator[Found]:
    match test:
        case Compound(tests=tests):
            for at, each in enumerate(tests):
                yield from _test(definition, each, f"{path}.{at}")
        case Comparison(fact=fact, parameter=parameter):
            yield from _known(definition, path, [fact], "facts")
            yield from _known(definition, path, [parameter], "parameters")
            yield from _comparable(definition, test, path)
        case PartsTest(least=least, most=most):
            if least == 0 and most is None:
                yield (
                    path,
                    "parts_always",
                    Words("parts 要写 at_least 或 at_most。", "parts needs at_least or at_most."),
                )


def _comparable(definition: Definition, test: Comparison, path: str) -> Iterator[Found]:
    fact, parameter = definition.facts.get(test.fact), definition.parameters.get(test.parameter)
    if fact and fact.kind == "time" and test.relation != "known":
        yield (
            path,
            "relation",
            Words("时间事实只能用 known。", "A fact of kind time is only asked whether it is known."),
        )
    if fact and parameter and test.relation != "known":
        wrong = [each for each in parameter.values if not _fits(fact.kind, each.value)]
        if wrong:
            yield (
                path,
                "parameter_kind",
                Words(f"参数“{parameter.id}”与事实“{fact.id}”（{fact.kind}）不是一类。",
                      f"The parameter “{parameter.id}” is not of the kind of the fact “{fact.id}” ({fact.kind})."),
            )  # fmt: skip


def _fits(kind: str, value: object) -> bool:
    if kind in ("number", "money"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, {"yes_no": bool, "text": str}.get(kind, type(None)))


def _subsidies(definition: Definition) -> Iterator[Found]:
    for subsidy in definition.subsidies.values():
        path = f"subsidies.{subsidy.id}"
        yield from _known(definition, f"{path}.base", [subsidy.base], "facts")
        named = (subsidy.share_least, subsidy.share_most, subsidy.cap)
        amounts = [each.amount for each in subsidy.instalments if isinstance(each.amount, str)]
        yield from _known(definition, path, [*named, *amounts], "parameters")
        yield from _known(
            definition, f"{path}.instalments", [each.step for each in subsidy.instalments], "transitions"
        )
        yield from _known(definition, f"{path}.source", [subsidy.source], "sources")
        if [each.amount for each in subsidy.instalments].count(None) != 1 or (
            subsidy.instalments[-1].amount is not None
        ):
            yield (
                f"{path}.instalments",
                "no_rest",
                Words(
                    "最后一期应是 amount: rest，且只有一期。",
                    "The last instalment, and only it, is amount: rest.",
                ),
            )


def _period(definition: Definition, path: str, period: Duration | str | None) -> Iterator[Found]:
    if not isinstance(period, str):
        return
    yield from _known(definition, path, [period], "parameters")
    parameter = definition.parameters.get(period)
    if parameter and not all(isinstance(each.value, Duration) for each in parameter.values):
        yield (
            path,
            "not_a_period",
            Words(f"参数“{period}”不是期限。", f"The parameter “{period}” is no period."),
        )


def _known(definition: Definition, path: str, ids: Sequence[str], section: str) -> Iterator[Found]:
    declared: Mapping[str, object] = getattr(definition, section)
    for name in ids:
        if name and name not in declared:
            yield _unknown(path, name, section, declared)


def _unknown(path: str, name: str, section: str, declared: Mapping[str, object]) -> Found:
    some = ", ".join(list(declared)[:8]) or "—"
    zh = f"“{name}”没有在 {section} 里声明。已声明：{some}。"
    return (
        path,
        f"unknown_{section}",
        Words(zh, f"“{name}” is not declared under {section}. Declared: {some}."),
    )


def _is_fired(definition: Definition, transition: str) -> bool:
    return any(transition in timer.fires for timer in definition.timers.values())


def _net(definition: Definition) -> Iterator[Found]:
    try:
        net = explore(definition)
    except TooLarge:
        yield (
            "states",
            "too_large",
            Words(
                "并行太多，无法检查；请拆成子流程。", "Too much is parallel to be checked; use sub-processes."
            ),
        )
        return
    seen: set[tuple[str, str]] = set()
    for found in net.collisions:
        if (found.transition, found.state) not in seen:
            seen.add((found.transition, found.state))
            yield (
                f"transitions.{found.transition}.to",
                "two_tokens",
                Words(
                    f"“{found.state}”里可能已有令牌，会重复。",
                    f"“{found.state}” may hold a token already; there would be two.",
                ),
            )
    if not seen:
        yield from _reached(definition, net)
        yield from _ended(definition, net)


def _reached(definition: Definition, net: Net) -> Iterator[Found]:
    reached = {state for marking in net.markings for state in marking}
    fired = {transition for following in net.firings.values() for transition, _after in following}
    for state in definition.states:
        if state not in reached:
            yield (
                f"states.{state}",
                "unreachable",
                Words(
                    f"从“{definition.start}”到不了“{state}”。",
                    f"“{state}” cannot be reached from “{definition.start}”.",
                ),
            )
    for transition in definition.transitions.values():
        if transition.id in fired or not set(transition.sources) <= reached:
            continue
        sources = "”和“".join(transition.sources)
        yield (
            f"transitions.{transition.id}",
            "dead_join",
            Words(
                f"“{sources}”永远不会同时有令牌，汇合走不通。",
                f"{' and '.join(transition.sources)} never hold tokens together; the join is dead.",
            ),
        )


def _ended(definition: Definition, net: Net) -> Iterator[Found]:
    ending = can_end(definition, net)
    stuck = sorted({state for marking in net.markings if marking not in ending for state in marking})
    for state in stuck:
        yield (
            f"states.{state}",
            "cannot_end",
            Words(
                f"到了“{state}”就可能走不到终点。请加一步通向终点。",
                f"Once in “{state}” no end may be reached. Add a step that leads to one.",
            ),
        )
    left_over = sorted(
        {
            state
            for marking in net.markings
            if len(marking) > 1
            for state in marking
            if definition.states[state].end
        }
    )
    for state in left_over:
        yield (
            f"states.{state}",
            "left_over",
            Words(f"到了终点“{state}”时别处可能还有令牌。先汇合，或给通向它的步骤加 cancels: yes。",
                  f"When the end “{state}” is reached, other parts may still run. Join them before, or give the step cancels: yes."),
        )  # fmt: skip
