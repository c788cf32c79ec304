"""A check-up: begun, filled in, and what it finds brought to the clinic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.operations.consultations import open_consultation
from ronglian.apps.prospecting.checkup_rules import may_fill_in, may_open_checkup
from ronglian.apps.prospecting.models import Checkup, CheckupFinding
from ronglian.apps.prospecting.queries.checkups import troubles_of
from ronglian.apps.prospecting.questionnaire import questionnaire_on, questionnaires
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, RuleViolation, StaleVersion, Text
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record


@operation("checkup.open", target="owner", allowed=may_open_checkup)
def open_checkup(*, actor: Actor, owner: Organisation) -> Checkup:
    """Begin one with the questionnaire that holds today."""
    version = questionnaire_on(timezone.localdate()).version
    checkup = Checkup(owner=owner, questionnaire=version, opened_by=actor.label)
    clean_record(checkup)
    checkup.save(force_insert=True)
    record_event(actor, "checkup.opened", checkup, {"questionnaire": version})
    return checkup


@operation("checkup.answer", target="checkup", allowed=may_fill_in)
def answer_checkup(
    *, actor: Actor, checkup: Checkup, answers: Mapping[str, Mapping[str, str]], version: int | None = None
) -> Checkup:
    """Answer some of the questions: `answers` has `choice` and `words` by question; an empty choice takes the answer back."""
    if version is not None and version != checkup.version:
        raise StaleVersion
    asked = questionnaires()[checkup.questionnaire]
    kept: dict[str, Any] = dict(checkup.answers)
    problems: dict[str, list[Text]] = {}
    for key, told in answers.items():
        question = asked.question(key)
        choice, words = str(told.get("choice", "")), str(clean_json(told.get("words", "")))
        if question is None:
            problems[key] = [_("There is no such question.")]
        elif not choice:
            if words:
                problems[key] = [_("Choose an answer beside your words.")]
            kept.pop(key, None)
        elif question.choice(choice) is None:
            problems[key] = [_("There is no such answer.")]
        else:
            kept[key] = {"choice": choice, "words": words}
    if problems:
        raise InvalidInput.of(problems)
    told_all: Any = kept
    checkup.answers = told_all
    checkup.version += 1
    clean_record(checkup)
    checkup.save(force_update=True)
    record_event(actor, "checkup.answered", checkup, {"answered": len(kept)})
    return checkup


@operation("checkup.bring", target="checkup", allowed=may_fill_in)
def bring_to_clinic(*, actor: Actor, checkup: Checkup, question: str) -> CheckupFinding:
    """Make a consultation of what an answer points to, in the enterprise's own words; each at most once."""
    trouble = next((each for each in troubles_of(checkup) if each.question.id == question), None)
    if trouble is None:
        raise RuleViolation(_("This answer points to no trouble. Tell it in the clinic if it is one."))
    if CheckupFinding.objects.filter(checkup=checkup, question=question).exists():
        raise Conflict(_("This is in the clinic already."))
    language = "en" if (get_language() or "").startswith("en") else "zh"
    said = f"{trouble.question.text.said(language)} {trouble.choice.text.said(language)}"
    words = f"{trouble.words}\n{said}" if trouble.words else said
    consultation = open_consultation(
        actor=actor, owner=checkup.owner, title=trouble.title(language), words=words
    )
    finding = CheckupFinding(checkup=checkup, question=question, consultation=consultation)
    clean_record(finding)
    finding.save(force_insert=True)
    record_event(actor, "checkupfinding.brought", finding)
    return finding
