"""What the clinic says, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from ronglian.apps.clinic.enums import Topic
from ronglian.engines.diagnosis import Question, Reason, Slot

QUESTIONS: Mapping[str, Promise] = {
    Topic.PROBLEM: _lazy("What goes wrong, where and since when?"),
    Topic.GOAL: _lazy("What is to be reached? Name figures with units: ≥ 95 %, ≤ 0.1 mg/L, 3 months."),
    Topic.ACCEPTANCE: _lazy("How will you test whether it was solved?"),
    Topic.OBJECT: _lazy(
        "Which product, part or process is it about? Choose what comes closest, or say it in your words."
    ),
    Topic.BASELINE: _lazy("What is the figure today?"),
    Topic.CONSTRAINT: _lazy("What must not change, and what must a solution fit into?"),
    Topic.CONDITION: _lazy("What can you offer a partner: equipment, samples, data, people?"),
    Topic.TRIED: _lazy("What was tried or is used today, and why is it not enough?"),
    Topic.BUDGET: _lazy("What may it cost in all? For example: budget 30万-50万元."),
    Topic.DEADLINE: _lazy("By when is it needed? For example: within 6 months."),
}
SLOTS: Mapping[str, Promise] = {
    Slot.OBJECT: _lazy("subject"),
    Slot.PROBLEM: _lazy("what is wrong"),
    Slot.BASELINE: _lazy("today"),
    Slot.GOAL: _lazy("goal"),
    Slot.CONSTRAINT: _lazy("constraint"),
    Slot.CONDITION: _lazy("what you offer"),
    Slot.TRIED: _lazy("tried"),
    Slot.ACCEPTANCE: _lazy("acceptance"),
    Slot.BUDGET: _lazy("budget"),
    Slot.DEADLINE: _lazy("deadline"),
    Slot.COOPERATION: _lazy("cooperation"),
    Slot.BACKGROUND: _lazy("background"),
}
CLARITY: Mapping[str, Promise] = {
    "measurable": _lazy("goals with figures"),
    "object": _lazy("the title names the thing"),
    "problem": _lazy("the trouble is named"),
    "plain": _lazy("plain words"),
    "relevant": _lazy("about the trouble, not the firm"),
}
REASONS: Mapping[Reason, Promise] = {
    Reason.CLEAR_ENOUGH: _lazy("It is clear and complete enough to be understood."),
    Reason.GOOD_MATCHES: _lazy("Results that fit well are registered."),
    Reason.UNCLEAR: _lazy("A stranger cannot tell yet what is wanted."),
    Reason.INCOMPLETE: _lazy("Too much is missing that a partner has to know."),
    Reason.NO_MATCHES: _lazy("No registered result fits well yet."),
    Reason.OTHERS_SAY_THE_SAME: _lazy("Other firms say the same: together they could share the cost."),
    Reason.KEY_PROBLEM: _lazy("It speaks of a key technology that is imported or monopolised."),
    Reason.FINANCE: _lazy("It asks for money. Banks, funds and the finance office handle that."),
    Reason.STAFF: _lazy("It asks for staff. The personnel office and universities handle that."),
    Reason.SALES: _lazy("It asks for customers. The commerce office and chambers of trade handle that."),
    Reason.PREMISES: _lazy("It asks for land or rooms. The park's administration handles that."),
    Reason.PURCHASE: _lazy("It asks for a purchase. A request for quotations is the way."),
}


def topic_name(topic: str) -> str:
    """A topic of the sheet by its name; a metric by its own."""
    return str(Topic(topic).label) if topic in Topic.values else topic


def clarity_name(part: str) -> str:
    """A part of the clarity score by its name."""
    return str(CLARITY[part])


def question_text(topic: str) -> str:
    """How it is asked."""
    if topic in QUESTIONS:
        return str(QUESTIONS[topic])
    return _("Other results state “%(metric)s”. What do you need?") % {"metric": topic}


def question_effect(question: Question) -> str:
    """Why it is asked now: what was measured, else what it adds to the completeness."""
    if question.changed is not None and question.changed >= 0.5:
        number = round(question.changed)
        return ngettext(
            "Stating it would change about %(number)d of your top 10.",
            "Stating it would change about %(number)d of your top 10.",
            number,
        ) % {"number": number}
    if question.points:
        return _("+%(points)d completeness") % {"points": round(question.points)}
    return _("It would change little in your top 10.")
