"""Every tunable of the matching engine in one place, with its version (匹配参数)."""

from dataclasses import dataclass, field, fields
from hashlib import blake2b
from itertools import pairwise
from typing import Any

ENGINE_VERSION = "1.0"

FACTORS = ("text", "metrics", "field", "maturity", "region", "budget", "mode", "freshness")

# Regions that plan and fund innovation together, as province codes of GB/T 2260.
REGION_SETS = (
    frozenset({11, 12, 13}),  # 京津冀
    frozenset({31, 32, 33, 34}),  # 长三角
    frozenset({44, 81, 82}),  # 粤港澳大湾区
    frozenset({50, 51}),  # 成渝
)


@dataclass(frozen=True)
class Parameters:
    """Parameters of text similarity, factor scores and ranking; an answer is stored with ``version``.

    ``points`` are the shares of the factors before those that the need leaves open are taken out; they sum to
    100. All ``*_share`` values are fractions 0..1 of a factor's maximum.
    """

    version: str = "2026-2"

    points: dict[str, float] = field(
        default_factory=lambda: {
            "text": 60.0,
            "metrics": 13.0,
            "field": 8.0,
            "maturity": 5.0,
            "region": 4.0,
            "budget": 5.0,
            "mode": 3.0,
            "freshness": 2.0,
        }
    )
    # What silence earns: less than a stated fact that fits or comes near, more than one that is far off.
    unstated_share: float = 0.3

    # Text. How often words of a title count against those of the body. A need's body is long and drifts to the
    # company and its conditions, so its title counts more (measured: benchmarks/matching/LOG.md).
    need_title_weight: float = 8.0
    result_title_weight: float = 3.0
    keyword_weight: float = 2.0
    # Pseudo records with a typical share per kind of token keep the weights sane in tiny collections.
    prior_records: float = 200.0
    prior_share_character: float = 0.03
    prior_share_bigram: float = 0.003
    prior_share_word: float = 0.005
    prior_share_generic: float = 0.15
    # How strongly a term is discounted for being common among needs (boilerplate of need sheets); 0 = not.
    need_discount: float = 0.5
    # A script counts fully in the norm once it holds this share of the partner's weight ...
    script_share: float = 0.2
    # ... and never less than this.
    script_floor: float = 0.1
    # Similarity → share of the text points; straight lines between the knots.
    text_knots: tuple[tuple[float, float], ...] = (
        (0.0, 0.0),
        (0.04, 0.20),
        (0.12, 0.50),
        (0.25, 0.75),
        (0.45, 0.92),
        (1.0, 1.0),
    )
    minimum_similarity: float = 0.01
    # A hit of a plain search covers at least this share of the query's weight.
    search_coverage: float = 0.3

    # Metrics.
    name_similarity: float = 0.5
    equal_tolerance: float = 0.02
    about_tolerance: float = 0.10
    # A missed value earns something only above this ratio to what was asked, and at most near_miss_share.
    near_miss_ratio: float = 0.5
    near_miss_share: float = 0.5

    # Field and industry: the technology field counts 70 %, the industry 30 %, where the need states both.
    technology_field_share: float = 0.7
    industry_coarser_share: float = 0.8
    industry_group_share: float = 0.8
    industry_division_share: float = 0.6
    industry_section_share: float = 0.35

    # Share of the maturity points when the result is 1, 2, 3 or more levels short.
    maturity_gap_shares: tuple[float, ...] = (0.6, 0.3, 0.1, 0.0)

    region_city_share: float = 1.0
    region_province_share: float = 0.7
    region_set_share: float = 0.45
    region_else_share: float = 0.1

    # A price of (1 + this) times the budget earns nothing.
    budget_excess: float = 1.0

    # Freshness falls from 1 to this floor, half of the way in each half-life.
    freshness_floor: float = 0.35
    freshness_half_life_days: float = 365.0

    # Scores from which levels 2, 3 and 4 are predicted, where needs and results are text alone. Levels 3 and 4
    # are rare among judged pairs, so that the least absolute error comes from predicting them seldom.
    level_thresholds: tuple[float, float, float] = (17.0, 75.0, 90.0)

    # Candidates whose metrics are compared one by one.
    metric_candidates: int = 300
    listed_terms: int = 12
    # Words below this share of the text points are not listed.
    listed_share: float = 0.01
    # Single characters outside all words are listed from this share.
    listed_single_share: float = 0.12
    # A segment that is at least this share of its older neighbour is merged with it on update.
    merge_share: float = 0.5

    def __post_init__(self) -> None:
        if tuple(self.points) != FACTORS or abs(sum(self.points.values()) - 100.0) > 1e-9:
            raise ValueError(f"points must name {FACTORS} in this order and sum to 100, got {self.points}")
        knots = self.text_knots
        if knots[0] != (0.0, 0.0) or knots[-1] != (1.0, 1.0):
            raise ValueError("text_knots must run from (0, 0) to (1, 1)")
        if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(knots)):
            raise ValueError("text_knots must rise")

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return values | {"points": dict(self.points)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Parameters":
        """The parameters that :meth:`to_dict` wrote; raises TypeError for unknown names."""
        knots = tuple((float(x), float(y)) for x, y in values["text_knots"])
        gaps = tuple(float(share) for share in values["maturity_gap_shares"])
        thresholds = tuple(float(score) for score in values["level_thresholds"])
        lists = {"text_knots": knots, "maturity_gap_shares": gaps, "level_thresholds": thresholds}
        return cls(**(values | lists))


DEFAULT_PARAMETERS = Parameters()

# Between the version of parameters and the dense model that was read beside the wording.
_BESIDE = ", "
_LONGEST_VERSION = 40


def name_version(version: str, model: str) -> str:
    """The version of parameters with the model's name, or a digest of the name where it is too long to be kept."""
    whole = f"{version}{_BESIDE}{model}"
    if len(whole) <= _LONGEST_VERSION:
        return whole
    return f"{version}{_BESIDE}{blake2b(model.encode(), digest_size=4).hexdigest()}"


def without_model(version: str) -> str:
    """The version of parameters that :func:`name_version` was given."""
    return version.split(_BESIDE)[0]
