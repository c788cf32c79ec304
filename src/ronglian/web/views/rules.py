"""规则库: what the law says at a place on a date, with its source, and a form that asks it. Public; writes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from ronglian.engines.rules import (
    Answer,
    InputProblem,
    UnknownName,
    evaluate_rule,
    find_checklist,
    find_formula,
    resolve,
    word_article,
    word_reason,
)
from ronglian.kernel.errors import NotFound
from ronglian.rulebook import load_rulebook
from ronglian.web.context import short_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters import rules as presenter
from ronglian.web.presenters.rules import Where


@require_safe
def list_page(request: ActorRequest) -> HttpResponse:
    """By topic: values with document, article and how sure; rules to ask; checklists."""
    where, problem = _where(request)
    topic = request.GET.get("topic", "")
    topic = topic if topic in where.book.topics else ""
    everywhere = request.GET.get("all") == "1"
    context = {
        **_frame(where, problem),
        "topic": topic,
        "topics": [(name, title.in_language(short_language())) for name, title in where.book.topics.items()],
        "everywhere": everywhere,
        "sections": presenter.sections(where, topic=topic, everywhere=everywhere),
        "count": len(where.book.cases),
    }
    return render(request, "web/rules.html", context)


@require_safe
def show_page(request: ActorRequest, name: str) -> HttpResponse:
    """One parameter, rule or checklist with its history; a rule can be tried."""
    where, problem = _where(request)
    book = where.book
    if name in book.rules:
        return _show_rule(request, where, problem, name)
    if name in book.parameters:
        return _show_parameter(request, where, problem, name)
    if name in book.checklists:
        return _show_checklist(request, where, problem, name)
    raise NotFound


def _show_rule(request: ActorRequest, where: Where, problem: str, name: str) -> HttpResponse:
    rule = where.book.rules[name]
    told = presenter.told_of(rule, request.GET.dict())
    answer, wrong = _ask(
        where, name, presenter.readable(rule, told), asked="ask" in request.GET or bool(told)
    )
    provisional = None
    if answer is not None and not answer.is_determined:
        provisional, _wrong = _ask(where, name, presenter.readable(rule, told), asked=True, provisional=True)
    found = find_formula(where.book, rule, on=where.on, place=where.place, provisional=True)
    context = {
        **_frame(where, problem),
        "name": name,
        "title": rule.title.in_language(short_language()),
        "topic": where.book.topics[rule.topic].in_language(short_language()),
        "formula": found.version,
        "questions": presenter.questions(where, rule, told, wrong),
        "wrong": bool(wrong),
        "answer": presenter.shown(where, answer, provisional) if answer else None,
        "versions": presenter.versions(where.book, rule.versions),
        "examples": presenter.examples(where, rule),
    }
    return render(request, "web/rule.html", context, status=422 if wrong else 200)


def _ask(
    where: Where, name: str, told: dict[str, object], *, asked: bool, provisional: bool = False
) -> tuple[Answer | None, InputProblem | None]:
    if not asked:
        return None, None
    try:
        answer = evaluate_rule(
            where.book, name, on=where.on, place=where.place, inputs=told, provisional=provisional
        )
    except InputProblem as problem:
        return None, problem
    return answer, None


def _show_parameter(request: ActorRequest, where: Where, problem: str, name: str) -> HttpResponse:
    parameter = where.book.parameters[name]
    resolved = resolve(where.book, name, on=where.on, place=where.place)
    reasons = getattr(resolved.value, "reasons", ())
    context = {
        **_frame(where, problem),
        "name": name,
        "title": parameter.title.in_language(short_language()),
        "topic": where.book.topics[parameter.topic].in_language(short_language()),
        "value": where.said(resolved.value, parameter.unit),
        "advised": where.said(resolved.advised.value, parameter.unit) if resolved.advised else "",
        "reasons": [word_reason(where.book, each, gettext, language=short_language()) for each in reasons],
        "versions": presenter.versions(where.book, parameter.versions, parameter.unit),
    }
    return render(request, "web/parameter.html", context)


def _show_checklist(request: ActorRequest, where: Where, problem: str, name: str) -> HttpResponse:
    checklist = where.book.checklists[name]
    found = find_checklist(where.book, name, on=where.on, place=where.place)
    version = found.version or next(iter(reversed(found.open)), None)
    language = short_language()
    context = {
        **_frame(where, problem),
        "name": name,
        "title": checklist.title.in_language(language),
        "topic": where.book.topics[checklist.topic].in_language(language),
        "is_open": found.version is None,
        "reasons": [word_reason(where.book, each, gettext, language=language) for each in found.reasons],
        "items": [
            {
                "matter": item.matter.in_language(language),
                "says": item.says.in_language(language),
                "article": word_article(item.article, language),
            }
            for item in (version.items if version else ())
        ],
        "versions": presenter.versions(where.book, checklist.versions),
    }
    return render(request, "web/checklist.html", context)


def _where(request: ActorRequest) -> tuple[Where, str]:
    """Place and day of the address; the nation and today where they cannot be read, with a word about it."""
    book, problem = load_rulebook(), ""
    place = request.GET.get("place", "").strip() or "cn"
    try:
        place = book.jurisdiction(place).id
    except UnknownName:
        problem, place = gettext("This place is not in the rulebook; shown is the nation."), "cn"
    on = timezone.localdate()
    if written := request.GET.get("date", "").strip():
        try:
            on = date.fromisoformat(written)
        except ValueError:
            problem = gettext("This day cannot be read; shown is today. Write it as 2026-01-31.")
    return Where(book, on, place), problem


def _frame(where: Where, problem: str) -> dict[str, Any]:
    language = short_language()
    return {
        "where": where,
        "place_name": where.book.jurisdictions[where.place].name.in_language(language),
        "places": [(one.id, one.name.in_language(language)) for one in where.book.jurisdictions.values()],
        "problem": problem,
        "book_version": where.book.version,
    }
