"""Reading the conditions of a definition: trees of comparisons over declared facts (读入守卫条件)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ronglian.engines.process.definition import (
    OUTCOMES,
    Comparison,
    Compound,
    Fact,
    Guard,
    Outcome,
    Parameter,
    PartsTest,
    Test,
    Value,
)
from ronglian.engines.process.fields import Fields, read_value

RELATIONS = ("is", "is_not", "at_least", "at_most", "more_than", "less_than", "one_of", "known")
ORDERED = frozenset({"at_least", "at_most", "more_than", "less_than"})


def read_guard(
    name: str, said: Fields, facts: Mapping[str, Fact], parameters: Mapping[str, Parameter]
) -> Guard:
    guard = Guard(name, said.words(), _test(said.at("when"), facts, parameters), said.text("source", ""))
    said.only()
    return guard


def _test(said: Fields, facts: Mapping[str, Fact], parameters: Mapping[str, Parameter]) -> Test:
    for how in ("all", "any", "none"):
        if said.has(how):
            return Compound(cast(Any, how), _tests(said, how, facts, parameters))
    if said.has("parts"):
        test = PartsTest(
            outcome=cast(Outcome, said.text("parts")),
            least=said.whole("at_least", 0),
            most=said.whole("at_most") if said.has("at_most") else None,
        )
        if test.outcome not in OUTCOMES:
            said.fault(
                "outcome",
                f"parts 应是 {'、'.join(OUTCOMES)} 之一。",
                f"parts is one of {', '.join(OUTCOMES)}.",
                "parts",
            )
        said.only()
        return test
    return _comparison(said, facts, parameters)


def _tests(
    said: Fields, how: str, facts: Mapping[str, Fact], parameters: Mapping[str, Parameter]
) -> tuple[Test, ...]:
    inner = said.at(how)
    nodes = inner.node.value
    said.only()
    if isinstance(nodes, str | Mapping) or not nodes:
        inner.fault("tests", f"{how} 后面是条件的列表。", f"{how} holds a list of tests.")
        return ()
    return tuple(
        _test(Fields(node, f"{inner.path}.{at}", said.file, said.faults), facts, parameters)
        for at, node in enumerate(nodes)
    )


def _comparison(said: Fields, facts: Mapping[str, Fact], parameters: Mapping[str, Parameter]) -> Comparison:
    fact = facts.get(said.text("fact"))
    named = [relation for relation in RELATIONS if said.has(relation)]
    if fact is None:
        said.fault("unknown_fact", f"事实“{said.text('fact', '')}”没有在 facts 里声明。",
                   f"The fact “{said.text('fact', '')}” is not declared under facts.", "fact")  # fmt: skip
    if len(named) != 1:
        said.fault(
            "relation",
            f"条件要有一个比较：{'、'.join(RELATIONS)}。",
            f"A test has one relation: {', '.join(RELATIONS)}.",
        )
    if fact is None or len(named) != 1:
        return Comparison("", "is")
    relation = named[0]
    said.only()
    if relation in ORDERED and fact.kind in ("yes_no", "text"):
        said.fault(
            "relation",
            f"“{relation}”不能用于 {fact.kind}。",
            f"“{relation}” does not go with {fact.kind}.",
            relation,
        )
    texts = said.texts(relation)
    if relation != "one_of" and len(texts) == 1 and texts[0] in parameters:
        return Comparison(fact.id, cast(Any, relation), parameter=texts[0])
    values = tuple(read_value(text, "yes_no" if relation == "known" else fact.kind) for text in texts)
    if not values or None in values or (relation != "one_of" and len(values) != 1):
        said.fault("literal", f"“{relation}”后面应是 {fact.kind} 的值或参数编号。",
                   f"“{relation}” is followed by a value of kind {fact.kind} or by a parameter.", relation)  # fmt: skip
        return Comparison(fact.id, cast(Any, relation))
    known = cast(tuple[Value, ...], values)
    return Comparison(fact.id, cast(Any, relation), known if relation == "one_of" else known[0])
