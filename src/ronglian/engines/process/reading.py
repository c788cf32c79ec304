"""From the text of a file to a definition, with every fault named by line and path (读入流程定义)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from ronglian.engines.process.checking import check_definition
from ronglian.engines.process.conditions import read_guard
from ronglian.engines.process.definition import (
    FACT_KINDS,
    OUTCOMES,
    UNITS,
    Dated,
    Definition,
    Duration,
    Expected,
    Fact,
    FactKind,
    Instalment,
    Migration,
    Named,
    Outcome,
    Parameter,
    Source,
    State,
    Subsidy,
    Timer,
    Transition,
    Value,
)
from ronglian.engines.process.faults import Fault, Faulty
from ronglian.engines.process.fields import Fields, read_value
from ronglian.engines.text.outline import Node, OutlineError, read_outline
from ronglian.engines.text.wording import Words

CONFIDENCES = ("high", "medium", "low", "own")


def read_definition(text: str, file: str) -> Definition:
    """The definition that the text says. Raises Faulty with everything that is wrong with it."""
    faults: list[Fault] = []
    try:
        root = read_outline(text)
    except OutlineError as error:
        raise Faulty([Fault.of_outline(file, error)]) from error
    if not isinstance(root.value, Mapping):
        words = Words("文件应是“键: 值”的映射。", "The file is a mapping of keys.")
        raise Faulty([Fault(file, root.line, "", "mapping", words)])
    definition = _definition(Fields(root, "", file, faults))
    if faults:
        raise Faulty(faults)
    checked = check_definition(definition)
    if checked:
        raise Faulty([Fault(file, line_of(root, path), path, code, words) for path, code, words in checked])
    return definition


def line_of(root: Node, path: str) -> int:
    """The line on which the node of that path stands, or the nearest above it that is there."""
    node = root
    for part in path.split("."):
        if isinstance(node.value, Mapping) and part in node.value:
            node = node.value[part]
        else:
            break
    return node.line


def _definition(top: Fields) -> Definition:
    kinds = {name: _fact(name, each) for name, each in top.each("facts")}
    parameters = {name: _parameter(name, each) for name, each in top.each("parameters")}
    confidence = top.text("confidence")
    if confidence and confidence not in CONFIDENCES:
        top.fault(
            "confidence",
            "confidence 应是 high、medium、low 或 own。",
            "confidence is high, medium, low or own.",
            "confidence",
        )
    definition = Definition(
        id=top.text("process"),
        version=top.whole("version"),
        name=top.at("name").words(),
        summary=top.at("summary").words(),
        kind=top.text("kind"),
        jurisdiction=top.text("jurisdiction"),
        valid_from=top.day("valid_from"),
        valid_to=top.day("valid_to"),
        confidence=confidence,
        calendar=top.text("calendar"),
        start=top.text("start"),
        states={name: _state(name, each) for name, each in top.each("states")},
        transitions={name: _transition(name, each) for name, each in top.each("transitions")},
        roles={name: _named(name, each) for name, each in top.each("roles")},
        facts=kinds,
        parameters=parameters,
        guards={name: read_guard(name, each, kinds, parameters) for name, each in top.each("guards")},
        documents={name: _named(name, each) for name, each in top.each("documents")},
        timers={name: _timer(name, each) for name, each in top.each("timers")},
        subsidies={name: _subsidy(name, each) for name, each in top.each("subsidies")},
        sources={name: _source(name, each) for name, each in top.each("sources")},
        migration=_migration(top.at("migrates")) if top.has("migrates") else None,
    )
    top.only()
    return definition


def _named(name: str, said: Fields) -> Named:
    named = Named(name, said.words())
    said.only()
    return named


def _source(name: str, said: Fields) -> Source:
    source = Source(
        name, said.words(), said.day("issued"), said.text("issuer", ""), said.text("place", ""), said.note()
    )
    said.only()
    return source


def _fact(name: str, said: Fields) -> Fact:
    kind = said.text("kind")
    if kind and kind not in FACT_KINDS:
        said.fault(
            "fact_kind",
            f"kind 应是 {'、'.join(FACT_KINDS)} 之一。",
            f"kind is one of {', '.join(FACT_KINDS)}.",
            "kind",
        )
    fact = Fact(name, said.words(), kind if kind in FACT_KINDS else "text")
    said.only()
    return fact


def _parameter(name: str, said: Fields) -> Parameter:
    """One value for as long as the definition holds, or dated ones in `values`."""
    words, source = said.words(), said.text("source", "")
    if said.has("values"):
        inner = said.at("values")
        nodes = inner.node.value
        listed = [] if isinstance(nodes, str | Mapping) else nodes
        if not listed:
            inner.fault(
                "values",
                "values 是列表，每项有 value 和 from。",
                "values is a list; each item has a value and a from.",
            )
        values = tuple(
            _dated(Fields(node, f"{inner.path}.{at}", said.file, said.faults))
            for at, node in enumerate(listed)
        )
    else:
        values = (Dated(_parameter_value(said), None, None),)
    unit = _unit(said)
    said.only()
    return Parameter(name, words, values, source, unit)


def _unit(said: Fields) -> str:
    """What stands behind the number of the first value."""
    node = said.at("values").node.value if said.has("values") else None
    inner = node[0].value if node and not isinstance(node, str | Mapping) else said.node.value
    value = inner.get("value") if isinstance(inner, Mapping) else None
    text = value.value if value is not None and isinstance(value.value, str) else ""
    return "yuan" if text.endswith((" yuan", " 万元")) else "%" if text.endswith(" %") else ""


def _dated(said: Fields) -> Dated:
    dated = Dated(_parameter_value(said), said.day("from"), said.day("until"))
    said.only()
    return dated


def _parameter_value(said: Fields) -> Value | Duration:
    """`{days: 5}`, `100 yuan`, `20 %`, a number, yes or no."""
    inner = said.at("value")
    node = inner.node.value
    if isinstance(node, Mapping) and set(node) & set(UNITS):
        period = inner.period()
        return period if isinstance(period, Duration) else Duration(1, "days")
    text = node if isinstance(node, str) else ""
    kinds: tuple[FactKind, ...] = ("money", "number", "yes_no")
    for kind in kinds:
        value = read_value(text.removesuffix(" %"), kind)
        if value is not None:
            return value
    said.fault("value", "value 应是金额（100 yuan）、数、百分比（20 %）、yes/no 或期限（{days: 5}）。",
               "value is money (100 yuan), a number, a percentage (20 %), yes/no or a period ({days: 5}).", "value")  # fmt: skip
    return 0


def _state(name: str, said: Fields) -> State:
    end = said.text("end", "") or None
    if end is not None and end not in OUTCOMES:
        said.fault(
            "outcome",
            f"end 应是 {'、'.join(OUTCOMES)} 之一。",
            f"end is one of {', '.join(OUTCOMES)}.",
            "end",
        )
    state = State(
        name,
        said.words(),
        said.text("stage", ""),
        cast(Outcome | None, end),
        said.text("parts", ""),
        said.note(),
    )
    said.only()
    return state


def _transition(name: str, said: Fields) -> Transition:
    is_any = said.has("from_any")
    if is_any == said.has("from"):
        said.fault("from", "要写 from（一个或并行汇合）或 from_any（任选其一），两者只写一个。",
                   "Write from (one, or a join) or from_any (one of several), and not both.")  # fmt: skip
    transition = Transition(
        id=name,
        name=said.words(),
        sources=said.ids("from_any" if is_any else "from"),
        targets=said.ids("to", required=True),
        roles=said.ids("roles"),
        is_any=is_any,
        guards=said.ids("guards"),
        produces=said.ids("produces"),
        not_before=said.at("not_before").period() if said.has("not_before") else None,
        cancels=said.yes("cancels"),
        source=said.text("source", ""),
        note=said.note(),
        expects=_expected(said.at("expects")) if said.has("expects") else Expected(),
    )
    said.only()
    return transition


def _expected(said: Fields) -> Expected:
    days = (0.0, 0.0, 0.0)
    if said.has("days"):
        read = [read_value(text, "number") for text in said.texts("days")]
        if len(read) == 3 and all(isinstance(each, int | float) for each in read):
            least, likely, most = (float(cast(float, each)) for each in read)
            days = (least, likely, most)
        if len(read) != 3 or not 0 <= days[0] <= days[1] <= days[2]:
            said.fault(
                "expects",
                "days 是 [最少, 最可能, 最多] 三个递增的天数。",
                "days is [least, likely, most], three rising numbers.",
                "days",
            )
    share = read_value(said.text("share", "1"), "number")
    if not isinstance(share, int | float) or share < 0:
        said.fault("expects", "share 是非负数。", "share is a number from 0 on.", "share")
        share = 1
    said.only()
    return Expected(days, float(share))


def _timer(name: str, said: Fields) -> Timer:
    if said.has("after") == said.has("at"):
        said.fault(
            "after",
            "要写 after（期限）或 at（时间事实）之一。",
            "Write after (a period) or at (a fact of kind time), one of them.",
        )
    timer = Timer(
        id=name,
        name=said.words(),
        state=said.text("in"),
        after=said.at("after").period() if said.has("after") else None,
        at=said.text("at", ""),
        fires=said.ids("fires"),
        reminds=said.ids("reminds"),
        source=said.text("source", ""),
    )
    said.only()
    return timer


def _subsidy(name: str, said: Fields) -> Subsidy:
    inner = said.at("instalments")
    nodes = inner.node.value
    listed = [] if isinstance(nodes, str | Mapping) else nodes
    if not listed:
        inner.fault(
            "instalments",
            "instalments 是列表，每项有 step 和 amount。",
            "instalments is a list; each item has a step and an amount.",
        )
    instalments = []
    for at, node in enumerate(listed):
        one = Fields(node, f"{inner.path}.{at}", said.file, said.faults)
        amount = one.text("amount")
        fixed = read_value(amount, "money")
        instalments.append(
            Instalment(
                one.text("step"), None if amount == "rest" else fixed if isinstance(fixed, int) else amount
            )
        )
        one.only()
    subsidy = Subsidy(
        id=name,
        name=said.words(),
        base=said.text("base"),
        share_least=said.text("share_least"),
        share_most=said.text("share_most"),
        cap=said.text("cap"),
        instalments=tuple(instalments),
        source=said.text("source", ""),
    )
    said.only()
    return subsidy


def _migration(said: Fields) -> Migration:
    states = {name: str(inner.node.value) for name, inner in said.each("states")}
    migration = Migration(said.whole("from_version"), states)
    said.only()
    return migration
