"""Which questions run through which function: a fault in it can be seen by those alone, so only they are asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from tests.authorization.mutants import Mutant, living, reporting
from tests.authorization.policy import Question, Row, actors
from tests.authorization.world import World

Cell = tuple[Row, str]


class Reach:
    """The answers of the policy as it is, and for each function those questions that ran through it."""

    def __init__(self, world: World, questions: Sequence[Question]) -> None:
        self.world = world
        self.answers: dict[Cell, str] = {}
        self._through: dict[str, list[Question]] = {}
        with reporting() as ran:
            self._actors = actors(world)
            self._of_actors = frozenset(ran)
            for question in questions:
                ran.clear()
                for row, column, answer in question.cells(self._actors):
                    self.answers[row, column] = answer
                for name in ran:
                    self._through.setdefault(name, []).append(question)
        for name in self._of_actors:
            self._through[name] = list(questions)

    def reaching(self, mutant: Mutant) -> list[Question]:
        return self._through.get(mutant.of, [])

    def notice(self, mutant: Mutant) -> str:
        """The first cell that is not as it was, or the error there was; empty where nothing is noticed."""
        # The rule of the same name tells most; what leads through it by way of others comes after.
        own = mutant.of.rpartition(".")[2]
        asked = sorted(self.reaching(mutant), key=lambda question: question.name.rpartition(".")[2] != own)
        with living(mutant):
            try:
                with transaction.atomic():
                    through = actors(self.world) if mutant.of in self._of_actors else self._actors
                    for question in asked:
                        for row, column, answer in question.cells(through):
                            if self.answers.get((row, column)) != answer:
                                return f"{row} {column}: {answer}"
            except Exception as error:
                return f"{type(error).__name__}: {error}"
        return ""


def table_of(answers: Mapping[Cell, str]) -> dict[Row, dict[str, str]]:
    """The answers by row; a cell that nobody is asked for is empty."""
    table: dict[Row, dict[str, str]] = {}
    for (row, column), answer in answers.items():
        table.setdefault(row, {})[column] = answer
    return table
