"""Technology fields 技术领域: the eleven of the national technology-contract statistics.

Files rarely carry these eleven names. They carry the eight high-tech fields 高新技术领域 (2016), the nine strategic
emerging industries (2018), the six future industries (2024), or short forms of any of them; field_names.tsv lists
these. A name is read only where one of the eleven holds what it stands for. Left unread, so that whoever imports
decides, are

* 高技术服务, 相关服务业: services of every field, from software to inspection and logistics;
* 数字创意: equipment, software and culture;
* 未来空间: space, deep sea and deep earth.

Two readings are ours: 节能环保 is the environment (that industry is mostly the control and reuse of waste), and
新能源汽车 is modern transport.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from ronglian.kernel.codes.table import is_english, name_key, plain_text, read_table


class TechnologyField(StrEnum):
    """技术领域"""

    ELECTRONIC_INFORMATION = "electronic_information"
    AEROSPACE = "aerospace"
    ADVANCED_MANUFACTURING = "advanced_manufacturing"
    BIOMEDICINE = "biomedicine"
    NEW_MATERIALS = "new_materials"
    NEW_ENERGY = "new_energy"
    ENVIRONMENT = "environment"
    NUCLEAR = "nuclear"
    AGRICULTURE = "agriculture"
    MODERN_TRANSPORT = "modern_transport"
    URBAN_SOCIAL = "urban_social"

    @property
    def zh(self) -> str:
        """The name in the statistics."""
        return _NAMES[self][0]

    @property
    def en(self) -> str:
        return _NAMES[self][1]


_NAMES: Mapping[TechnologyField, tuple[str, str]] = {
    TechnologyField.ELECTRONIC_INFORMATION: ("电子信息", "Electronic information"),
    TechnologyField.AEROSPACE: ("航空航天", "Aerospace"),
    TechnologyField.ADVANCED_MANUFACTURING: ("先进制造", "Advanced manufacturing"),
    TechnologyField.BIOMEDICINE: ("生物、医药和医疗器械", "Biology, medicine and medical devices"),
    TechnologyField.NEW_MATERIALS: ("新材料及其应用", "New materials and their application"),
    TechnologyField.NEW_ENERGY: ("新能源与高效节能", "New energy and energy efficiency"),
    TechnologyField.ENVIRONMENT: (
        "环境保护与资源综合利用",
        "Environmental protection and comprehensive use of resources",
    ),
    TechnologyField.NUCLEAR: ("核应用", "Nuclear applications"),
    TechnologyField.AGRICULTURE: ("农业", "Agriculture"),
    TechnologyField.MODERN_TRANSPORT: ("现代交通", "Modern transport"),
    TechnologyField.URBAN_SOCIAL: ("城市建设与社会发展", "Urban construction and social development"),
}

_TAIL = re.compile(r"(?<=..)(技术|产业|领域|行业|方向|类)+$")
# "电子信息-软件" and "1. 电子信息 > 软件" name the field first; "新材料/新能源" names two and is not cut.
_DEEPER = re.compile(r"[->:—–]")
_NUMBERED = re.compile(r"^\(?[0-9一二三四五六七八九十]+[).、\s]\s*")


def _field_key(name: str) -> str:
    """与, 和, 及 and a final 技术, 产业 or 领域 make no difference."""
    key = re.sub("[与和及]其?", "", name_key(name))
    return _TAIL.sub("", key)


@cache
def _fields() -> Mapping[str, TechnologyField]:
    names: dict[str, TechnologyField] = {}
    for field in TechnologyField:
        names |= {_field_key(name): field for name in (field.value, field.zh, field.en)}
    names |= {_field_key(row["name"]): TechnologyField(row["field"]) for row in read_table("field_names")}
    return names


def field_name(field: TechnologyField, language: str) -> str:
    """ "新材料及其应用" or "New materials and their application"."""
    return field.en if is_english(language) else field.zh


def find_field(text: str) -> TechnologyField | None:
    """The field a cell names, perhaps numbered or with a subfield behind it; None for no field or several."""
    plain = _NUMBERED.sub("", plain_text(text))
    for name in (plain, _DEEPER.split(plain)[0]):
        field = _fields().get(_field_key(name))
        if field is not None:
            return field
    return None
