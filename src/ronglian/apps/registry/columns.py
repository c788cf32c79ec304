"""The columns of the files we read and write: one table for each kind of record.

A column's `name` is the JSON Lines key; `zh` and `en` head its column in spreadsheets; `aliases` are other headers
under which real files carry it. Recognition folds width, case, blanks and brackets and drops units, so that
"预算金额（万元）" is 预算金额 in 万元.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from django.db import models

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.code_lists import CODE_LISTS
from ronglian.apps.registry.models import Expert, Need, Result, Scene
from ronglian.kernel.codes.table import name_key

Kind = Literal["organisations", "results", "needs", "experts", "scenes"]
KINDS: tuple[Kind, ...] = ("organisations", "results", "needs", "experts", "scenes")
MODELS: Mapping[str, Any] = {
    "organisations": Organisation,
    "results": Result,
    "needs": Need,
    "experts": Expert,
    "scenes": Scene,
}


class CellKind(StrEnum):
    """单元格类型: how a cell is read and written."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    KEYWORDS = "keywords"
    DATE = "date"
    INTEGER = "integer"
    MONEY = "money"
    METRICS = "metrics"
    REGION = "region"
    INDUSTRY = "industry"
    BOOLEAN = "boolean"
    USCC = "uscc"
    ORCID = "orcid"
    ROR = "ror"
    ORGANISATION = "organisation"
    SOURCE_ID = "source_id"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `attributes` are the model's, two for a range of money. `fallbacks` are keys read when it is empty."""

    name: str
    kind: CellKind
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    fallbacks: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    required: bool = False
    choices: type[models.TextChoices] | None = None
    low: int = 0
    high: int = 0
    read_only: bool = False
    example_zh: str = ""
    example_en: str = ""

    def header(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def example(self, language: str) -> str:
        return self.example_zh if language == "zh" else self.example_en or self.example_zh

    def help(self, language: str) -> str:
        """What may stand in the column, in one sentence."""
        return HELP[self.kind][language != "zh"]


HELP: Mapping[CellKind, tuple[str, str]] = {
    CellKind.TEXT: ("一行文字", "One line of text"),
    CellKind.LONG_TEXT: ("文字，可分行", "Text, several lines if need be"),
    CellKind.CHOICE: ("从列表中选一项", "One of the list"),
    CellKind.CHOICES: ("从列表中选，多项用；隔开", "Of the list, several separated by ;"),
    CellKind.KEYWORDS: ("关键词，用；隔开", "Keywords, separated by ;"),
    CellKind.DATE: ("日期，如 2026-12-31", "A date, such as 2026-12-31"),
    CellKind.INTEGER: ("整数", "A whole number"),
    CellKind.MONEY: (
        "金额，如 30-60万元、不超过50万元、面议",
        "An amount, such as CNY 300,000 - CNY 600,000, or negotiable",
    ),
    CellKind.METRICS: (
        "指标，用；隔开，如 六价铬≤0.1 mg/L；处理量≥50 m³/d",
        "Metrics, separated by ; such as: yield ≥ 95 %; flow ≥ 50 m³/d",
    ),
    CellKind.REGION: (
        "地区名称或行政区划代码，如 江苏省苏州市、3205",
        "A region or its code, such as Suzhou, Jiangsu or 3205",
    ),
    CellKind.INDUSTRY: ("行业名称或代码，如 C26", "An industry or its code, such as C26"),
    CellKind.BOOLEAN: ("是 或 否", "yes or no"),
    CellKind.USCC: ("18 位统一社会信用代码", "Unified social credit code, 18 characters"),
    CellKind.ORCID: ("ORCID，如 0000-0002-1825-0097", "ORCID, such as 0000-0002-1825-0097"),
    CellKind.ROR: ("ROR 标识，如 05dxps055", "ROR id, such as 05dxps055"),
    CellKind.ORGANISATION: (
        "单位名称、统一社会信用代码或其在来源中的编号",
        "An organisation's name, social credit code or id in its source",
    ),
    CellKind.SOURCE_ID: ("记录编号：再次导入时据此更新", "The record's id: a later import updates by it"),
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|") if word.strip())


def _column(
    name: str, kind: CellKind, zh: str, en: str, aliases: str = "", *, example: tuple[str, str] = ("", ""),
    fallbacks: str = "", **rest: object,
) -> Column:  # fmt: skip
    column = Column(
        name, kind, zh, en, _words(aliases), _words(fallbacks), example_zh=example[0], example_en=example[1]
    )
    column = replace(column, **rest)  # type: ignore[arg-type]  # the table below spells the fields out
    return column if column.attributes else replace(column, attributes=(name,))


K = CellKind
_ID = _column(
    "id", K.SOURCE_ID, "编号", "Id", "需求编号|成果编号|单位编号|专家编号|场景编号|登记号|成果登记号|项目编号|记录编号|source_id",
    attributes=("source_id",),
)  # fmt: skip
_KEYWORDS = (
    _column(
        "keywords",
        K.KEYWORDS,
        "关键词",
        "Keywords",
        "关键字|中文关键词|主题词",
        example=("电镀废水；六价铬", ""),
    ),
    _column("keywords_en", K.KEYWORDS, "英文关键词", "English keywords", "keywords in English"),
)
_FIELD = _column(
    "technology_field", K.CHOICE, "技术领域", "Technology field",
    "所属技术领域|所属领域|所属高新技术领域|高新技术领域|应用技术领域|领域|行业领域|field|technology area",
    choices=CODE_LISTS["technology-fields"], example=("环境保护与资源综合利用", "environment and resources"),
)  # fmt: skip
_INDUSTRY = _column(
    "industry",
    K.INDUSTRY,
    "所属行业",
    "Industry",
    "国民经济行业|应用行业|所属国民经济行业|行业|行业分类|行业代码",
    example=("C33", "C33"),
)
_REGION = _column(
    "region", K.REGION, "所属地区", "Region", "地区|所在地区|所在地|所属区域|区域|省市|省份|城市|所在城市|注册地|location|city|province",
    example=("江苏省苏州市", "Suzhou, Jiangsu"),
)  # fmt: skip
_DISCLOSURE = _column(
    "disclosure",
    K.CHOICE,
    "公开范围",
    "Who may see it",
    "是否公开|公开方式",
    choices=CODE_LISTS["disclosures"],
    example=("公开", "everybody"),
)
_UNDER_NDA = _column(
    "under_nda", K.BOOLEAN, "详情保密", "Details under NDA", "是否保密|保密|签署保密协议后可见|confidential"
)
_SIGNING = _column("signing_suffices", K.BOOLEAN, "签署即可查阅", "Signing suffices", "签署后即可查阅")
_DATES = (
    _column("confirmed_on", K.DATE, "最近确认日期", "Last confirmed", "确认日期|更新日期|填报日期|发布日期|发布时间"),
    _column(
        "expires_on", K.DATE, "有效期", "Expires", "有效期至|截止日期|截止时间|失效日期|到期日|需求有效期|有效期限|valid until|deadline",
        example=("2027-12-31", "2027-12-31"),
    ),
)  # fmt: skip
_READ_ONLY = (
    _column("state", K.CHOICE, "记录状态", "State", choices=CODE_LISTS["states"], read_only=True),
    _column(
        "verification",
        K.CHOICE,
        "核实程度",
        "Verification",
        choices=CODE_LISTS["verifications"],
        read_only=True,
    ),
)
_SUMMARY_ALIASES = "content|abstract|description"


def _owner(zh: str, en: str, aliases: str) -> Column:
    return _column(
        "owner", K.ORGANISATION, zh, en, aliases, attributes=("owner_id",), example=("云澜示范有限公司", "")
    )


COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    "organisations": (
        _ID,
        _column("name", K.TEXT, "单位名称", "Name", "名称|企业名称|机构名称|单位|organisation|organization|organisation name|company", required=True, example=("云澜示范有限公司", "Yunlan Example Co.")),
        _column("name_en", K.TEXT, "英文名称", "English name", "单位英文名称|企业英文名称|name (en)"),
        _column("uscc", K.USCC, "统一社会信用代码", "Unified social credit code", "信用代码|社会信用代码|组织机构代码|USCC|credit code"),
        _column("ror", K.ROR, "ROR标识", "ROR id", "ROR"),
        _column("kind", K.CHOICE, "单位类型", "Kind", "单位性质|机构类型|类型|organisation kind|type", choices=CODE_LISTS["organisation-kinds"], required=True, example=("企业", "enterprise")),
        _column("size", K.CHOICE, "企业规模", "Size", "规模|单位规模|company size", choices=CODE_LISTS["organisation-sizes"], example=("小型", "small")),
        _REGION,
        _INDUSTRY,
        _column("summary", K.LONG_TEXT, "单位简介", "Summary", f"简介|企业简介|机构简介|主营业务|{_SUMMARY_ALIASES}"),
        _column("summary_en", K.LONG_TEXT, "英文简介", "English summary", "单位英文简介"),
        *_DATES,
        _READ_ONLY[1],
    ),
    "results": (
        _ID,
        _owner("所属单位", "Owner", "持有单位|权利人|所有权人|成果权属单位|单位|owner organisation|organisation owner"),
        _column("title", K.TEXT, "成果名称", "Title", "名称|标题|科技成果名称|成果标题|技术名称|项目名称|专利名称|发明名称|name|result", fallbacks="title_tokens", required=True, example=("电镀废水六价铬深度去除技术", "")),
        _column("title_en", K.TEXT, "成果英文名称", "English title", "英文名称|英文标题"),
        _column("completed_by", K.TEXT, "完成单位", "Completed by", "成果完成单位|第一完成单位|研发单位|申请人|专利权人|applicant", fallbacks="organisation"),
        _column("summary", K.LONG_TEXT, "成果简介", "Summary", f"简介|摘要|成果介绍|成果摘要|成果内容|技术简介|内容简介|项目简介|{_SUMMARY_ALIASES}", example=("采用……，实现……。", "")),
        _column("summary_en", K.LONG_TEXT, "英文简介", "English summary", "成果英文简介|英文摘要"),
        _column("details", K.LONG_TEXT, "技术详情", "Technical details", "成果详情|详细介绍|技术方案|技术原理|details"),
        _column("details_en", K.LONG_TEXT, "英文技术详情", "English technical details", ""),
        *_KEYWORDS,
        _FIELD,
        _INDUSTRY,
        _REGION,
        _column("output_form", K.CHOICE, "成果体现形式", "Form of the result", "体现形式|成果形式|成果类型|output form", choices=CODE_LISTS["output-forms"], example=("新工艺", "new process")),
        _column("stage", K.CHOICE, "所处阶段", "Stage", "成果所处阶段|研发阶段|成果阶段|发展阶段|成果应用状态", choices=CODE_LISTS["stages"], example=("中期阶段", "intermediate stage (pilot)")),
        _column("maturity", K.INTEGER, "技术就绪度", "Technology readiness level", "成熟度|技术成熟度|技术成熟度等级|成熟度等级|TRL|maturity level", low=1, high=9, example=("6", "6")),
        _column("technical_level", K.CHOICE, "技术水平", "Technical level", "成果水平|评价水平", choices=CODE_LISTS["technical-levels"], example=("国内先进", "domestically advanced")),
        _column("ip", K.CHOICES, "知识产权", "Intellectual property", "知识产权类型|知识产权形式|知识产权状况|IP", choices=CODE_LISTS["ip-kinds"], example=("发明专利；实用新型专利", "invention patent; utility model")),
        _column("ip_numbers", K.TEXT, "专利号或登记号", "Patent or registration numbers", "专利号|知识产权编号|专利授权号|申请号|公开号|专利申请号|patent number|patent numbers"),
        _column("transfer_modes", K.CHOICES, "拟采取的转化方式", "Transfer modes", "转化方式|拟转化方式|转让方式|合作方式|交易方式|cooperation", choices=CODE_LISTS["transfer-modes"], example=("普通许可；技术入股", "ordinary licence; technology as equity")),
        _column("price", K.MONEY, "价格", "Price", "转让价格|意向价格|交易价格|报价|转化金额|拟交易价格", attributes=("price_low_fen", "price_high_fen"), example=("80-120万元", "CNY 800,000 - CNY 1,200,000")),
        _column("metrics", K.METRICS, "技术指标", "Technical metrics", "主要技术指标|性能指标|指标|技术参数|主要技术参数", attributes=("metrics_text",), example=("六价铬≤0.05 mg/L；处理量≥50 m³/d", "")),
        _column("metrics_en", K.METRICS, "英文技术指标", "English technical metrics", "英文指标", attributes=("metrics_text_en",)),
        _UNDER_NDA,
        _SIGNING,
        _DISCLOSURE,
        *_DATES,
        *_READ_ONLY,
    ),
    "needs": (
        _ID,
        _owner("需求单位", "Owner", "企业名称|单位名称|发榜单位|所属单位|需求方|单位|企业|organisation|organization|company|enterprise"),
        _column("title", K.TEXT, "需求名称", "Title", "名称|标题|技术需求名称|需求标题|项目名称|难题名称|name|need", fallbacks="title_tokens", required=True, example=("电镀废水六价铬达标处理", "")),
        _column("title_en", K.TEXT, "需求英文名称", "English title", "英文名称|英文标题"),
        _column("summary", K.LONG_TEXT, "公开摘要", "Public summary", "需求公开摘要", example=("寻求……技术。", "")),
        _column("summary_en", K.LONG_TEXT, "英文公开摘要", "English public summary", ""),
        _column("details", K.LONG_TEXT, "需求详情", "Details of the need", f"需求内容|需求描述|详细需求|技术需求|需求简介|需求说明|内容|details|summary|{_SUMMARY_ALIASES}", example=("现有……，要求……。", "")),
        _column("details_en", K.LONG_TEXT, "英文需求详情", "English details", "需求英文详情"),
        _column("difficulty", K.LONG_TEXT, "拟解决的技术难题", "Technical difficulty to be solved", "技术难题|拟解决的问题|技术难点|难点|主要问题|关键技术问题"),
        _column("difficulty_en", K.LONG_TEXT, "英文技术难题", "English technical difficulty", ""),
        _column("existing_conditions", K.LONG_TEXT, "现有基础条件", "Existing conditions", "现有基础|现有工作基础|基础条件|现有条件|工作基础"),
        _column("existing_conditions_en", K.LONG_TEXT, "英文现有条件", "English existing conditions", ""),
        *_KEYWORDS,
        _FIELD,
        _INDUSTRY,
        _REGION,
        _column("modes", K.CHOICES, "合作方式", "Cooperation modes", "拟合作方式|合作模式|期望合作方式|对接方式|cooperation mode", choices=CODE_LISTS["transfer-modes"], example=("技术开发；先使用后付费", "commissioned or joint development; use first, pay later")),
        _column("budget", K.MONEY, "预算金额", "Budget", "预算|投入预算|拟投入资金|拟投入金额|资金预算|经费预算|意向金额|榜单金额", attributes=("budget_low_fen", "budget_high_fen"), example=("30-60万元", "CNY 300,000 - CNY 600,000")),
        _column("minimum_maturity", K.INTEGER, "最低技术就绪度", "Lowest technology readiness level", "最低成熟度|成熟度要求|技术成熟度要求", low=1, high=9, example=("6", "6")),
        _column("metrics", K.METRICS, "技术指标", "Technical metrics", "指标|预期目标|预期指标|主要技术指标|性能指标|考核指标|指标要求", attributes=("metrics_text",), example=("六价铬≤0.1 mg/L；处理成本≤20 元/吨", "")),
        _column("metrics_en", K.METRICS, "英文技术指标", "English technical metrics", "英文指标", attributes=("metrics_text_en",)),
        _column("hard", K.CHOICES, "必须满足", "Must be met", "硬性要求|硬约束|hard constraints", choices=CODE_LISTS["hard-constraints"]),
        _column("anonymous", K.BOOLEAN, "匿名发布", "Without the organisation's name", "匿名|是否匿名"),
        _UNDER_NDA,
        _SIGNING,
        _DISCLOSURE,
        *_DATES,
        *_READ_ONLY,
    ),
    "experts": (
        _ID,
        _owner("所在单位", "Organisation", "工作单位|所属单位|单位|单位名称|owner|organization|affiliation"),
        _column("name", K.TEXT, "姓名", "Name", "专家姓名|专家|名称|expert", required=True, example=("云澜某", "")),
        _column("name_en", K.TEXT, "英文姓名", "English name", "姓名拼音"),
        _column("title", K.TEXT, "职称", "Post", "职务|职称职务|post|position", attributes=("post",), example=("教授", "")),
        _column("title_en", K.TEXT, "英文职称", "English post", "post_en", attributes=("post_en",)),
        _column("orcid", K.ORCID, "ORCID", "ORCID", "orcid id"),
        _column("technology_fields", K.CHOICES, "技术领域", "Technology fields", "研究领域|专业领域|擅长领域|technology_field|fields", choices=CODE_LISTS["technology-fields"]),
        *_KEYWORDS,
        _REGION,
        _column("summary", K.LONG_TEXT, "专家简介", "Summary", f"简介|个人简介|研究方向|{_SUMMARY_ALIASES}"),
        _column("summary_en", K.LONG_TEXT, "英文简介", "English summary", "专家英文简介"),
        _DISCLOSURE,
        *_DATES,
        *_READ_ONLY,
    ),
    "scenes": (
        _ID,
        _owner("场景单位", "Owner", "发布单位|所属单位|单位名称|企业名称|单位|organisation|organization"),
        _column("title", K.TEXT, "场景名称", "Title", "名称|标题|应用场景名称|应用场景|name|scene", required=True, example=("夜间无人配送试点路段", "")),
        _column("title_en", K.TEXT, "场景英文名称", "English title", "英文名称"),
        _column("summary", K.LONG_TEXT, "场景简介", "Summary", f"简介|场景描述|场景介绍|场景内容|{_SUMMARY_ALIASES}"),
        _column("summary_en", K.LONG_TEXT, "英文简介", "English summary", "场景英文简介"),
        *_KEYWORDS,
        _FIELD,
        _INDUSTRY,
        _REGION,
        _column("opens_on", K.DATE, "开放日期", "Opens", "开始日期|开放时间|开放起始日期|start date"),
        _column("closes_on", K.DATE, "关闭日期", "Closes", "结束日期|开放截止日期|end date"),
        _column("conditions", K.LONG_TEXT, "开放条件", "Conditions", "条件|使用条件|申请条件"),
        _column("conditions_en", K.LONG_TEXT, "英文开放条件", "English conditions", ""),
        _UNDER_NDA,
        _SIGNING,
        _DISCLOSURE,
        *_DATES,
        *_READ_ONLY,
    ),
}  # fmt: skip

# Lists of other apps, read by the same machinery; they are neither imported as records nor exported.
_DECLARED: dict[str, tuple[Column, ...]] = {}

_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a header of a file means: the column, how surely (0 its own name, 1 an alias, 2 a fallback), its unit."""

    column: str
    rank: int = 0
    unit: Literal["yuan", "wan_yuan"] | None = None


def declare_columns(name: str, columns: tuple[Column, ...]) -> Kind:
    """A list of another app by its name: from here on its files are read like those of records."""
    kind: Kind = name  # type: ignore[assignment]  # outside the kinds of records on purpose
    _DECLARED[kind] = columns
    return kind


def columns_of(kind: Kind) -> tuple[Column, ...]:
    return COLUMNS[kind] if kind in COLUMNS else _DECLARED[kind]


def columns_by_name(kind: Kind) -> dict[str, Column]:
    return {column.name: column for column in columns_of(kind)}


def recognise_header(kind: Kind, header: str) -> Heading | None:
    """The column a header names, or None. A name with its bracket ("名称（英文）") goes before one without."""
    known = _headings(kind)
    for text in (header, _BRACKETS.sub("", header)):
        heading = known.get(name_key(text))
        if heading is not None:
            return replace(heading, unit=header_unit(header))
    return None


def header_unit(header: str) -> Literal["yuan", "wan_yuan"] | None:
    """The unit of money a header names: 万元 or 元."""
    key = "".join(_BRACKETS.findall(header)).lower()
    if "万" in key or "10,000" in key or "10k" in key:
        return "wan_yuan"
    return "yuan" if any(word in key for word in ("元", "yuan", "cny", "rmb")) else None


@cache
def _headings(kind: Kind) -> Mapping[str, Heading]:
    known: dict[str, Heading] = {}
    for rank in range(3):
        for column in columns_of(kind):
            own = (column.name, column.zh, column.en)
            for word in (own, column.aliases, column.fallbacks)[rank]:
                known.setdefault(name_key(word), Heading(column.name, rank))
    for column in columns_of(kind):
        for word in _english_forms(kind, column):
            known.setdefault(name_key(word), Heading(column.name, 1))
    return known


def _english_forms(kind: Kind, column: Column) -> list[str]:
    """ "名称（英文）", "英文名称" and "Name (English)" for a column in English beside a Chinese one."""
    if not column.name.endswith("_en"):
        return []
    chinese = columns_by_name(kind)[column.name.removesuffix("_en")]
    words = (chinese.zh, chinese.en, *chinese.aliases)
    return [
        form for word in words for form in (word + "英文", "英文" + word, f"{word} English", f"{word} en")
    ]
