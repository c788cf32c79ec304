"""Automatic scoring (自动评测): result files against sealed answers, by published metrics, in exact arithmetic.

Definitions with worked tables: docs/explanation/algorithms/scoring.md.
"""

from ronglian.engines.scoring.metrics import (
    METRICS,
    MILLION,
    Metric,
    MetricError,
    Values,
    compute_score,
    format_score,
)
from ronglian.engines.scoring.ranking import Placed, TeamTry, counting_tries, rank_teams
from ronglian.engines.scoring.splitting import (
    FEWEST_ROWS,
    SHARES,
    Split,
    can_be_split,
    part_is_scorable,
    public_count,
    split,
    split_keys,
)
from ronglian.engines.scoring.tables import (
    LARGEST_FILE,
    MOST_ROWS,
    TableError,
    decode_file,
    read_answers,
    read_submission,
    write_template,
)

__all__ = [
    "FEWEST_ROWS",
    "LARGEST_FILE",
    "METRICS",
    "MILLION",
    "MOST_ROWS",
    "SHARES",
    "Metric",
    "MetricError",
    "Placed",
    "Split",
    "TableError",
    "TeamTry",
    "Values",
    "can_be_split",
    "compute_score",
    "counting_tries",
    "decode_file",
    "format_score",
    "part_is_scorable",
    "public_count",
    "rank_teams",
    "read_answers",
    "read_submission",
    "split",
    "split_keys",
    "write_template",
]
