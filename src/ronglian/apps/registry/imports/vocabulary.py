"""The words by which files name the codes of a list: the official Chinese term first, then usual synonyms.

English labels come from the code lists themselves. Recognition folds width, case, blanks and punctuation.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.utils import translation

from ronglian.apps.registry.code_lists import CODE_LISTS, LIST_NAMES, Choices
from ronglian.kernel.codes.fields import find_field
from ronglian.kernel.codes.table import name_key

# By code list and code.
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "technology-fields": {
        "electronic_information": ("电子信息",),
        "aerospace": ("航空航天", "航天航空"),
        "advanced_manufacturing": ("先进制造",),
        "biomedicine": ("生物、医药和医疗器械",),
        "new_materials": ("新材料及其应用",),
        "new_energy": ("新能源与高效节能", "能源", "节能"),
        "environment": ("环境保护与资源综合利用", "环境", "环保", "环境保护"),
        "nuclear": ("核应用",),
        "agriculture": ("农业",),
        "modern_transport": ("现代交通", "交通"),
        "urban_social": ("城市建设与社会发展",),
    },
    "output-forms": {
        "new_technology": ("新技术", "技术"),
        "new_process": ("新工艺", "工艺", "新方法"),
        "new_product": ("新产品", "产品"),
        "new_material": ("新材料", "材料"),
        "new_equipment": ("新装备", "新设备", "装备", "设备", "样机"),
        "software": ("计算机软件", "软件", "软件系统"),
        "new_variety": ("新品种", "动植物新品种", "生物新品种", "矿产新品种"),
        "other": ("其他", "其它", "其他应用技术", "论文论著", "标准"),
    },
    "stages": {
        "initial": ("初期阶段", "初期", "实验室阶段", "实验室", "小试", "小试阶段", "研发阶段", "概念阶段"),
        "pilot": ("中期阶段", "中期", "中试", "中试阶段", "样机阶段", "中试放大"),
        "mature": (
            "成熟应用阶段", "成熟应用", "成熟", "成熟阶段", "产业化", "产业化阶段", "量产", "规模化生产", "批量生产",
            "推广应用",
        ),
    },
    "technical-levels": {
        "international_leading": ("国际领先",),
        "international_advanced": ("国际先进",),
        "domestic_leading": ("国内领先",),
        "domestic_advanced": ("国内先进",),
        "unassessed": ("未评价", "未评估", "未鉴定", "其他"),
    },
    "ip-kinds": {
        "invention_patent": ("发明专利", "发明", "国家发明专利", "授权发明专利", "专利"),
        "utility_model": ("实用新型专利", "实用新型"),
        "design": ("外观设计专利", "外观设计", "外观专利"),
        "software_copyright": ("计算机软件著作权", "软件著作权", "软著", "软件登记"),
        "ic_layout": ("集成电路布图设计", "布图设计", "集成电路布图设计专有权"),
        "plant_variety": ("植物新品种权", "植物新品种", "品种权"),
        "technical_secret": ("技术秘密", "专有技术", "商业秘密", "know-how"),
        "none": ("无知识产权", "无", "没有", "暂无"),
    },
    "transfer-modes": {
        "transfer": ("技术转让", "转让", "专利权转让", "专利转让", "所有权转让", "成果转让"),
        "licence_exclusive": ("独占许可", "独占实施许可", "独家许可", "exclusive license"),
        "licence_sole": ("排他许可", "排他实施许可", "sole license"),
        "licence_ordinary": (
            "普通许可", "普通实施许可", "许可", "技术许可", "专利许可", "许可使用", "授权使用", "非独占许可",
            "license", "licence", "non-exclusive licence", "ordinary license",
        ),
        "open_licence": ("开放许可", "专利开放许可", "open license"),
        "pay_after_use": ("先使用后付费", "先用后付", "先用后转", "先试后付"),
        "equity": (
            "技术入股", "入股", "作价入股", "作价投资", "技术作价", "技术作价入股", "股权合作", "合资", "股权融资",
            "equity",
        ),
        "development": (
            "技术开发", "合作开发", "联合开发", "委托开发", "委托研发", "合作研发", "联合研发", "共同开发", "联合攻关",
            "技术攻关", "产学研合作", "合作", "development", "joint development", "commissioned development",
        ),
        "consulting": ("技术咨询", "咨询", "consulting"),
        "service": ("技术服务", "服务", "技术指导", "service"),
    },
    "hard-constraints": {
        "maturity": ("成熟度", "技术成熟度", "技术就绪度"),
        "budget": ("预算", "预算金额", "价格"),
        "region": ("地区", "区域", "地域", "所属地区"),
        "mode": ("合作方式", "转化方式"),
    },
    "disclosures": {
        "public": ("公开", "所有人", "对外公开", "全部公开"),
        "organisation": ("仅本单位", "本单位", "不公开", "内部", "单位内部"),
    },
    "states": {
        "draft": ("草稿",),
        "published": ("已发布",),
        "withdrawn": ("已撤回",),
    },
    "verifications": {
        "self_declared": ("自行申报",),
        "documented": ("已查验材料",),
        "verified": ("已现场或第三方核实",),
    },
    "organisation-kinds": {
        "enterprise": ("企业", "公司", "企业单位", "民营企业", "国有企业", "有限公司", "高新技术企业"),
        "university": ("高等院校", "高校", "大学", "学院", "院校"),
        "research_institute": ("科研院所", "研究院", "研究所", "科研机构", "科研单位", "新型研发机构"),
        "hospital": ("医院", "医疗机构"),
        "park": ("园区或孵化器", "园区", "孵化器", "科技园", "产业园", "众创空间"),
        "service_provider": ("服务机构", "中介机构", "技术转移机构", "科技服务机构"),
        "facility": ("科研设施", "大科学装置", "重大科技基础设施", "检测机构"),
        "investor": ("投资机构", "基金", "创投机构"),
        "government": ("政府部门", "政府", "机关"),
    },
    "organisation-sizes": {
        "large": ("大型", "大型企业"),
        "medium": ("中型", "中型企业"),
        "small": ("小型", "小型企业", "小企业"),
        "micro": ("微型", "微型企业", "小微企业"),
    },
}  # fmt: skip


@cache
def _codes_by_word(choices: Choices) -> Mapping[str, str]:
    found: dict[str, str] = {}
    words = WORDS[LIST_NAMES[choices]]
    for code in choices.values:
        labels = [*words[code], code, *_labels(choices, code)]
        for label in labels:
            found.setdefault(name_key(label), code)
    return found


def _labels(choices: Choices, code: str) -> list[str]:
    """The label in both languages, as the screens show it."""
    labels = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            labels.append(str(choices(code).label))
    return labels


def find_choice(choices: Choices, text: str) -> str | None:
    """The code that a word means, or None."""
    key = name_key(text)
    if not key:
        return None
    code = _codes_by_word(choices).get(key)
    if code is None and choices is CODE_LISTS["technology-fields"]:
        field = find_field(text)
        return None if field is None else str(field)
    return code


def choice_label(choices: Choices, code: str, language: str) -> str:
    """How a code is written in files: the official Chinese term, or the English label."""
    if language == "zh":
        return WORDS[LIST_NAMES[choices]][code][0]
    return _labels(choices, code)[1]


def choice_labels(choices: Choices, language: str) -> list[str]:
    """All labels of the list, in its order."""
    return [choice_label(choices, code, language) for code in choices.values]
