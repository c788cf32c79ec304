"""The matching index: build, change, save, load, ask (匹配索引)."""

from collections.abc import Collection, Container, Mapping
from dataclasses import replace
from datetime import date
from math import fsum
from pathlib import Path

from ronglian.engines.matching.answers import (
    Question,
    State,
    Vectors,
    ask,
    ask_stored,
    find_nearest,
    match_all,
    rank_all,
    read_need,
    read_result,
)
from ronglian.engines.matching.columns import learn_modes
from ronglian.engines.matching.explain import Hit, Match
from ronglian.engines.matching.index_file import read_index, write_index
from ronglian.engines.matching.meaning import Meaning
from ronglian.engines.matching.parameters import DEFAULT_PARAMETERS, Parameters, name_version
from ronglian.engines.matching.reasons import explain_pairs
from ronglian.engines.matching.records import NeedProfile, Profile, ResultProfile
from ronglian.engines.matching.side import change_side, empty_side
from ronglian.engines.matching.similarity import DECIMALS, Role, learn_weighting
from ronglian.engines.matching.tokens import read_features
from ronglian.engines.matching.weights import WordBook, make_vocabulary
from ronglian.engines.text import read_metrics

FREE_TEXT_ID = ""


class MatchIndex:
    """Needs and results with everything learned from them (匹配索引).

    Readers may run beside one writer: each answer comes from the state before or after a change.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    # --- making and changing

    @classmethod
    def build(
        cls,
        needs: Collection[NeedProfile],
        results: Collection[ResultProfile],
        *,
        parameters: Parameters = DEFAULT_PARAMETERS,
    ) -> "MatchIndex":
        """An index of these records; raises ValueError where two needs or two results have the same id."""
        vocabulary, words = make_vocabulary(parameters), WordBook()
        sides = empty_side(NeedProfile), empty_side(ResultProfile)
        index = cls(State(*sides, words, {}, learn_weighting(*sides, vocabulary, parameters)))
        index.update(needs, results)
        return index

    def update(
        self,
        needs: Collection[NeedProfile] = (),
        results: Collection[ResultProfile] = (),
        removed: Collection[str] = (),
    ) -> None:
        """Add or replace records by id and remove others (ids of needs or results; unknown ones are ignored).

        Answers are those of an index built anew, within the rounding of the scores. Raises ValueError where an
        id comes twice.
        """
        old = self._state
        vocabulary, parameters = old.weighting.vocabulary, old.weighting.parameters
        _refuse_duplicates(needs)
        _refuse_duplicates(results)
        modes = learn_modes(old.modes, [*needs, *results])
        changed = {}
        sides: tuple[tuple[Role, Collection[Profile]], ...] = (("needs", needs), ("results", results))
        for role, added in sides:
            ordered = sorted(added, key=lambda profile: profile.id)
            changed[role], vocabulary = change_side(
                old.side(role), ordered, removed, vocabulary=vocabulary, words=old.words, modes=modes
            )
        new = changed["needs"], changed["results"]
        weighting = learn_weighting(*new, vocabulary, parameters, old.weighting.bounds)
        self._state = State(*new, old.words, modes, weighting, old.meaning)

    def save(self, path: Path | str, *, meaning: bool = True) -> None:
        """Write one checksummed file, atomically, with the vectors of meaning unless told not to; raises OSError."""
        write_index(Path(path), self._state, meaning=meaning)

    @classmethod
    def load(cls, path: Path | str) -> "MatchIndex":
        """Read a saved index; raises IndexDamaged or FileNotFoundError."""
        return cls(read_index(Path(path)))

    def set_points(self, points: Mapping[str, float], version: str) -> None:
        """Score with these factor points from now on, under this version; nothing is read anew. Raises ValueError."""
        state = self._state
        parameters = replace(state.parameters, points=dict(points), version=version)
        self._state = replace(state, weighting=replace(state.weighting, parameters=parameters))

    def set_meaning(self, meaning: Meaning | None) -> None:
        """Read meaning from these vectors from now on, or not at all; too few are as good as none."""
        enough = meaning is not None and meaning.enough
        self._state = replace(self._state, meaning=meaning if enough else None)

    @property
    def model(self) -> str | None:
        """The dense model whose vectors are read; None where there are none."""
        return None if self._state.meaning is None else self._state.meaning.model

    @property
    def version(self) -> str:
        """What scores were computed with: the parameters' version, and the dense model where there is one."""
        state = self._state
        if state.meaning is None:
            return state.parameters.version
        return name_version(state.parameters.version, state.meaning.model)

    @property
    def parameters(self) -> Parameters:
        """The parameters that the index was built with."""
        return self._state.weighting.parameters

    @property
    def state(self) -> State:
        """What an answer depends on, as it is now, for readers that look at all records at once."""
        return self._state

    def ids(self, side: Role) -> list[str]:
        """Ids of all records of a side, sorted."""
        return sorted(self._state.side(side).places)

    # --- matching

    def match_need(
        self,
        need: NeedProfile | str,
        *,
        today: date,
        top: int = 20,
        allowed: Container[str] | None = None,
        include_excluded: bool = False,
        vectors: Vectors | None = None,
    ) -> list[Match]:
        """The best results for a need (a profile, or the id of a stored one), best first, ties by id.

        Only results in ``allowed`` are looked at. Expired records never match; pairs excluded by a hard
        constraint are left out unless asked for. ``vectors`` (texts, dimension) are what the index's dense model gives
        for the texts of a profile that it does not hold. Raises KeyError for an unknown id.
        """
        state = self._state
        question = Question(today, top, allowed, include_excluded)
        return match_all(state, read_need(state, need, vectors), "results", question)

    def match_result(
        self,
        result: ResultProfile | str,
        *,
        today: date,
        top: int = 20,
        allowed: Container[str] | None = None,
        include_excluded: bool = False,
        vectors: Vectors | None = None,
    ) -> list[Match]:
        """The best needs for a result; the other way round of :meth:`match_need`, with the same scores."""
        state = self._state
        question = Question(today, top, allowed, include_excluded)
        return match_all(state, read_result(state, result, vectors), "needs", question)

    def rank_need(
        self,
        need: NeedProfile | str,
        *,
        today: date,
        top: int = 20,
        allowed: Container[str] | None = None,
        include_excluded: bool = False,
    ) -> list[Hit]:
        """The results and scores 0..100 of :meth:`match_need` without reasons, for long lists and batches."""
        state = self._state
        if isinstance(need, str):
            asked = ask_stored(state, need, "needs")
        else:
            asked = ask(state, read_need(state, need), "needs")
        return rank_all(state, asked, "results", Question(today, top, allowed, include_excluded))

    def rank_result(
        self,
        result: ResultProfile | str,
        *,
        today: date,
        top: int = 20,
        allowed: Container[str] | None = None,
        include_excluded: bool = False,
    ) -> list[Hit]:
        """The needs and scores 0..100 of :meth:`match_result` without reasons."""
        state = self._state
        if isinstance(result, str):
            asked = ask_stored(state, result, "results")
        else:
            asked = ask(state, read_result(state, result), "results")
        return rank_all(state, asked, "needs", Question(today, top, allowed, include_excluded))

    def match_text(
        self,
        text: str,
        side: Role = "results",
        *,
        today: date,
        top: int = 20,
        allowed: Container[str] | None = None,
        vectors: Vectors | None = None,
    ) -> list[Match]:
        """The best results (or needs) for a free text, its metrics included; the text's id is empty."""
        metrics = read_metrics(text).metrics
        if side == "results":
            need = NeedProfile(FREE_TEXT_ID, "", body=text, metrics=metrics)
            return self.match_need(need, today=today, top=top, allowed=allowed, vectors=vectors)
        result = ResultProfile(FREE_TEXT_ID, "", body=text, metrics=metrics)
        return self.match_result(result, today=today, top=top, allowed=allowed, vectors=vectors)

    def explain(self, need: NeedProfile | str, result: ResultProfile | str, *, today: date) -> Match:
        """One pair with all reasons, excluded or not; raises KeyError for an unknown id."""
        state = self._state
        return explain_pairs([read_need(state, need)], [read_result(state, result)], today, state.weighting)[
            0
        ]

    # --- finding

    def search(
        self, query: str, side: Role, *, top: int = 20, allowed: Container[str] | None = None
    ) -> list[Hit]:
        """Records that hold a good part of the query's words, best first. Expired ones are found as well."""
        state = self._state
        profile = ResultProfile(FREE_TEXT_ID, "", body=query)
        vector = state.weighting.vector(read_features(profile, state.parameters), side)
        least = state.parameters.search_coverage
        return find_nearest(state, vector, side, top, allowed=allowed, least_coverage=least)

    def similar(
        self, profile: Profile | str, side: Role, *, top: int = 10, allowed: Container[str] | None = None
    ) -> list[Hit]:
        """Records of a side whose text is nearest to the profile's (or a stored record's), itself left out.

        ``score`` is the similarity 0..1; texts that say the same in the same words reach 1.
        """
        state = self._state
        records = state.side(side)
        if isinstance(profile, str):
            own_id = profile
            features = records.stored_features(
                records.places[profile], state.weighting.vocabulary, state.words
            )
        else:
            own_id = profile.id
            features = read_features(profile, state.weighting.parameters)
        vector = state.weighting.vector(features, side)
        return find_nearest(state, vector, side, top, allowed=allowed, left_out=own_id)

    def share_told(self, asked: NeedProfile, text: NeedProfile) -> float:
        """The share 0..1 of the squared weight of ``asked`` that stands in ``text``; 0 where nothing is asked."""
        parameters = self._state.parameters
        vector = self._state.weighting.vector(read_features(asked, parameters), "needs")
        said = read_features(text, parameters).weights
        total = fsum(weight * weight for weight in vector.values())
        told = fsum(weight * weight for token, weight in vector.items() if token in said)
        return round(told / total, DECIMALS) if total else 0.0


def _refuse_duplicates(profiles: Collection[Profile]) -> None:
    seen: set[str] = set()
    for profile in profiles:
        if profile.id in seen:
            raise ValueError(f"the id {profile.id!r} comes twice")
        seen.add(profile.id)
