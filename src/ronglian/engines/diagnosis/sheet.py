"""The need sheet that the clinic reads out of an enterprise's own words (需求诊断单)."""

from dataclasses import dataclass
from enum import StrEnum

from ronglian.engines.text import Metric, Unread


class Slot(StrEnum):
    """What a need sheet has to tell (诊断要素), in the order of the sheet."""

    OBJECT = "object"
    PROBLEM = "problem"
    BASELINE = "baseline"
    GOAL = "goal"
    CONSTRAINT = "constraint"
    CONDITION = "condition"
    TRIED = "tried"
    ACCEPTANCE = "acceptance"
    BUDGET = "budget"
    DEADLINE = "deadline"
    COOPERATION = "cooperation"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence as it was typed, and what it tells (语段).

    ``start`` and ``end`` are positions in the text; the passages of a sheet follow each other without a gap, so no
    word is lost. ``slots`` is empty where nothing was understood; the first is what the sentence mainly says. ``by``
    tells why: the words that gave it away, or the heading it stands under.
    """

    start: int
    end: int
    text: str
    slots: tuple[Slot, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A budget in fen with the words it was read from; None where no bound is stated (预算)."""

    low_fen: int | None
    high_fen: int | None
    verbatim: str


@dataclass(frozen=True, slots=True)
class NeedSheet:
    """What was understood of a need (诊断单).

    ``now`` are values as they are today, ``wanted`` those to be reached, ``unread`` numbers that were not understood.
    ``object_words`` name the product or process, the title's first. ``title_fault`` is the fault that the title itself
    names; ``matters`` are the matters of a title that numbers several, else empty.
    """

    title: str
    text: str
    passages: tuple[Passage, ...]
    object_words: tuple[str, ...]
    now: tuple[Metric, ...]
    wanted: tuple[Metric, ...]
    unread: tuple[Unread, ...]
    budget: Amount | None
    deadline: str
    title_fault: str = ""
    matters: tuple[str, ...] = ()

    def said(self, slot: Slot) -> tuple[str, ...]:
        """The sentences that tell it, as they were typed, without the blanks around them; the title's own fault first."""
        titled = (self.title.strip(),) if slot is Slot.PROBLEM and self.title_fault else ()
        return titled + tuple(each.text.strip() for each in self.passages if slot in each.slots)

    def tells(self, slot: Slot) -> bool:
        """Whether the sheet says anything of it."""
        if slot is Slot.OBJECT:
            return bool(self.object_words)
        if slot is Slot.BUDGET:
            return self.budget is not None
        if slot is Slot.DEADLINE:
            return bool(self.deadline)
        return bool(self.said(slot))
