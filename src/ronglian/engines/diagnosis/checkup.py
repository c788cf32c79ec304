"""A check-up of an enterprise: which answers point to a trouble that nobody has told yet (企业体检).

The questions are data (a version, the day it holds from, a source). A choice points to a trouble where the data say so, with how much it
presses (1 worth a question, 2 presses) and why; nothing is inferred, added up or weighted beside that, so each finding can be
read off the questionnaire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Choice:
    """选项. `trouble` is 0 where it points to none; else `why` is the reason."""

    id: str
    text: Words
    trouble: int = 0
    why: Words | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """问题. `title` heads a consultation about it where the enterprise has written nothing."""

    id: str
    text: Words
    title: Words
    choices: tuple[Choice, ...]

    def choice(self, key: str) -> Choice | None:
        return next((each for each in self.choices if each.id == key), None)


@dataclass(frozen=True, slots=True)
class Section:
    """部分."""

    id: str
    text: Words
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """问卷, as dated data."""

    version: str
    valid_from: date
    source: str
    sections: tuple[Section, ...]

    def question(self, key: str) -> Question | None:
        return next((each for section in self.sections for each in section.questions if each.id == key), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was chosen, and the enterprise's own words beside it."""

    choice: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An answer that points to a trouble (隐性需求): which, why, and how much it presses."""

    section: Section
    question: Question
    choice: Choice
    words: str

    def title(self, language: str) -> str:
        """In one line: the first line of the own words, else what the questionnaire calls it."""
        first = self.words.strip().partition("\n")[0].strip()
        return first if 0 < len(first) <= LONGEST_TITLE else self.question.title.said(language)


def read_questionnaire(told: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire in the data. Raises ValueError for ids that stand twice, and for a trouble without a reason."""
    sections = tuple(
        Section(each["id"], _words(each), tuple(_question(one) for one in each["questions"]))
        for each in told["sections"]
    )
    ids = [one.id for section in sections for one in section.questions]
    if len(set(ids)) < len(ids):
        raise ValueError("a question stands twice")
    return Questionnaire(str(told["version"]), told["valid_from"], str(told["source"]), sections)


def find_troubles(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[Trouble, ...]:
    """Each answer that points to a trouble: what presses first, else in the order of the questions. Unknown answers say nothing."""
    found = []
    for section in questionnaire.sections:
        for question in section.questions:
            answer = answers.get(question.id)
            choice = question.choice(answer.choice) if answer else None
            if answer is not None and choice is not None and choice.trouble:
                found.append(Trouble(section, question, choice, answer.words))
    return tuple(sorted(found, key=lambda each: -each.choice.trouble))


def _question(told: Mapping[str, Any]) -> Question:
    choices = tuple(_choice(each) for each in told["choices"])
    if len({each.id for each in choices}) < len(choices):
        raise ValueError(f"a choice of {told['id']} stands twice")
    return Question(told["id"], _words(told), _words(told["title"]), choices)


def _choice(told: Mapping[str, Any]) -> Choice:
    trouble = int(told.get("trouble", 0))
    if bool(trouble) != ("why" in told) or trouble not in (0, 1, 2):
        raise ValueError(
            f"the choice {told['id']} points to a trouble without a reason, or the other way round"
        )
    return Choice(told["id"], _words(told), trouble, _words(told["why"]) if trouble else None)


def _words(told: Mapping[str, Any]) -> Words:
    return Words(str(told["zh"]), str(told["en"]))
