"""The law as data: read it, ask it. Anybody may; nothing is written."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext
from ninja import Query, Router

from ronglian.api.authentication import ApiRequest
from ronglian.api.calling import repeatable
from ronglian.api.rules.schemas import (
    ChecklistShown,
    InputShown,
    ItemShown,
    ParameterShown,
    Question,
    ReasonShown,
    RuleAnswerShown,
    RulebookShown,
    RuleEntryShown,
    RuleFilters,
    RuleListFilters,
    RuleShown,
    TextShown,
    VersionShown,
)
from ronglian.engines.rules import (
    ChecklistVersion,
    InputProblem,
    InputSpec,
    Parameter,
    ParameterVersion,
    Reason,
    Rule,
    Rulebook,
    Text,
    Unknown,
    UnknownName,
    Version,
    answer_document,
    evaluate_rule,
    find_checklist,
    find_formula,
    inputs_of,
    parameter_version_document,
    resolve,
    resolved_document,
    trace,
    value_document,
    version_document,
    word_problem,
    word_reason,
)
from ronglian.kernel.errors import InvalidInput, NotFound
from ronglian.rulebook import load_rulebook

router = Router(tags=["rules"])


@router.get("", response=RulebookShown, operation_id="list_rules", summary="What the law says, as data")
def list_rules(request: ApiRequest, filters: Query[RuleListFilters]) -> Any:
    """Parameters with their values at a place on a date, rules with what they ask for, checklists."""
    filters.check_names(request)
    book = load_rulebook()
    on, place = _day(filters.date), _place(book, filters.place)

    def wanted(topic: str) -> bool:
        return not filters.topic or topic == filters.topic

    parameters = [
        _parameter(book, each, on, place) for each in book.parameters.values() if wanted(each.topic)
    ]
    rules = [_rule(book, each, on, place) for each in book.rules.values() if wanted(each.topic)]
    return RulebookShown(
        version=book.version,
        date=on,
        place=place,
        places={one.id: _text(one.name) for one in book.jurisdictions.values()},
        topics={name: _text(title) for name, title in book.topics.items()},
        parameters=[each for each in parameters if filters.everywhere or each.value is not None or each.open],
        rules=[each for each in rules if filters.everywhere or each.has_formula],
        checklists=[
            ChecklistShown(id=each.id, topic=each.topic, title=_text(each.title))
            for each in book.checklists.values()
            if wanted(each.topic)
        ],
    )


@router.get(
    "/{str:name}",
    response=RuleEntryShown,
    operation_id="get_rule",
    summary="Read one parameter, rule or checklist",
)
def get_rule(request: ApiRequest, name: str, filters: Query[RuleFilters]) -> Any:
    """With every version, at every place, and how sure each is."""
    filters.check_names(request)
    book = load_rulebook()
    on, place = _day(filters.date), _place(book, filters.place)
    if name in book.parameters:
        parameter = book.parameters[name]
        versions = [_parameter_version(version, parameter) for version in parameter.versions]
        return RuleEntryShown(parameter=_parameter(book, parameter, on, place), versions=versions)
    if name in book.rules:
        rule = book.rules[name]
        return RuleEntryShown(
            rule=_rule(book, rule, on, place), versions=[_version(one) for one in rule.versions]
        )
    if name not in book.checklists:
        raise NotFound
    checklist = book.checklists[name]
    found = find_checklist(book, name, on=on, place=place)
    return RuleEntryShown(
        checklist=ChecklistShown(id=checklist.id, topic=checklist.topic, title=_text(checklist.title)),
        items=_items(found.version),
        versions=[_version(one) for one in checklist.versions],
    )


@router.post(
    "/{str:name}/evaluate", response=RuleAnswerShown, operation_id="evaluate_rule", summary="Ask a rule"
)
@repeatable
def evaluate(request: ApiRequest, name: str, body: Question) -> Any:
    """Changes nothing and needs no token. What the law leaves open is an answer: `is_determined` false, with reasons."""
    book = load_rulebook()
    if name not in book.rules:
        raise NotFound
    place = _place(book, body.place)
    try:
        answer = evaluate_rule(
            book, name, on=_day(body.date), place=place, inputs=body.inputs, provisional=body.provisional
        )
    except InputProblem as problem:
        wrong = {f"inputs.{key}": [word_problem(each, gettext)] for key, each in problem.problems.items()}
        raise InvalidInput.of(wrong) from problem
    lines = trace(book, answer, gettext, language=get_language() or "zh")
    return RuleAnswerShown(
        **{**answer_document(book, answer), "reasons": _reasons(book, answer.reasons)},
        trace=[f"{'  ' * line.depth}{line.text}" for line in lines],
    )


def _day(on: date | None) -> date:
    return on or timezone.localdate()


def _place(book: Rulebook, place: str) -> str:
    try:
        return book.jurisdiction(place).id
    except UnknownName as problem:
        known = ", ".join(book.jurisdictions)
        message = gettext(
            "%(place)s is no place of the rulebook. Known are %(known)s, and GB/T 2260 codes in them."
        )
        raise InvalidInput.of({"place": [message % {"place": place, "known": known}]}) from problem


def _text(text: Text) -> TextShown:
    return TextShown(zh=text.zh, en=text.en)


def _reasons(book: Rulebook, reasons: tuple[Reason, ...]) -> list[ReasonShown]:
    language = get_language() or "zh"
    return [
        ReasonShown(
            why=reason.why.value,
            text=word_reason(book, reason, gettext, language=language),
            subject=reason.subject,
            versions=list(reason.versions),
        )
        for reason in reasons
    ]


def _parameter(book: Rulebook, parameter: Parameter, on: date, place: str) -> ParameterShown:
    resolved = resolve(book, parameter.id, on=on, place=place)
    reasons = resolved.value.reasons if isinstance(resolved.value, Unknown) else ()
    return ParameterShown(**{**resolved_document(resolved), "reasons": _reasons(book, reasons)})


def _rule(book: Rulebook, rule: Rule, on: date, place: str) -> RuleShown:
    return RuleShown(
        id=rule.id,
        topic=rule.topic,
        title=_text(rule.title),
        gives=rule.unit.value,
        has_formula=find_formula(book, rule, on=on, place=place, provisional=True).version is not None,
        inputs=[_input(spec) for spec in inputs_of(book, rule.id, on=on, place=place)],
    )


def _input(spec: InputSpec) -> InputShown:
    return InputShown(
        id=spec.id,
        title=_text(spec.title),
        unit=spec.unit.value,
        choices={name: _text(text) for name, text in spec.choices.items()},
        default=None if spec.default is None else value_document(spec.default, spec.unit),
    )


def _version(version: Version) -> VersionShown:
    return VersionShown(**version_document(version))


def _parameter_version(version: ParameterVersion, parameter: Parameter) -> VersionShown:
    return VersionShown(**parameter_version_document(version, parameter.unit))


def _items(version: ChecklistVersion | None) -> list[ItemShown]:
    return [
        ItemShown(
            id=item.id,
            matter=_text(item.matter),
            says=_text(item.says),
            article=item.article,
            kinds=list(item.kinds),
        )
        for item in (version.items if version else ())
    ]
