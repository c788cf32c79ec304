"""Metrics of one sentence: scan, join ranges, read the comparison, find the name (指标识别).

The steps are told in docs/explanation/algorithms/metrics.md.
"""

import re
from dataclasses import replace

from ronglian.engines.text.comparing import Meaning, read_meaning
from ronglian.engines.text.joining import Value, join_quantities
from ronglian.engines.text.metric_types import Comparison, Metric, Unread
from ronglian.engines.text.naming import is_chinese, is_property, last_clause, name_after, name_before
from ronglian.engines.text.normalise import fold_width
from ronglian.engines.text.quantities import canonical_unit
from ronglian.engines.text.scanning import MULTIPLE, scan

_LIST = re.compile(r"\s?(?:、|和|及|以及|,|/|或|and)\s?")
_CLAUSE_MARK = re.compile(r"[,;，；。:：]")
_CLAUSE_END = re.compile(r"[,;。，；、()]|\s(?:and|but|while)\s")
_RELATIVE = frozenset({"%", "pp", MULTIPLE, "成", "‰"})
_HARDNESS = re.compile(r"(?<![A-Za-z])(HRC|HRB|HRA|HBW|HB|HV)\s?$")
_UNIT_IN_NAME = re.compile(
    r"(?:\(([^()\s]{1,12}(?:\([A-Za-z]\))?)\)|/([A-Za-zμ%°℃][^\s]{0,8})|(dB\(A\)|dB))\s?$"
)
_BASELINE = re.compile(
    r"(?:由|从|自)(?:目前的?|现有的?|现在的?|原来的?|原有的?|当前的?|约|原)?[^,，;；]{0,6}$|\bfrom\s(?:about\s|the current\s)?$",
    re.IGNORECASE,
)
_BASELINE_BEHIND = re.compile(
    r"(?:左右|以上|以下)?\s?[^,，;；。]{0,6}?(?:提[高升]|降|减|增|缩短|扩大|延长|下降|上升|改善|到|至|to\b)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"我国|全国|全球|世界上|世界.{0,6}产|据.{0,6}(?:统计|测算|核算|估计|估算)|数据显示|统计.{0,4}(?:显示|表明)|市场(?:规模|值|需求|份额|容量)|年(?:均|复合)增长率|\bworldwide\b|\bglobal(?:ly)?\b|market size",
    re.IGNORECASE,
)
_BUSINESS = re.compile(
    r"销售|营业|收入|利润|利税|税收|产值|注册资|资本|投资|投入|资金|经费|预算|费用|补贴|贷款|市场价|占地|建筑面积|厂房|员工|职工|人员|成员|博士|硕士|"
    r"研究生|本科|学历|职称|团队|论文|专利|著作权|软著|影响因子|成立|历史|经验|人口|股份|占股|分配|各占|甲方|乙方|样机|课题|合同|批件|试验用地|基地|生产线|市场|"
    r"\b(?:sales|revenue|turnover|profit|employees?|staff|engineers|founded|established|investment|invested|budget|funding|market|patents?|papers?|experience)\b",
    re.IGNORECASE,
)
_COST = re.compile(r"成本|单价|造价|价格|售价|电费|cost|price", re.IGNORECASE)
_TIME_UNITS = frozenset({"month", "year", "week", "d"})
_PLAN = re.compile(r"(?:来|前|历史|经验|以来|多来|内(?:完成|实现|培育|形成|建成))")
_COUNTED = re.compile(r"[种项篇家栋位名级座批所届期部座份例对组类本门户座亩幢公顷章号]")
_FOREIGN_MONEY = re.compile(r"\s?(?:美元|美金|欧元|日元|英镑|million|billion|dollars|USD|EUR)")
_CONDITION = re.compile(r"\s?(?:的?(?:条件|环境|温度|工况|情况|状态)?下|时(?![间长])|环境|后(?![面端方部]))")


_RATE = re.compile(r"每(秒|分钟|分|小时|天|日|月|年|吨|亩|平方米|立方米)$")
_ORIGIN = re.compile(r"(?:由|从|[是为](?=.*[的]))[^,，由从是为]{0,12}的?$")
_COMPARED_WITH = re.compile(
    r"(?:较|比(?![表容强能功电重热例])|相对于?|[与和][^,，]{1,16}?相比)(?=[^较比]{1,24}$)"
)
_LINK = re.compile(r"(?:by|of|于|了)$")
_COMPARES = re.compile(r"高于|低于|超过|优于")
_RELATIVE_TO = re.compile(r"(?:仅为|只有|仅是|只是|相当于|约为|[为是占])[^,，;；]{1,14}的$")
_MODIFIED = re.compile(r"[\u4e00-\u9fff]")
_NOT_MODIFIED = re.compile(
    r"的|以|左|内|之|上|下|时|后|并|且|和|及|或|与|至|到|无(?!缝)|不(?!锈)|仍|为|即|可|而|等|范围"
)
_SMALLER_IS_BETTER = re.compile(
    r"(?:误差|偏差|粗糙度|公差|不确定度|噪[声音]|能耗|电耗|水耗|油耗|损耗|损失|降噪|\b(?:error|uncertainty|noise|loss|roughness|drift))$",
    re.IGNORECASE,
)
_REACHED = re.compile(r"(?:[达至到]|优于|better than)[^,，]{0,3}$", re.IGNORECASE)
_ACCURACY = re.compile(r"(?:精度|准确度|分辨率|分辨力|\b(?:accuracy|precision|resolution))$", re.IGNORECASE)
_TIME_NAME = re.compile(r"(?:时间|时长|周期|寿命|期|工作|运行|存储|储存|保存|间隔|延时|延迟|耗时|频率|历时)$")
_CONDITIONAL = re.compile(r"每$|(?:^|[,，;；])\s?(?:若|如果|假如|假设|仅?按)[^,，;；]*$")
_REST_OF_PHRASE = re.compile(
    r"的?(?:条件|环境|工况|温度|情况|状态)?(?:下(?!降)|时(?![间长])|后(?![面端方部])|以?内(?![径孔部外])|之间)"
)
_MEANS = re.compile(r"(?:^|[,，;；])\s?(?:希望|拟|计划|力争)?(?:通过|采用|利用|经过|经)[^,，;；]*$")
_SPLIT_UNIT = re.compile(r"\s?/\s?\d")  # mL/100g, 230V/110V
_CYCLES = re.compile(r"(?:寿命|次数|频次|循环|频率)[\s:：为]*$")
_BOUND_IN_NAME = re.compile(r"(?P<low>min(?:imum|\.)?)\s+|(?P<high>max(?:imum|\.)?)\s+", re.IGNORECASE)
# PM2.5, PM10, Cr6: what is measured there is never a time.
_DESIGNATION = re.compile(r"[A-Za-z]{1,4}[-–]?\d[\d.]*")
_TIMES = frozenset({"s", "min", "h", "d", "week", "month", "year"})


def read_sentence(source: str) -> tuple[list[tuple[int, Metric]], list[tuple[int, Unread]]]:
    """Metrics and unread pieces of one sentence, each with its place in it."""
    folded = fold_width(source)
    quantities, oddities = scan(folded)
    unread = [
        (odd.start, Unread(source[odd.start : odd.end], source, odd.reason)) for odd in oddities if odd.reason
    ]
    metrics: list[tuple[int, Metric]] = []
    background = bool(quantities) and _BACKGROUND.search(folded) is not None
    begin, previous_name, pending_name = 0, "", ""
    for value in join_quantities(folded, quantities):
        left = _left_of(folded, begin, value.start)
        metric, reason, end = _read_value(
            source, folded, value, left, background=background, previous=previous_name, pending=pending_name
        )
        # "产量由290提升至330": the name stands before the value to be improved upon.
        pending_name = _name_of_baseline(left) if reason == "baseline" else ""
        if metric is not None:
            metrics.append((value.start, metric))
            previous_name = metric.name
        elif reason:
            unread.append((value.start, Unread(source[value.start : end], source, reason)))
        begin = end
    return metrics, unread


def _left_of(folded: str, begin: int, start: int) -> str:
    """The text between the last value and this one, without the rest of that value's own phrase."""
    begin = max(begin, start - 90)
    rest = _REST_OF_PHRASE.match(folded, begin, start) if begin else None
    return folded[rest.end() if rest else begin : start]


def _read_value(
    source: str, folded: str, value: Value, left: str, *, background: bool, previous: str, pending: str
) -> tuple[Metric | None, str, int]:
    """The metric, or None with the reason; and where the piece that was read ends."""
    relative = value.unit in _RELATIVE
    meaning = read_meaning(left, folded, value.end, is_range=value.is_range, relative=relative)
    end = meaning.end
    start = value.start
    if _is_baseline(folded, value, left):
        return None, "baseline", value.end
    if value.is_range and value.low > value.high:
        if meaning.is_change or value.low < 0:
            return None, "reversed_range", end
        value = replace(value, low=value.high, high=value.low)
    value, meaning = _unit_from_name(value, meaning)
    value = _settle_unit(folded, value, meaning)
    reason = _not_technical(folded, value, meaning, background=background)
    if reason:
        return None, reason, end
    name = pending or _name(folded, value, meaning, left, end)
    if (
        not pending
        and not meaning.is_change
        and _MEANS.search(meaning.left)
        and not re.search(r"[将把使]", meaning.left)
    ):
        # "收率为78%，希望通过优化提高到90%": the name is the one before.
        name = previous
    refusal = _refusal(folded, value, meaning, name, left, end, previous)
    if refusal is not None:
        return None, refusal, end
    if (
        meaning.comparison is Comparison.AT_LEAST
        and not meaning.strong
        and _is_better_small(name, value, left)
    ):
        meaning = replace(meaning, comparison=Comparison.AT_MOST)
    elif meaning.comparison is Comparison.ABOVE and _is_better_small(name, value, left):
        meaning = replace(meaning, comparison=Comparison.BELOW)
    bound = _BOUND_IN_NAME.match(name)
    if bound and meaning.comparison is Comparison.EQUAL:
        comparison = Comparison.AT_LEAST if bound["low"] else Comparison.AT_MOST
        meaning, name = replace(meaning, comparison=comparison), name[bound.end() :]
    low, high, unit, comparison = _numbers(value, meaning)
    verbatim = _verbatim(source, left, meaning, start, end)
    return Metric(name, comparison, low, high, unit, source, verbatim=verbatim), "", end


def _name_of_baseline(left: str) -> str:
    return name_before(re.split(r"[由从自]|\bfrom\b", left)[0])


def _is_baseline(folded: str, value: Value, left: str) -> bool:
    return bool(_BASELINE.search(left[-24:]) and _BASELINE_BEHIND.match(folded, value.end))


def _verbatim(source: str, left: str, meaning: Meaning, start: int, end: int) -> str:
    """The value together with the comparison word directly before it."""
    operator = len(left) - meaning.operator_start
    if meaning.is_change or operator > 24:
        return source[start:end]
    return source[start - operator : end].strip()


def _is_better_small(name: str, value: Value, left: str) -> bool:
    """Whether 达到 and 优于 with this name ask for no more: an accuracy of 0.5 mm, a noise of 40 dB."""
    if not _REACHED.search(left[-16:]):
        return False
    return bool(_SMALLER_IS_BETTER.search(name)) or (bool(_ACCURACY.search(name)) and value.unit != "%")


def _numbers(value: Value, meaning: Meaning) -> tuple[float | None, float | None, str, Comparison]:
    low, high, unit, comparison = value.low, value.high, value.unit or "", meaning.comparison
    if value.first.tolerance:
        comparison = Comparison.BETWEEN
    if unit in {MULTIPLE, "成"}:
        factor = 100.0 if unit == MULTIPLE else 10.0
        low, high, unit = _scaled(low, factor), _scaled(high, factor), "%"
        if not meaning.is_change:
            # "提高到3倍" is the threefold value: 200 % more.
            low, high = low - 100.0, high - 100.0
            comparison = Comparison.INCREASE_BY
    if comparison in {Comparison.INCREASE_BY, Comparison.DECREASE_BY}:
        return abs(low), (abs(high) if value.is_range else None), unit, comparison
    if comparison in {Comparison.AT_LEAST, Comparison.ABOVE}:
        return low, None, unit, comparison
    if comparison in {Comparison.AT_MOST, Comparison.BELOW}:
        return None, high, unit, comparison
    return low, high, unit, comparison


def _scaled(value: float, factor: float) -> float:
    return float(f"{value * factor:.12g}")


def _settle_unit(folded: str, value: Value, meaning: Meaning) -> Value:
    """Units that only the words around them decide: 度, 周, K, and "每秒1mm"."""
    around = folded[max(0, value.start - 30) : value.end + 4]
    rate = _RATE.search(meaning.left)
    if rate and value.unit:
        return replace(value, unit=canonical_unit(f"{value.unit}/{rate.group(1)}") or value.unit)
    if value.unit == "℃" and folded[value.end - 1] == "度" and not re.search(r"[温热寒冷冻烧熔摄零]", around):
        return replace(value, unit="°")
    if value.unit == "week" and "循环" in around:
        return replace(value, unit="cycles")
    if value.unit == "K" and "温" not in around:
        return replace(value, unit=None)
    return value


def _unit_from_name(value: Value, meaning: Meaning) -> tuple[Value, Meaning]:
    """ "硬度HRC ≥ 50" and "厚度(mm): 0.5" say the unit in the name."""
    if value.unit is not None:
        return value, meaning
    tail = meaning.left.rstrip(" :：=")
    written = _HARDNESS.search(value.name) or _HARDNESS.search(tail) or _UNIT_IN_NAME.search(tail)
    unit = canonical_unit(next(group for group in written.groups() if group)) if written else None
    if written is None or not unit:
        return value, meaning
    left = meaning.left if value.name else tail[: written.start()]
    return replace(value, unit=unit, name=""), replace(meaning, left=left or written.group(1) or "")


def _not_technical(folded: str, value: Value, meaning: Meaning, *, background: bool) -> str:
    clause = _clause_around(folded, value)
    if background or _FOREIGN_MONEY.match(folded, value.end):
        return "not_technical"
    if value.unit == "CNY" and not _COST.search(last_clause(meaning.left)):
        return "not_technical"
    if value.unit in {"person", "mu", "ha"} or (value.unit is None and _COUNTED.match(folded, value.end)):
        return "not_technical"
    if value.unit in _TIME_UNITS and _PLAN.match(folded, value.end):
        return "not_technical"
    if _BUSINESS.search(clause) and not (_is_rate(value) or (_COST.search(clause) and value.unit != "CNY")):
        return "not_technical"
    if value.unit in {"pcs", "times"} and not meaning.stated and not _CYCLES.search(meaning.left):
        return "not_technical"
    return ""


def _is_rate(value: Value) -> bool:
    """Money per quantity, 元/亩: what something costs, never what a firm turns over."""
    return value.unit is not None and value.unit.startswith("CNY/")


def _clause_around(folded: str, value: Value) -> str:
    begin = max(0, value.start - 40)
    before = _CLAUSE_MARK.split(folded[begin : value.start])[-1]
    after = _CLAUSE_END.split(folded[value.end : value.end + 24], maxsplit=1)[0]
    return before + "\u0001" + after


def _name(folded: str, value: Value, meaning: Meaning, left: str, end: int) -> str:
    if value.name:
        return value.name
    if meaning.own_name:
        owner = name_before(meaning.left)
        return owner if owner and is_property(owner) else owner + meaning.own_name
    for text in _name_texts(meaning):
        name = name_before(text)
        if name:
            return name + value.first.prefix if value.first.prefix in {"pH", "PH", "Ra", "Rz", "Ry"} else name
    if value.first.prefix in {"φ", "Φ", "Ф", "∅", "⌀", "ø"}:
        return "直径"
    if value.first.prefix in {"HRC", "HRB", "HRA", "HBW", "HB", "HV"}:
        return "硬度"
    if value.first.prefix:
        return value.first.prefix
    behind = name_after(folded[end : end + 60])
    if behind:
        return behind
    stripped = meaning.left.rstrip()
    if stripped.endswith(("(", ":", "：")) or (meaning.strong and stripped.endswith((",", "，"))):
        name = name_before(stripped.rstrip("(:：,， "))
        return name if not is_chinese(name) or (len(name) <= 14 and is_property(name)) else ""
    return ""


def _name_texts(meaning: Meaning) -> list[str]:
    if not meaning.is_change:
        # "寿命是原来的3倍": what stands behind 是 names what it is compared with.
        left = _RATE.sub("", meaning.left).rstrip("在为是")
        return [_ORIGIN.sub("", left)]
    # "降低成本30%": the object stands behind the verb; "成本降低30%": before it.
    before = _COMPARED_WITH.split(meaning.left)[0]
    if meaning.object_text:
        target = _LINK.sub("", meaning.object_text.strip()).strip()
        return [target, before] if target else [before]
    return [before, meaning.left]


def _refusal(
    folded: str, value: Value, meaning: Meaning, name: str, left: str, end: int, previous: str
) -> str | None:
    """Why a value is no metric after all; None where it is one, "" where it is nothing worth showing."""
    plain = value.unit is None
    if plain and not (meaning.stated or value.first.decimal or value.first.prefix or value.is_range):
        return "no_unit" if name else ""
    if _SPLIT_UNIT.match(folded, value.end):
        return "unknown_unit"
    if plain and end == value.end and is_chinese(folded[end : end + 1]):
        return "unknown_unit"
    if value.unit == MULTIPLE and not meaning.is_change and not re.search(r"[到至]|是|为", left[-6:]):
        return "no_unit"
    if _CONDITION.match(folded, value.end) and not meaning.stated:
        return "no_name"
    if (value.unit == "%" and _RELATIVE_TO.search(left)) or (
        meaning.is_change and _CONDITIONAL.search(meaning.left)
    ):
        return "relative_value"
    if name and not _is_named_well(folded, value, meaning, name):
        return "no_name"
    if not name:
        return "several_values" if previous and _LIST.fullmatch(meaning.left or " ,") else "no_name"
    return None


def _is_named_well(folded: str, value: Value, meaning: Meaning, name: str) -> bool:
    """Without a comparison word, only a name that says a property makes a value a metric."""
    if _COMPARES.search(name) or (value.unit in _TIMES and _DESIGNATION.fullmatch(name)):
        return False
    if value.name or meaning.is_change or value.first.prefix:
        return True
    if meaning.strong:
        return True
    if not is_chinese(name):
        return "/" not in name
    if value.unit in _TIMES:
        return _TIME_NAME.search(name) is not None
    if meaning.stated:
        # "后方70m内" bounds a place; "长度在32m以内" bounds a property.
        return meaning.comparison is not Comparison.AT_MOST or is_property(name)
    behind = folded[value.end : value.end + 2]
    if _MODIFIED.match(behind) and not _NOT_MODIFIED.match(behind):
        return False  # "200mm长的零件": the value describes what follows
    return is_property(name)
