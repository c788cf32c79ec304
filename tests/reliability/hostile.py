"""Texts and values that break careless programs, built here so that each can be read."""

from __future__ import annotations

from typing import Any

SQL = (
    "' OR '1'='1", "'; DROP TABLE registry_need; --", '" OR ""="', "1; SELECT pg_sleep(10)", "%' AND 1=0 UNION SELECT 1 --",
    "\\'; --", "admin'--", "0x27204f52", "';EXEC xp_cmdshell('id')", "1) OR (1=1", "LIKE '%%%'", "_%_%", "\\", "''", "`id`",
    "$$;$$", "E'\\x00'", "NULL", "CAST(1 AS TEXT)", "/**/OR/**/1=1", "0/0", "sqlite_master", "pragma_table_info('x')",
)  # fmt: skip
HTML = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "</textarea><script>1</script>",
    "</title><b>", '" onfocus="alert(1)', "' autofocus onfocus=alert(1) '", "javascript:alert(1)", "&lt;script&gt;",
    "&#x3C;b&#x3E;", "<!--", "-->", "]]>", "<![CDATA[x]]>", "</script>", "<iframe src=//x>", "<a href='javascript:1'>x</a>",
    "<math><mtext></form><form>", "<style>*{}</style>", "<base href=//x>", "<meta http-equiv=refresh content=0>", "<x", "&",
    "&&&", "<p hx-get='/work/'>", "<mark>x</mark>",
)  # fmt: skip
TEMPLATES = (
    "{{ 7*7 }}", "{% load x %}", "{{ settings.SECRET_KEY }}", "{% include 'x' %}", "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "%s", "%d", "%n", "%(name)s", "%%", "%", "%(", "%s%s%s%s", "{0}", "{}", "{0.__class__}", "{name!r}", "{:>99999}", "{", "}",
    "$HOME", "`$(id)`", "%00", "%2e%2e%2f", "{{", "}}", "{%", "%}",
)  # fmt: skip
PATHS = (
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/dev/null", "C:\\CON", "file:///etc/passwd", "http://127.0.0.1/",
    "//x", "a/b", ".", "..", "~root", "|id", ";id", "&&id", "$(id)", "\\\\host\\share", "nul", "aux.csv", "x.xlsx.exe",
)  # fmt: skip
FORMULAS = (
    "=1+1", "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", "'=1", "=cmd|' /C calc'!A0",
)  # fmt: skip
NUMBERS = (
    "1e999", "-1e999", "NaN", "nan", "Infinity", "-Infinity", "-0", "0x10", "0b1", "1_000", "１２３", "一亿亿亿", "1" * 30, "9" * 400,
    "1e-400", "٣", "²", "½", "1.2.3", "1,,2", "--1", "+-1", "1e", "٪", "∞", "0.1" * 50, "10^30", "-1", "2147483648",
    "9223372036854775808", "18446744073709551616", "true", "false", "null", "undefined", "None",
)  # fmt: skip
DATES = (
    "0000-00-00", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-01", "1e9-01-01", "2026-1-1", "26-01-01", "2026/01/01",
    "2026-01-01T00:00:00Z", "-0001-01-01", "today", "2026年2月30日", "1900-02-29", "0001-01-01", "99999999", "2026-W01-1",
)  # fmt: skip
METRICS = (
    "≥" * 200, "六价铬≥≤≥", "≥1e999 mg/L", "温度≥-273.16℃", "1×10^999 Pa", "1/0 m/s", "5 kg^9999999", "1~2~3~4 mg", "≥0 ≥0 ≥0",
    "pH 1" * 100, "100/120/140/160粒度", "30" * 100 + "%", "3" + "个月" * 300, "(" * 900, ")" * 900, "[" * 900, "（" * 900,
    "a" * 900 + "!", " " * 900, "≥ " * 400, "1 " * 400, "-" * 900, ",," * 400, "。" * 900, "万" * 300, "1万" * 300, "μ" * 300,
    "m³" * 300, "℃" * 300, "mg/L/" * 200, "kg·m·s·" * 100, "1e5e5e5", "±" * 300, "≤0.1 mg/L" * 90,
)  # fmt: skip
UNICODE = (
    "\u202eabc", "\u2066x\u2069", "\u200b", "\u200d\u200c", "\ufeffx", "\u2028", "\u2029", "\u0085", "e\u0301" * 40,
    "Z" + "\u0334\u0345\u0310" * 60, "👩‍👩‍👧‍👦" * 20, "🏳️‍🌈", "\U0010ffff", "\ufffe", "\uffff", "\ue000", "ﷺ" * 30, "ß", "İ", "ı", "ﬀ", "Ω", "Å",
    "ά" * 50, "한글", "ไทย" * 30, "עברית", "العربية", "\u115f", "\u3164", "　" * 20, "〇", "𠮷", "鿿", "㍿", "ⅷ", "㎎／Ｌ", "\u0e01\u0e49" * 90,
    "\U000e0041" * 30, "\u180e", "\u00ad", "\u2060", "\ufffc", "\ufffd", "﷽" * 9,
)  # fmt: skip
SURROGATES = ("\ud800", "\udbff", "\udc00", "\udfff", "\udc80abc", "x\ud83d", "\ude00\ud83d")
CONTROLS = tuple(f"甲{chr(code)}乙" for code in (*range(0x20), 0x7F, 0x80, 0x9F))
LONG = (
    "长" * 301,
    "长" * 20_001,
    "x" * 40_001,
    "x" * 1_048_576,
    "\x00" * 1000,
    "a " * 20_000,
    "\n" * 5_000,
    "%" * 5_000,
    "<" * 19_999,
)
EMPTY = ("", " ", "\t", "\n", "\r\n", "\u00a0", "\x00", "0")

PLAIN: tuple[str, ...] = (
    *SQL, *HTML, *TEMPLATES, *PATHS, *FORMULAS, *NUMBERS, *DATES, *METRICS, *UNICODE, *SURROGATES, *CONTROLS, *EMPTY,
)  # fmt: skip

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.5, -0.0, 1e308, 10**30, -(10**30), 2**63, 2**64, [], {}, [[]], [None], [True], [1], {"a": 1},
    [{}], [""], ["x"] * 1000, {"": ""}, {"__proto__": {}}, {"$ref": "#"}, "x", "", "\x00", "\ud800", "2026-02-30", "9" * 400, "1e5",
)  # fmt: skip


def nested(depth: int) -> Any:
    """A value inside that many lists."""
    value: Any = 1
    for _level in range(depth):
        value = [value]
    return value


def corpus() -> list[str]:
    """Each text as it is, inside Chinese prose, twice, in upper case, and full-width: well over a thousand."""
    found = dict.fromkeys(PLAIN)
    for text in PLAIN:
        found.update(dict.fromkeys((f"电镀{text}废水", f"{text}\n{text}", text.upper(), _wide(text))))
    found.update(dict.fromkeys(LONG))
    return list(found)


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
