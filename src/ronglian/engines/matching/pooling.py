"""Needs that say the same, in groups where every need is like every other (共性需求聚合).

Two needs are alike when both their titles and their whole texts are: texts alone are near where one firm tells of
itself twice, titles alone where two firms use the same phrase for different things. And one of the two has to tell, in
its text, what the other's title names: that parts a kiln's air supply from its ash removal. Groups are made by complete
linkage (Sørensen 1948), so that no chain of neighbours joins two needs that have nothing in common. Prose and a worked
table: docs/explanation/algorithms/pooling.md.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import sqrt

from ronglian.engines.matching.index import MatchIndex
from ronglian.engines.matching.parameters import DEFAULT_PARAMETERS
from ronglian.engines.matching.records import NeedProfile
from ronglian.engines.matching.tokens import read_features

NEIGHBOURS = 30  # of each need that are looked at
MOST_WORDS = 6
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class PoolingParameters:
    """What counts as the same (聚合参数): the least likeness and the least share told, 0..1, of any two needs of a group."""

    threshold: float = 0.25
    told: float = 0.5
    largest: int = 8
    version: str = "2026-11"


DEFAULT_POOLING = PoolingParameters()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far two needs say the same, 0..1 each (相似程度): ``first`` < ``second``.

    ``text`` and ``title`` are similarities of the whole texts and of the titles alone. ``told`` is the share of one
    title's weight that the other need's text has, the greater of both ways.
    """

    first: str
    second: str
    text: float
    title: float
    told: float

    @property
    def score(self) -> float:
        """Geometric mean: both have to be there."""
        return _mean(self.text, self.title)


@dataclass(frozen=True, slots=True)
class NeedGroup:
    """Needs of different voices that say the same (需求组). ``score`` is that of the least alike pair."""

    needs: tuple[str, ...]
    score: float
    pairs: tuple[Likeness, ...]
    words: tuple[str, ...] = ()


def measure_likeness(needs: Collection[NeedProfile], *, least: float) -> list[Likeness]:
    """All pairs whose likeness is at least ``least``, most alike first, ties by id.

    The rarity of words is learned from these needs. Raises ValueError where an id comes twice.
    """
    index = MatchIndex.build(needs, [])
    headed = {each.id: NeedProfile(id=each.id, title=each.title, title_en=each.title_en) for each in needs}
    bodies = {each.id: _body_of(each) for each in needs}
    titles = _neighbours(MatchIndex.build(headed.values(), []), headed)
    found = []
    for (first, second), text in _neighbours(index, headed).items():
        title = titles.get((first, second), 0.0)
        if _mean(text, title) >= least:
            told = max(
                index.share_told(headed[first], bodies[second]),
                index.share_told(headed[second], bodies[first]),
            )
            found.append(Likeness(first, second, text, title, told))
    return sorted(found, key=lambda each: (-each.score, each.first, each.second))


def find_alike(
    asked: NeedProfile,
    others: Collection[NeedProfile],
    parameters: PoolingParameters = DEFAULT_POOLING,
) -> list[Likeness]:
    """Which of the others say the same as one need, by the measure and the bounds of the groups; most alike first.

    The rarity of words is learned from all of them together, so `others` should be a neighbourhood, not a handful.
    Raises ValueError where an id comes twice.
    """
    needs = [asked, *others]
    headed = {each.id: NeedProfile(id=each.id, title=each.title, title_en=each.title_en) for each in needs}
    index = MatchIndex.build(needs, [])
    texts = {hit.id: hit.score for hit in index.similar(asked.id, "needs", top=len(needs))}
    hits = MatchIndex.build(headed.values(), []).similar(asked.id, "needs", top=len(needs))
    titles = {hit.id: hit.score for hit in hits}
    bodies = {each.id: _body_of(each) for each in others}
    own, found = _body_of(asked), []
    for other, text in texts.items():
        title = titles.get(other, 0.0)
        if _mean(text, title) < parameters.threshold:
            continue
        told = max(index.share_told(headed[asked.id], bodies[other]), index.share_told(headed[other], own))
        if told >= parameters.told:
            found.append(Likeness(min(asked.id, other), max(asked.id, other), text, title, told))
    return sorted(found, key=lambda each: (-each.score, each.first, each.second))


def group_needs(
    likenesses: Sequence[Likeness],
    voices: Mapping[str, str],
    parameters: PoolingParameters = DEFAULT_POOLING,
) -> list[NeedGroup]:
    """Groups of at least two needs, the surest first; a need stands in one group, a voice once in each.

    ``voices`` gives for each need who speaks. Of all pairs of groups whose needs are all linked, the one whose weakest
    link is strongest is joined, until none is left. Raises KeyError for a need without a voice.
    """
    kept = {
        (each.first, each.second): each
        for each in likenesses
        if each.score >= parameters.threshold
        and each.told >= parameters.told
        and voices[each.first] != voices[each.second]
    }
    members: dict[str, tuple[str, ...]] = {need: (need,) for pair in kept for need in pair}
    links = {pair: each.score for pair, each in kept.items()}
    while links:
        one, other = min(links, key=lambda pair: (-links[pair], pair))
        joined = tuple(sorted((*members[one], *members[other])))
        _join(links, one, other, fits=len(joined) <= parameters.largest)
        if len(joined) <= parameters.largest:
            members[one] = joined
            del members[other]
    groups = [_group(needs, kept) for needs in members.values() if len(needs) > 1]
    return sorted(groups, key=lambda group: (-group.score, group.needs))


def pool_needs(
    needs: Collection[NeedProfile],
    voices: Mapping[str, str],
    parameters: PoolingParameters = DEFAULT_POOLING,
) -> list[NeedGroup]:
    """:func:`measure_likeness` and :func:`group_needs`, with the words that all needs of a group share.

    Words of the titles come first, then the rarest among all needs.
    """
    groups = group_needs(measure_likeness(needs, least=parameters.threshold), voices, parameters)
    spoken = {each.id: _words(each) for each in needs}
    headed = {
        each.id: _words(NeedProfile(id=each.id, title=each.title, title_en=each.title_en)) for each in needs
    }
    counts = Counter(key for words in spoken.values() for key in words)

    def shared(group: NeedGroup) -> tuple[str, ...]:
        first, *others = (spoken[need] for need in group.needs)
        titles = Counter(key for need in group.needs for key in headed[need])
        keys = [key for key in first if all(key in words for words in others)]
        return tuple(
            first[key] for key in sorted(keys, key=lambda key: (-titles[key], counts[key], key))[:MOST_WORDS]
        )

    return [NeedGroup(group.needs, group.score, group.pairs, shared(group)) for group in groups]


def _mean(text: float, title: float) -> float:
    return round(sqrt(text * title), DECIMALS)


def _body_of(need: NeedProfile) -> NeedProfile:
    """What the need says behind its title; where that is nothing, the title."""
    if need.body or need.body_en:
        return replace(need, title="", title_en="")
    return need


def _neighbours(index: MatchIndex, needs: Iterable[str]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for need in needs:
        for hit in index.similar(need, "needs", top=NEIGHBOURS):
            found[min(need, hit.id), max(need, hit.id)] = hit.score
    return found


def _join(links: dict[tuple[str, str], float], one: str, other: str, *, fits: bool) -> None:
    """Let the second group become part of the first: what was not linked to both is linked no more."""
    del links[one, other]
    if not fits:
        return
    of_other = {
        (second if first == other else first): links.pop((first, second))
        for first, second in list(links)
        if other in (first, second)
    }
    for first, second in list(links):
        if one in (first, second):
            third = second if first == one else first
            if third in of_other:
                links[first, second] = min(links[first, second], of_other[third])
            else:
                del links[first, second]


def _group(needs: tuple[str, ...], kept: Mapping[tuple[str, str], Likeness]) -> NeedGroup:
    pairs = tuple(kept[pair] for pair in combinations(needs, 2))
    return NeedGroup(needs, min(each.score for each in pairs), pairs)


def _words(need: NeedProfile) -> Mapping[str, str]:
    return read_features(need, DEFAULT_PARAMETERS).words
