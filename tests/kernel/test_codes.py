"""Code tables: complete, equal to the standards, and found again as real files write them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.kernel.codes import industries, regions
from ronglian.kernel.codes.fields import TechnologyField, field_name, find_field
from ronglian.kernel.codes.industries import find_industry, industry_name, is_industry
from ronglian.kernel.codes.regions import (
    REGION_SETS,
    find_region,
    in_region_set,
    is_region,
    prefectures,
    provinces,
    region_name,
    region_short_name,
)
from ronglian.kernel.codes.table import UnknownCodeError, read_table
from tests.paths import SHARED_DATA, needs_shared_data

CODES = SHARED_DATA / "codes"


def test_the_code_tables_do_not_load_django() -> None:
    program = """
import sys
import ronglian.kernel.identifiers
from ronglian.kernel.codes import fields, industries, regions
regions.find_region("苏州"), industries.industries(), fields.find_field("新材料")
sys.exit(any(name.split(".")[0] == "django" for name in sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("table", ["regions", "industries", "field_names"])
def test_rows_are_whole_and_codes_unique(table: str) -> None:
    rows = read_table(table)
    key = next(iter(rows[0]))
    assert all(isinstance(value, str) and value == value.strip() for row in rows for value in row.values())
    assert [code for code, times in Counter(row[key] for row in rows).items() if times > 1] == []


# Regions


def test_how_many_regions() -> None:
    assert len(provinces()) == 34
    assert sum(len(prefectures(province.code)) for province in provinces()) == 333


@needs_shared_data
def test_regions_are_those_of_the_standard() -> None:
    listed = {row["code"]: row["zh"] for row in read_table("regions")}
    standard: dict[str, str] = {}
    for level in ("provinces", "cities"):
        rows: list[dict[str, Any]] = json.loads((CODES / f"regions-{level}.json").read_text(encoding="utf-8"))
        standard |= {row["code"]: row["name"] for row in rows}
    of_their_own = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
    assert listed == standard | of_their_own


@needs_shared_data
def test_every_county_is_known_and_found_by_its_address() -> None:
    counties = json.loads((CODES / "regions-counties.json").read_text(encoding="utf-8"))
    wrong = []
    for county in counties:
        code = county["code"]
        name = region_name(code, "zh")
        place = find_region(name)
        address = find_region(name + county["name"])
        if not is_region(code) or place != address or not code.startswith(str(place)):
            wrong.append((code, name, county["name"], place, address))
    assert len(counties) > 2_900
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("32", True),
        ("3205", True),
        ("320505", True),
        ("320500", True),
        ("320000", True),
        ("110108", True),  # under a container
        ("419001", True),  # a county of the province itself
        ("810001", True),  # no prefectures in the standard
        ("71", True),
        ("7101", False),
        ("3299", False),
        ("329901", False),
        ("10", False),
        ("100000", False),
        ("00", False),
        ("", False),
        ("3", False),
        ("320", False),
        ("32050", False),
        ("苏州", False),
        ("３２", False),
        ("32 ", False),
    ],
)
def test_is_region(code: str, known: bool) -> None:
    assert is_region(code) is known


@pytest.mark.parametrize(
    ("code", "zh", "en", "short_zh", "short_en"),
    [
        ("3205", "江苏省苏州市", "Suzhou, Jiangsu", "苏州", "Suzhou"),
        ("320505", "江苏省苏州市", "Suzhou, Jiangsu", "苏州", "Suzhou"),
        ("320500", "江苏省苏州市", "Suzhou, Jiangsu", "苏州", "Suzhou"),
        ("32", "江苏省", "Jiangsu", "江苏", "Jiangsu"),
        ("110108", "北京市", "Beijing", "北京", "Beijing"),
        ("1101", "北京市", "Beijing", "北京", "Beijing"),
        ("419001", "河南省", "Henan", "河南", "Henan"),
        ("1501", "内蒙古自治区呼和浩特市", "Hohhot, Inner Mongolia", "呼和浩特", "Hohhot"),
        ("6501", "新疆维吾尔自治区乌鲁木齐市", "Urumqi, Xinjiang", "乌鲁木齐", "Urumqi"),
        ("5401", "西藏自治区拉萨市", "Lhasa, Tibet", "拉萨", "Lhasa"),
        ("5402", "西藏自治区日喀则市", "Shigatse, Tibet", "日喀则", "Shigatse"),
        ("6531", "新疆维吾尔自治区喀什地区", "Kashgar, Xinjiang", "喀什", "Kashgar"),
        ("3502", "福建省厦门市", "Xiamen, Fujian", "厦门", "Xiamen"),
        ("4228", "湖北省恩施土家族苗族自治州", "Enshi, Hubei", "恩施", "Enshi"),
        ("6101", "陕西省西安市", "Xi'an, Shaanxi", "西安", "Xi'an"),
        ("50", "重庆市", "Chongqing", "重庆", "Chongqing"),
        ("81", "香港特别行政区", "Hong Kong", "香港", "Hong Kong"),
        ("82", "澳门特别行政区", "Macao", "澳门", "Macao"),
        ("3415", "安徽省六安市", "Lu'an, Anhui", "六安", "Lu'an"),
        ("4111", "河南省漯河市", "Luohe, Henan", "漯河", "Luohe"),
    ],
)
def test_region_names(code: str, zh: str, en: str, short_zh: str, short_en: str) -> None:
    assert (region_name(code, "zh"), region_name(code, "en")) == (zh, en)
    assert (region_short_name(code, "zh-hans"), region_short_name(code, "en-gb")) == (short_zh, short_en)


@pytest.mark.parametrize("code", ["99", "3299", "x", ""])
def test_an_unknown_region_has_no_name(code: str) -> None:
    for name in (region_name, region_short_name):
        with pytest.raises(UnknownCodeError) as refused:
            name(code, "zh")
        assert (refused.value.table, refused.value.code) == ("regions", code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("320500", "3205"),
        ("320000", "32"),
        ("3205", "3205"),
        ("320505", "320505"),
        ("110100", "11"),
        ("110108", "110108"),
        ("３２０５００", "3205"),
        ("999999", None),
        ("江苏", "32"),
        ("江苏省", "32"),
        ("苏州", "3205"),
        ("苏州市", "3205"),
        (" 江苏省 苏州市 ", "3205"),
        ("江苏苏州", "3205"),
        ("江苏-苏州", "3205"),
        ("江苏省/苏州市/吴中区", "3205"),
        ("江苏省苏州市吴中区某路1号", "3205"),
        ("苏州市吴中区", "3205"),
        ("中国江苏省", "32"),
        ("江苏省昆山市", "32"),
        ("江苏昆山市", "32"),
        ("北京", "11"),
        ("北京市", "11"),
        ("北京市市辖区", "11"),
        ("北京市海淀区", "11"),
        ("北京海淀区", "11"),
        ("上海浦东新区", "31"),
        ("吉林", "22"),
        ("吉林省", "22"),
        ("吉林市", "2202"),
        ("吉林省吉林市", "2202"),
        ("吉林市昌邑区", "2202"),
        ("海南", "46"),
        ("海南州", "6325"),
        ("海南藏族自治州", "6325"),
        ("海南藏族自治州共和县", "6325"),
        ("青海海南", "6325"),
        ("海南省三亚市", "4602"),
        ("内蒙古", "15"),
        ("内蒙古自治区", "15"),
        ("内蒙古兴安盟", "1522"),
        ("广西", "45"),
        ("广西自治区", "45"),
        ("广西壮族自治区南宁市", "4501"),
        ("延边", "2224"),
        ("延边州", "2224"),
        ("延边朝鲜族自治州", "2224"),
        ("新疆伊犁哈萨克自治州", "6540"),
        ("香港", "81"),
        ("澳门特别行政区", "82"),
        ("臺灣", "71"),
        ("Jiangsu", "32"),
        ("jiangsu province", "32"),
        ("Suzhou", "3205"),
        ("Suzhou City", "3205"),
        ("Suzhou, Jiangsu", "3205"),
        ("Suzhou, Jiangsu, China", "3205"),
        ("Jiangsu, Suzhou", "3205"),
        ("Suzhou, Anhui", "3413"),
        ("Kunshan, Jiangsu", "32"),
        ("Haidian District, Beijing", "11"),
        ("Taizhou", None),
        ("Taizhou, Zhejiang", "3310"),
        ("Yulin", None),
        ("Xi'an", "6101"),
        ("Xian", "6101"),
        ("Xi’an", "6101"),
        ("Shanxi", "14"),
        ("Shaanxi", "61"),
        ("Jilin", "22"),
        ("Jilin City", "2202"),
        ("Jilin, Jilin", "2202"),
        ("Hainan", "46"),
        ("Hainan, Qinghai", "6325"),
        ("Inner Mongolia", "15"),
        ("Inner Mongolia Autonomous Region", "15"),
        ("Guangxi Zhuang Autonomous Region", "45"),
        ("Yanbian Korean Autonomous Prefecture", "2224"),
        ("Enshi Tujia and Miao Autonomous Prefecture", "4228"),
        ("Tibet", "54"),
        ("Xizang", "54"),
        ("Hong Kong SAR", "81"),
        ("Macau", "82"),
        ("Lüliang", "1411"),
        ("Lvliang", "1411"),
        ("Urumqi", "6501"),
        ("", None),
        ("  ", None),
        (",", None),
        ("China", None),
        ("中国", None),
        ("全国", None),
        ("市辖区", None),
        ("省直辖县级行政区划", None),
        ("朝阳区", None),  # of Beijing or Changchun, not 朝阳市
        ("海南区", None),
        ("杭州湾新区", None),  # of Ningbo
        ("苏州大学", None),
        ("吉林大学", None),
        ("江苏大学", None),
        ("河南蒙古族自治县", None),  # of Qinghai
        ("Beijing, Shanghai", None),
        ("Suzhou, Taiwan", None),
        ("London", None),
    ],
)
def test_find_region(text: str, code: str | None) -> None:
    assert find_region(text) == code


def places() -> list[regions.Region]:
    return [place for province in provinces() for place in (province, *prefectures(province.code))]


def test_every_region_is_found_by_all_its_names() -> None:
    wrong = [
        (place.code, name)
        for place in places()
        for name in (
            place.code,
            place.code.ljust(6, "0"),
            place.zh,
            region_name(place.code, "zh"),
            region_name(place.code, "en"),
        )
        if find_region(name) != place.code
    ]
    assert wrong == []


def test_short_names_mislead_only_where_documented() -> None:
    shadowed = {place.zh_short for place in places() if find_region(place.zh_short) != place.code}
    assert shadowed == {"吉林", "海南"}
    unclear = {place.en for place in places() if find_region(place.en) is None}
    assert unclear == {"Taizhou", "Yichun", "Yulin"}
    shadowed_en = {place.zh_short for place in places() if find_region(place.en) not in (None, place.code)}
    assert shadowed_en == {"吉林", "海南", "宿州", "抚州"}


@given(st.text(max_size=20))
def test_find_region_gives_a_known_code_or_none(text: str) -> None:
    code = find_region(text)
    assert code is None or is_region(code)


def test_region_sets_hold_known_regions() -> None:
    assert all(is_region(code) for codes in REGION_SETS.values() for code in codes)
    assert REGION_SETS["jing_jin_ji"] == {"11", "12", "13"}
    assert {region_short_name(code, "zh") for code in REGION_SETS["yangtze_delta"]} == {
        "上海",
        "江苏",
        "浙江",
        "安徽",
    }
    assert {region_short_name(code, "zh") for code in REGION_SETS["greater_bay_area"]} == {
        *("广州", "深圳", "珠海", "佛山", "江门", "肇庆"),
        *("惠州", "东莞", "中山", "香港", "澳门"),
    }


@pytest.mark.parametrize(
    ("code", "name", "inside"),
    [
        ("3205", "yangtze_delta", True),
        ("320505", "yangtze_delta", True),
        ("31", "yangtze_delta", True),
        ("4403", "greater_bay_area", True),
        ("440305", "greater_bay_area", True),
        ("44", "greater_bay_area", False),
        ("4402", "greater_bay_area", False),
        ("1306", "chengdu_chongqing", False),
    ],
)
def test_in_region_set(code: str, name: str, inside: bool) -> None:
    assert in_region_set(code, name) is inside


def test_prefectures_are_asked_for_by_province() -> None:
    assert [place.zh for place in prefectures("46")] == ["海口市", "三亚市", "三沙市", "儋州市"]
    assert prefectures("11") == []
    with pytest.raises(UnknownCodeError):
        prefectures("3205")


# Industries


def test_how_many_industries() -> None:
    sections = industries.industries()
    assert "".join(section.code for section in sections) == "ABCDEFGHIJKLMNOPQRST"
    divisions = [division.code for section in sections for division in section.divisions]
    assert [code[1:] for code in divisions] == [f"{number:02}" for number in range(1, 98)]
    assert [len(section.divisions) for section in sections] == [
        *(5, 7, 31, 3, 4, 2, 8, 2, 3, 4),
        *(1, 2, 3, 4, 3, 1, 2, 5, 6, 1),
    ]


@needs_shared_data
def test_industries_are_those_of_the_standard() -> None:
    with (CODES / "industries-gbt4754-2017.jsonl").open(encoding="utf-8") as lines:
        standard = [json.loads(line) for line in lines]
    listed = {row["code"]: row["zh"] for row in read_table("industries")}
    assert listed == {row["code"]: row["name"] for row in standard if row["level"] in ("门类", "大类")}
    assert [row["code"] for row in standard if not is_industry(row["code"])] == []


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("C", True),
        ("C26", True),
        ("C261", True),
        ("C2614", True),
        ("C60", False),
        ("C2", False),
        ("C26140", False),
        ("26", False),
        ("c26", False),
        ("U98", False),
        ("", False),
        ("C２６", False),
    ],
)
def test_is_industry(code: str, known: bool) -> None:
    assert is_industry(code) is known


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("C", "制造业", "Manufacturing"),
        (
            "C26",
            "化学原料和化学制品制造业",
            "Manufacture of chemical raw materials and chemical products",
        ),
        ("C2710", "医药制造业", "Manufacture of medicines"),
        ("M73", "研究和试验发展", "Research and experimental development"),
    ],
)
def test_industry_names(code: str, zh: str, en: str) -> None:
    assert (industry_name(code, "zh-hans"), industry_name(code, "en")) == (zh, en)


def test_an_unknown_industry_has_no_name() -> None:
    with pytest.raises(UnknownCodeError):
        industry_name("C99", "zh")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C26", "C26"),
        ("c26", "C26"),
        ("26", "C26"),
        ("Ｃ２６", "C26"),
        ("C2614", "C2614"),
        ("2614", "C2614"),
        ("C", "C"),
        ("01", "A01"),
        ("化学原料和化学制品制造业", "C26"),
        ("化学原料与化学制品制造", "C26"),
        ("化学原料及化学制品制造业", "C26"),
        ("C26 化学原料和化学制品制造业", "C26"),
        ("C26-化学原料和化学制品制造业", "C26"),
        ("C26化学原料和化学制品制造业", "C26"),
        ("26 化学原料和化学制品制造业", "C26"),
        ("C2614 有机化学原料制造", "C2614"),
        ("C 制造业", "C"),
        ("制造业", "C"),
        ("医药制造", "C27"),
        ("农、林、牧、渔业", "A"),
        ("农林牧渔业", "A"),
        ("教育", "P"),
        ("Manufacture of medicines", "C27"),
        ("manufacture of rubber & plastics products", "C29"),
        ("Manufacturing", "C"),
        ("", None),
        ("60", "G60"),
        ("C60", None),
        ("C30 混凝土", None),
        ("C26 医药制造业", None),
        ("26个", None),
        ("2023年", None),
        ("A股上市", None),
        ("A quick sentence", None),
        ("98", None),
        ("化学", None),
    ],
)
def test_find_industry(text: str, code: str | None) -> None:
    assert find_industry(text) == code


def test_every_industry_is_found_by_code_and_names() -> None:
    twins = {"K70": "K", "P83": "P", "T97": "T"}  # the one division of a section, of the same name
    wrong = [
        (row["code"], text)
        for row in read_table("industries")
        for text in (row["code"], f"{row['code']} {row['zh']}", f"{row['code']} {row['en']}")
        if find_industry(text) != row["code"]
    ]
    wrong += [
        (row["code"], text)
        for row in read_table("industries")
        for text in (row["zh"], row["en"])
        if find_industry(text) != twins.get(row["code"], row["code"])
    ]
    assert wrong == []


@given(st.text(max_size=12))
def test_find_industry_gives_a_known_code_or_none(text: str) -> None:
    code = find_industry(text)
    assert code is None or is_industry(code)


# Technology fields

HIGH_TECH_FIELDS = {
    "电子信息": TechnologyField.ELECTRONIC_INFORMATION,
    "生物与新医药": TechnologyField.BIOMEDICINE,
    "航空航天": TechnologyField.AEROSPACE,
    "新材料": TechnologyField.NEW_MATERIALS,
    "高技术服务": None,
    "新能源与节能": TechnologyField.NEW_ENERGY,
    "资源与环境": TechnologyField.ENVIRONMENT,
    "先进制造与自动化": TechnologyField.ADVANCED_MANUFACTURING,
}
STRATEGIC_INDUSTRIES = {
    "新一代信息技术产业": TechnologyField.ELECTRONIC_INFORMATION,
    "高端装备制造产业": TechnologyField.ADVANCED_MANUFACTURING,
    "新材料产业": TechnologyField.NEW_MATERIALS,
    "生物产业": TechnologyField.BIOMEDICINE,
    "新能源汽车产业": TechnologyField.MODERN_TRANSPORT,
    "新能源产业": TechnologyField.NEW_ENERGY,
    "节能环保产业": TechnologyField.ENVIRONMENT,
    "数字创意产业": None,
    "相关服务业": None,
}
FUTURE_INDUSTRIES = {
    "未来制造": TechnologyField.ADVANCED_MANUFACTURING,
    "未来信息": TechnologyField.ELECTRONIC_INFORMATION,
    "未来材料": TechnologyField.NEW_MATERIALS,
    "未来能源": TechnologyField.NEW_ENERGY,
    "未来空间": None,
    "未来健康": TechnologyField.BIOMEDICINE,
}


@pytest.mark.parametrize(
    ("text", "field"), (HIGH_TECH_FIELDS | STRATEGIC_INDUSTRIES | FUTURE_INDUSTRIES).items()
)
def test_the_other_classifications_are_read(text: str, field: TechnologyField | None) -> None:
    assert find_field(text) is field


@needs_shared_data
def test_the_strategic_industries_are_the_standards() -> None:
    with (CODES / "strategic-industries-2018.jsonl").open(encoding="utf-8") as lines:
        first_level = {row["name"] for row in map(json.loads, lines) if row["level"] == 1}
    assert first_level == set(STRATEGIC_INDUSTRIES)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("生物、医药和医疗器械", TechnologyField.BIOMEDICINE),
        ("生物医药", TechnologyField.BIOMEDICINE),
        ("生物医药技术领域", TechnologyField.BIOMEDICINE),
        ("新材料及应用", TechnologyField.NEW_MATERIALS),
        ("新材料技术", TechnologyField.NEW_MATERIALS),
        ("新能源及高效节能", TechnologyField.NEW_ENERGY),
        ("环境保护及资源综合利用技术", TechnologyField.ENVIRONMENT),
        ("核技术", TechnologyField.NUCLEAR),
        ("核应用技术", TechnologyField.NUCLEAR),
        ("信息技术", TechnologyField.ELECTRONIC_INFORMATION),
        ("电子信息-软件", TechnologyField.ELECTRONIC_INFORMATION),
        ("电子信息：软件", TechnologyField.ELECTRONIC_INFORMATION),
        ("一、电子信息", TechnologyField.ELECTRONIC_INFORMATION),
        ("（1）电子信息", TechnologyField.ELECTRONIC_INFORMATION),
        ("01 电子信息", TechnologyField.ELECTRONIC_INFORMATION),
        ("城市建设与社会发展", TechnologyField.URBAN_SOCIAL),
        ("现代农业", TechnologyField.AGRICULTURE),
        ("New Materials", TechnologyField.NEW_MATERIALS),
        ("new_materials", TechnologyField.NEW_MATERIALS),
        ("Electronic information", TechnologyField.ELECTRONIC_INFORMATION),
        ("Biology, medicine & medical devices", TechnologyField.BIOMEDICINE),
        ("", None),
        ("-", None),
        ("其他", None),
        ("新材料、新能源", None),
        ("新材料/新能源", None),
        ("技术", None),
    ],
)
def test_find_field(text: str, field: TechnologyField | None) -> None:
    assert find_field(text) is field


@pytest.mark.parametrize("field", TechnologyField)
def test_every_field_is_found_by_value_and_names(field: TechnologyField) -> None:
    assert {find_field(text) for text in (field.value, field.zh, field.en)} == {field}
    assert (field_name(field, "zh-hans"), field_name(field, "en")) == (field.zh, field.en)


def test_eleven_fields() -> None:
    assert len(TechnologyField) == 11


def test_no_name_is_listed_for_two_fields() -> None:
    """Two spellings of one key would silently overwrite each other."""
    wrong = [row for row in read_table("field_names") if find_field(row["name"]) != row["field"]]
    assert wrong == []
