"""Cases to technology managers: processor seconds, and equality with the optimum of another solver.

    taskset -c 0 python -m benchmarks.matching.manager_assignment [--cases 5000] [--managers 200] [--places 4000]

The region is invented and seeded: fields and provinces in the unequal shares that they have in life, texts of
technical words, one pair in a hundred with a conflict of interest, small firms 60 % of the cases.
"""

import argparse
import time

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from benchmarks.matching.scale import print_load, print_machine, say
from ronglian.engines.matching.manager_assignment import NOBODY, Places, assign_cases
from ronglian.engines.matching.manager_fit import DEFAULT_FIT, CaseToAssign, ManagerToAssign, score_fit
from ronglian.kernel.codes.fields import TechnologyField
from ronglian.kernel.codes.regions import provinces

Task = tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], Places]
SEED = 20261124
SCALE = 10**6
WORDS = [
    "电镀",
    "废水",
    "六价铬",
    "催化剂",
    "电机",
    "轴承",
    "焊接",
    "铸造",
    "涂层",
    "传感器",
    "图像",
    "识别",
    "机器人",
    "减速器",
    "电池",
    "正极",
    "隔膜",
    "光伏",
    "风电",
    "储能",
    "半导体",
    "封装",
    "芯片",
    "抗体",
    "发酵",
    "中药",
    "提取",
    "疫苗",
    "育种",
    "农机",
    "饲料",
    "水稻",
    "高铁",
    "轨道",
    "桥梁",
    "混凝土",
    "建筑",
    "节能",
    "锅炉",
    "余热",
    "脱硫",
    "固废",
    "污泥",
    "稀土",
    "钢铁",
    "铝合金",
    "复合材料",
    "碳纤维",
    "航空",
    "发动机",
    "无人机",
    "卫星",
    "雷达",
    "通信",
    "软件",
    "数据",
    "平台",
    "算法",
    "检测",
    "无损",
    "超声",
    "激光",
    "切割",
]


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--cases", type=int, default=5_000)
    options.add_argument("--managers", type=int, default=200)
    options.add_argument("--places", type=int, default=4_000)
    asked = options.parse_args()
    print_machine()
    cases, managers = invented(asked.cases, asked.managers, asked.places)
    started, processor = time.perf_counter(), time.process_time()
    fit = score_fit(cases, managers)
    scored = time.perf_counter() - started
    worth, allowed, small, places = _task(fit.total, fit.speaks, cases, managers)
    found = assign_cases(worth, allowed, small, places)
    say("fit of all pairs, s", f"{scored:.2f}")
    say("fit and assignment, s", f"{time.perf_counter() - started:.2f}")
    say("of which processor, s", f"{time.process_time() - processor:.2f}")
    say("cases, managers, free places", f"{len(cases)}, {len(managers)}, {places.free.sum()}")
    say("carried", int((found.manager_of != NOBODY).sum()))
    say(
        "small firms: cases, guaranteed, carried", f"{small.sum()}, {found.small_minimum}, {found.small_held}"
    )
    say("bonus of a small firm's case, points", f"{found.small_bonus:.2f}")
    say("worth in all", f"{found.value:.2f}")
    say("bound less worth", f"{found.bound - found.value:.6f}")
    started = time.perf_counter()
    optimum = exact(worth, allowed, small, places, found.small_minimum)
    say("optimum by OR-tools' cost-scaling flow", f"{optimum:.2f}")
    say("its time with all pairs, s", f"{time.perf_counter() - started:.2f}")
    print_load("at the end")


def region(cases: int, managers: int, places: int) -> Task:
    """The task of an invented region."""
    some, all_managers = invented(cases, managers, places)
    fit = score_fit(some, all_managers)
    return _task(fit.total, fit.speaks, some, all_managers)


def invented(cases: int, managers: int, places: int) -> tuple[list[CaseToAssign], list[ManagerToAssign]]:
    """Cases and managers; `places` are free in all."""
    chance = np.random.default_rng(SEED)
    fields, codes = [each.value for each in TechnologyField], [each.code for each in provinces()]
    often, where = _shares(len(fields)), _shares(len(codes))
    some = [
        CaseToAssign(
            id=f"c{number}",
            text=" ".join(chance.choice(WORDS, 25)),
            technology_field=str(chance.choice(fields, p=often)),
            region=f"{chance.choice(codes, p=where)}{chance.integers(1, 12):02d}",
            languages=frozenset({"en"} if chance.random() < 0.05 else {"zh"}),
            is_small=bool(chance.random() < 0.6),
            days_waiting=int(chance.integers(0, 200)),
        )
        for number in range(cases)
    ]
    free = chance.multinomial(places, np.full(managers, 1 / managers))
    busy = chance.integers(0, 15, managers)
    experts = [
        ManagerToAssign(
            id=f"m{number}",
            text=" ".join(chance.choice(WORDS, 12)),
            technology_fields=frozenset(
                map(str, chance.choice(fields, chance.integers(1, 4), replace=False, p=often))
            ),
            regions=tuple(map(str, chance.choice(codes, chance.integers(0, 4), replace=False, p=where))),
            languages=frozenset({"zh", "en"} if chance.random() < 0.3 else {"zh"}),
            capacity=int(max(1, free[number] + busy[number])),
            open_cases=int(busy[number]),
        )
        for number in range(managers)
    ]
    return some, experts


def exact(
    worth: NDArray[np.float64],
    allowed: NDArray[np.bool_],
    small: NDArray[np.bool_],
    places: Places,
    minimum: int,
) -> float | None:
    """The optimum by OR-tools' cost-scaling flow; None where the minimum cannot be kept.

    Each case flows to a manager's place or to those left out, and of small firms only so many may be left out.
    """
    cases, managers = worth.shape
    owner, load = places.load(DEFAULT_FIT)
    sink, left_small, left_large = cases + managers, cases + managers + 1, cases + managers + 2
    flow = min_cost_flow.SimpleMinCostFlow()
    rows, columns = np.nonzero(allowed & (places.free > 0))
    arcs = (
        (rows, cases + columns, 1, -np.round(worth[rows, columns] * SCALE)),
        (cases + owner, np.full_like(owner, sink), 1, np.round(load * SCALE)),
        (np.arange(cases), np.where(small, left_small, left_large), 1, np.zeros(cases)),
        (np.array([left_small]), np.array([sink]), int(small.sum()) - minimum, np.zeros(1)),
        (np.array([left_large]), np.array([sink]), cases, np.zeros(1)),
    )
    for tails, heads, capacity, costs in arcs:
        flow.add_arcs_with_capacity_and_unit_cost(
            tails, heads, np.full(len(tails), capacity), costs.astype(np.int64)
        )
    flow.set_nodes_supplies(np.append(np.arange(cases), sink), np.append(np.ones(cases, np.int64), -cases))
    return -flow.optimal_cost() / SCALE if flow.solve() == flow.OPTIMAL else None


def _task(
    worth: NDArray[np.float64],
    speaks: NDArray[np.bool_],
    cases: list[CaseToAssign],
    managers: list[ManagerToAssign],
) -> Task:
    conflicts = np.random.default_rng(SEED + 1).random(worth.shape) < 0.01
    places = Places(
        np.array([each.places for each in managers]),
        np.array([each.open_cases for each in managers]),
        np.array([each.capacity for each in managers]),
    )
    return worth, speaks & ~conflicts, np.array([each.is_small for each in cases]), places


def _shares(size: int) -> NDArray[np.float64]:
    """Unequal shares: the n-th is as frequent as one in n + 2."""
    weights = 1.0 / np.arange(3, size + 3)
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


if __name__ == "__main__":
    main()
