"""Units of measurement in Chinese and English writing (计量单位).

A unit text such as ``克/立方厘米``, ``g/cm3``, ``W/(m·K)`` or ``万吨/年`` is parsed by the table below into atoms
with exponents and written back in one canonical way. Conversion is done by pint, in a registry of our own
that is made at the first conversion; parsing needs none, because starting one takes most of a second.
"""

import math
import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

# canonical symbol | pint expression | other ways to write it. The first listed wins where writings collide.
_TABLE = """
mm|millimeter|毫米 公厘
cm|centimeter|厘米 公分
dm|decimeter|分米
m|meter|米 公尺
km|kilometer|千米 公里
μm|micrometer|um μ 微米
nm|nanometer|纳米
pm|picometer|皮米
inch|inch|英寸 inches
ft|foot|英尺 feet
mg|milligram|毫克
g|gram|克 gram grams
kg|kilogram|千克 公斤 kgs kilograms
μg|microgram|ug 微克 mcg
ng|nanogram|纳克
t|metric_ton|吨 T tonne tonnes tons
jin|jin_weight|斤
s|second|秒 秒钟 sec seconds
ms|millisecond|毫秒
μs|microsecond|us 微秒
ns|nanosecond|纳秒
ps|picosecond|皮秒
fs|femtosecond|飞秒
min|minute|分钟 分 mins minutes
h|hour|小时 个小时 钟头 hr hrs hour hours
d|day|天 days
week|week|周 星期 个星期 weeks wk
month|month|个月 months
year|year|年 yr years
L|liter|升 公升 l liter liters litre litres
mL|milliliter|毫升 ml cc
μL|microliter|ul 微升
Nm³|meter**3|Nm3 标方 标准立方米 标立方米
ha|hectare|公顷
mu|mu_area|亩
MPa|megapascal|兆帕
kPa|kilopascal|千帕
GPa|gigapascal|吉帕
hPa|hectopascal|百帕
Pa|pascal|帕 帕斯卡 PA
mPa|millipascal|毫帕
bar|bar|巴
mbar|millibar|毫巴
atm|atmosphere|大气压 个大气压
psi|psi|
℃|degree_Celsius|°C º\u0043 摄氏度 度 degC
℉|degree_Fahrenheit|°F 华氏度
K|kelvin|开尔文 k
°|degree|deg degrees
W|watt|瓦 瓦特 w
kW|kilowatt|千瓦
MW|megawatt|兆瓦
GW|gigawatt|吉瓦
mW|milliwatt|毫瓦
kWp|kilowatt|
kVA|kilovolt*ampere|千伏安
MVA|megavolt*ampere|兆伏安
Wh|watt*hour|瓦时 瓦小时
kWh|kilowatt*hour|千瓦时 度电
MWh|megawatt*hour|兆瓦时
GWh|gigawatt*hour|吉瓦时
mAh|milliampere*hour|毫安时
Ah|ampere*hour|安时
J|joule|焦 焦耳
kJ|kilojoule|千焦
MJ|megajoule|兆焦
GJ|gigajoule|吉焦
mJ|millijoule|毫焦
kcal|kilocalorie|千卡 大卡
eV|electron_volt|电子伏
keV|kiloelectron_volt|
MeV|megaelectron_volt|
V|volt|伏 伏特 v
kV|kilovolt|千伏
mV|millivolt|毫伏
μV|microvolt|uV 微伏
A|ampere|安 安培
mA|milliampere|毫安
kA|kiloampere|千安
μA|microampere|uA 微安
Ω|ohm|欧 欧姆 Ω ohm
kΩ|kiloohm|千欧 kΩ
MΩ|megaohm|兆欧 MΩ
mΩ|milliohm|毫欧 mΩ
S|siemens|西门子
mS|millisiemens|
μS|microsiemens|uS
F|farad|法拉
μF|microfarad|uF 微法
pF|picofarad|皮法
Hz|hertz|赫兹 赫
kHz|kilohertz|千赫 千赫兹
MHz|megahertz|兆赫 兆赫兹
GHz|gigahertz|吉赫 吉赫兹
THz|terahertz|太赫兹
N|newton|牛 牛顿
kN|kilonewton|千牛
MN|meganewton|兆牛
mN|millinewton|毫牛
mol|mole|摩尔 摩
mmol|millimole|毫摩尔
μmol|micromole|umol 微摩尔
cd|candela|坎德拉
lm|lumen|流明
lx|lux|勒克斯
mT|millitesla|毫特斯拉
Tesla|tesla|特斯拉
Gy|gray|戈瑞
Bq|becquerel|贝克
cP|centipoise|厘泊
cSt|centistokes|厘斯
D_t|denier|旦
dtex|decitex|分特
bit|bit|比特
kbps|kilobit/second|
Mbps|megabit/second|
Gbps|gigabit/second|
KB|kilobyte|千字节
MB|megabyte|兆字节
GB|gigabyte|吉字节
TB|terabyte|太字节
r|revolution|转 圈 rev
%|percent|％ percent pct wt% vol% at%
‰|permille|
ppm|ppm|
ppb|ppb|
ppt|ppt_mass|
pp|percentage_point|百分点 个百分点
dB|decibel_level|分贝
dB(A)|decibel_a|dBA
dBm|decibel_milliwatt|
dBi|decibel_isotropic|
HRC|hardness_rockwell_c|
HRB|hardness_rockwell_b|
HRA|hardness_rockwell_a|
HV|hardness_vickers|
HB|hardness_brinell|HBW
mesh|mesh_number|目
NTU|turbidity|
IU|international_unit|国际单位
CFU|colony_forming_unit|
CNY|yuan|元 块钱 人民币 RMB yuan
times|occurrence|次 回
cycles|occurrence|循环 个循环 次循环 cycle
pcs|piece|个 只 件 台 套 条 支 辆 瓶 片 块 根 颗 头 羽 株 粒 枚 把 pieces units
person|person|人 名 人次 persons people
px|pixel|像素 pixel pixels
fps|frame/second|帧/秒
ions|ion|ion 离子
"""  # fmt: skip
_DEFINITIONS = (
    "jin_weight = 0.5 * kilogram", "mu_area = 2000 / 3 * meter ** 2", "ppb = 1e-9", "ppt_mass = 1e-12", "percentage_point = [percentage_point]",
    "decibel_level = [level]", "decibel_a = [level_a]", "decibel_milliwatt = [level_m]",
    "decibel_isotropic = [level_i]", "hardness_rockwell_c = [hrc]", "hardness_rockwell_b = [hrb]",
    "hardness_rockwell_a = [hra]", "hardness_vickers = [hv]", "hardness_brinell = [hb]", "mesh_number = [mesh]",
    "turbidity = [turbidity]", "international_unit = [activity_iu]", "colony_forming_unit = [colony]",
    "yuan = [money]", "occurrence = [occurrence]", "piece = [piece]", "person = [person]", "ion = [ion]",
    "frame = [frame]",
)  # fmt: skip
# Several atoms in one word.
_COMPOUND = {
    "rpm": "r/min", "RPM": "r/min", "Nm": "N·m", "牛米": "N·m", "千牛米": "kN·m", "km2": "km²",
    "bps": "bit/s", "立方米": "m³", "立方": "m³", "方": "m³", "立方厘米": "cm³", "立方毫米": "mm³",
    "立方分米": "dm³", "平方米": "m²", "平米": "m²", "平方厘米": "cm²", "平方毫米": "mm²",
    "平方公里": "km²", "平方千米": "km²", "平方": "m²", "㎡": "m²", "㎥": "m³", "㎎": "mg", "㎏": "kg",
    "㎜": "mm", "㎝": "cm", "㎞": "km", "㎛": "μm", "㎠": "cm²", "㎤": "cm³", "sccm": "cm³/min",
    "元人民币": "CNY",
}  # fmt: skip
# One letter that means a unit only behind a stroke: t/a, mg/kg/y.
_BELOW_ONLY = {"a": "year", "y": "year", "月": "month", "日": "d", "亩": "mu", "只": "pcs", "人": "person"}
_SCALES = {"万亿": 1e12, "千万": 1e7, "百万": 1e6, "十万": 1e5, "亿": 1e8, "万": 1e4}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_TO_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_OFFSET_SCALES = {"℃": "delta_degree_Celsius", "℉": "delta_degree_Fahrenheit"}
_EXPONENT = r"(?:\^?-?[1-4](?![0-9.])|[⁻]?[¹²³⁴])?"


class ParsedUnit(NamedTuple):
    """A unit as a number in front and atoms (canonical symbol, exponent)."""

    scale: float
    atoms: tuple[tuple[str, int], ...]


def _read_table() -> tuple[dict[str, str], dict[str, str]]:
    pint_names: dict[str, str] = {}
    exact: dict[str, str] = {}
    variants: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        symbol, pint_name, others = line.split("|")
        pint_names[symbol] = pint_name
        for written in (symbol, *others.split()):
            exact.setdefault(written, symbol)
            # Mpa, KN, wh: people do not keep capitals in units. One letter alone stays as it is.
            if len(written) > 1 and written.isascii():
                for variant in (
                    written.lower(),
                    written.upper(),
                    written.capitalize(),
                    written[0].upper() + written[1:],
                ):
                    variants.setdefault(variant, symbol)
    return pint_names, variants | exact


_PINT_NAMES, _ATOMS = _read_table()
_WRITINGS = sorted({*_ATOMS, *_COMPOUND, *_BELOW_ONLY}, key=len, reverse=True)
_ATOM = "(?:" + "|".join(re.escape(written) for written in _WRITINGS) + ")"
_FIRSTS = re.escape("".join({written[0] for written in _WRITINGS}))
_STEP = rf"{_ATOM}{_EXPONENT}"
_GROUP = rf"\({_STEP}(?:\s?[·.*⋅×]\s?{_STEP})*\)"
_FACTOR = rf"(?:{_STEP}|{_GROUP})"
#: The longest unit expression at a place; Latin letters must not run on behind it.
UNIT = re.compile(
    rf"(?=[{_FIRSTS}]){_STEP}(?:(?:\s?[/／]\s?|\s?[·⋅*×]\s?|[.](?=[A-Za-z]))(?:每)?{_FACTOR})*(?![A-Za-z])"
)
_PART = re.compile(rf"(?P<sign>[/·.*⋅×()\s])|(?P<atom>{_ATOM})(?P<exponent>{_EXPONENT})")


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> ParsedUnit | None:
    """Atoms of a unit text, or None where any part of it is unknown. "" is the pure number."""
    text = text.strip().replace("／", "/").replace("每", "/")
    scale = 1.0
    power = re.match(r"10([⁰¹²³⁴-⁹⁻]+|\^-?\d+) ?", text)
    if power:
        scale = 10.0 ** int(power.group(1).lstrip("^").translate(_SUPERSCRIPTS))
        text = text[power.end() :]
    for word, factor in _SCALES.items():
        if text.startswith(word) and len(text) > len(word):
            scale, text = scale * factor, text[len(word) :]
            break
    atoms = _read_atoms(text)
    return (
        None
        if atoms is None
        else ParsedUnit(scale, tuple((symbol, power) for symbol, power in atoms.items() if power))
    )


def _read_atoms(text: str) -> dict[str, int] | None:
    atoms: dict[str, int] = {}
    below, joined, at = False, True, 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            return None
        at = part.end()
        if part["sign"]:
            # Behind the first stroke everything is a divisor: W/m·K is written for W/(m·K).
            below = below or part["sign"] == "/"
            joined = True
            continue
        if not joined:
            return None
        joined = False
        exponent = int(part["exponent"].lstrip("^").translate(_SUPERSCRIPTS) or 1)
        for symbol, power in _expand(part["atom"], below):
            if symbol not in _PINT_NAMES:
                return None
            atoms[symbol] = atoms.get(symbol, 0) + power * exponent * (-1 if below else 1)
    return atoms


def _expand(written: str, below: bool) -> tuple[tuple[str, int], ...]:
    if written in _COMPOUND:
        inner = parse_unit(_COMPOUND[written])
        return inner.atoms if inner else ((written, 1),)
    if below and written in _BELOW_ONLY:
        return ((_BELOW_ONLY[written], 1),)
    return ((_ATOMS.get(written, written), 1),)


def canonical_unit(text: str) -> str | None:
    """One way to write a unit: "克/立方厘米" → "g/cm³", "万吨/年" → "10⁴ t/year"; None if unknown."""
    parsed = parse_unit(text)
    return None if parsed is None else write_unit(parsed)


def write_unit(parsed: ParsedUnit) -> str:
    """The canonical text of a parsed unit."""
    above = "·".join(_power(symbol, power) for symbol, power in parsed.atoms if power > 0)
    below = [_power(symbol, -power) for symbol, power in parsed.atoms if power < 0]
    divisor = f"({'·'.join(below)})" if len(below) > 1 else "".join(below)
    unit = above + (f"/{divisor}" if divisor else "")
    if parsed.scale == 1.0:
        return unit
    return f"10{str(round(math.log10(parsed.scale))).translate(_TO_SUPERSCRIPT)} {unit}".strip()


def _power(symbol: str, power: int) -> str:
    return symbol if power == 1 else symbol + str(power).translate(_TO_SUPERSCRIPT)


@cache
def _registry() -> Any:
    import pint  # noqa: PLC0415 - importing pint costs 0.6 s, which programs that never convert should not pay

    registry: Any = pint.UnitRegistry()
    for definition in _DEFINITIONS:
        registry.define(definition)
    return registry


def convert(value: float, unit_from: str, unit_to: str) -> float | None:
    """``value`` in another unit, or None where a unit is unknown or the two measure different things.

    Temperatures are taken as points on the scale (25 ℃ = 298.15 K), not as differences.
    """
    line = _conversion(unit_from, unit_to)
    if line is None:
        return None
    slope, offset = line
    converted = value * slope + offset
    return float(f"{converted:.12g}") if math.isfinite(converted) else None


@lru_cache(maxsize=4096)
def _conversion(unit_from: str, unit_to: str) -> tuple[float, float] | None:
    source, target = parse_unit(unit_from), parse_unit(unit_to)
    if source is None or target is None:
        return None
    if source == target:
        return 1.0, 0.0
    registry = _registry()
    pint_from, pint_to = registry.Unit(_pint_text(source)), registry.Unit(_pint_text(target))
    if pint_from.dimensionality != pint_to.dimensionality:
        return None
    start = float(registry.Quantity(0.0, pint_from).to(pint_to).magnitude)
    one = float(registry.Quantity(1.0, pint_from).to(pint_to).magnitude)
    # pint units carry no factor of their own: 10⁴ t/year is t/year and a factor.
    return (one - start) * source.scale / target.scale, start / target.scale


def _pint_text(parsed: ParsedUnit) -> str:
    alone = len(parsed.atoms) == 1 and parsed.atoms[0][1] == 1
    parts = []
    for symbol, power in parsed.atoms:
        name = _PINT_NAMES[symbol] if alone else _OFFSET_SCALES.get(symbol, _PINT_NAMES[symbol])
        parts.append(f"({name})**{power}" if power != 1 else f"({name})")
    return "*".join(parts) or "dimensionless"
