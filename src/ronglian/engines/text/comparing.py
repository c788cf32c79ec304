"""How a value is meant: comparison words before and behind it, and verbs of change (比较词)."""

import re
from dataclasses import dataclass

from ronglian.engines.text.metric_types import Comparison

# Order matters inside a group only where one word begins another; the group that ends nearest the number wins.
_NOT = r"(?:不(?:得|应|能|可|会|需)?|严禁|禁止)"
_STRONG = {
    Comparison.AT_LEAST: rf"≥|>=|≧|⩾|>\s?=|{_NOT}(?:低|少|小|短|弱)于|大于(?:或)?等于|大于或等于|高于或等于|至少为?|最低为?|最少为?|最小为?|下限为?|"
    r"at least|(?:no|not) (?:less|lower|fewer|smaller|shorter) than|(?:a )?minimum(?: of)?|min\.?|greater than or equal to",
    Comparison.AT_MOST: rf"≤|<=|≦|⩽|<\s?=|{_NOT}(?:高|多|大|长)于|{_NOT}(?:超过|超出|超)|小于(?:或)?等于|低于或等于|至多为?|最多为?|最高为?|最大为?|上限为?|"
    r"at most|(?:no|not) (?:more|greater|higher|larger|longer) than|not (?:to )?exceed(?:ing)?|up to|(?:a )?maximum(?: of)?|"
    r"max\.?|within|less than or equal to|not exceed",
    Comparison.ABOVE: r">|大于|高于|超过|多于|长于|优于|超出|more than|greater than|over|above|exceed(?:s|ing)?|(?:higher|larger|longer|better) than|beyond",
    Comparison.BELOW: r"<|小于|低于|少于|短于|不足|不到|(?:less|lower|fewer|smaller|shorter) than|below|under",
}
_WEAK = {
    Comparison.ABOUT: r"≈|约为?|大约为?|大概|接近|将近|近|about|around|approximately|approx\.?|roughly|nearly|ca\.",
    Comparison.AT_LEAST: r"(?:提[高升]|增[加大长]?|延长|提|升|扩大|改善|上升)(?:到|至|为)了?|达到?了?|可达到?|需达到?|高达|长达|不止|reach(?:es|ing)?|achiev(?:e|es|ing)|"
    r"(?:increas|rais|improv)\w+ to|attain(?:s|ing)?",
    Comparison.AT_MOST: r"(?:降低?|减少?小?|缩短|下降|缩小|减低)(?:到|至|为|在)了?|(?:控制|限制)(?:在|到|至|为)?|(?:reduc|lower|decreas)\w+ to|down to|limited to",
}


def _before(groups: dict[Comparison, str], first: str) -> re.Pattern[str]:
    """The words at the end of a text; a look at one character, of those they begin with, rules most places out."""
    named = "|".join(f"(?P<{comparison.value}>{words})" for comparison, words in groups.items())
    return re.compile(rf"(?=[{first}])(?:(?<![A-Za-z])|(?![A-Za-z]))(?:{named})\s*$", re.IGNORECASE)


_STRONG_BEFORE = _before(_STRONG, "≥>≧⩾≤<≦⩽不严禁大高至最下小低上超多长优短少a-z")
_WEAK_BEFORE = _before(_WEAK, "≈约大接将近提增延升扩改上达可需高长不降减缩下控限a-z")
_LONGEST_BEFORE = 28
_FILLER = re.compile(
    r"(?:[\s:：=]|为|是|在|应|需|必?须|必|平均|(?<![需主])要|(?<!平)均|(?<![许认])可|(?<![节性功智产动热势潜技电光])能|大概|分别|到|至|也|(?<![A-Za-z])(?:only|be|is|are|of|a|to|values?))$",
    re.IGNORECASE,
)
_LONGEST_FILLER = 8
_BEHIND = re.compile(
    r"\s?\(?(?:(?P<at_least>(?:及|或|及其|和)?(?:以上|之上)|起(?=[,，。;；]|$)|or (?:more|above|higher|better|greater|longer|over)|and above|minimum\b|min\b)|"
    r"(?P<at_most>(?:及|或|和)?(?:以下|以内|之内|之下)|内(?![部径外置衬壁层腔])|or (?:less|below|lower|fewer|shorter|under)|maximum\b|max\b)|"
    r"(?P<about>左右|上下(?![文游])|or so\b)|(?P<between>之间|间(?![隔距])))\)?"
)
_CHANGE_UP = r"提高|提升|增加|增长|增大|增幅|提速|增产|延长|改善|上升|扩大|升高|增强|增重|上浮|加快|improv\w*|increas\w*|rais\w*|enhanc\w*|boost\w*|extend\w*|gain\w*"
_CHANGE_DOWN = r"降低|减少|下降|缩短|减低|减小|减轻|减产|减重|减薄|节约|节省|节能|节材|节水|节电|节油|降耗|减排|降幅|下浮|缩小|reduc\w*|decreas\w*|lower\w*|cut\w*|sav\w*|shorten\w*"
_CHANGE = re.compile(
    rf"(?=[提增延改上扩升加降减下缩节a-z])(?:(?P<up>{_CHANGE_UP})|(?P<down>{_CHANGE_DOWN}))(?!到|至|为)"
    r"(?:了|幅度|率(?=[\s为达约]*$))?",
    re.IGNORECASE,
)
_THAN = re.compile(
    r"(?:较|比|高于|低于|相比|相对于|优于).{1,24}?(?:(?P<up>(?<!提)高出?|提?升|快|长|多|增)|(?P<down>低|降|减|少|短|轻|省))$"
)
#: Verbs that name their own object.
_OBJECT = {"节能": "能耗", "节材": "材料消耗", "节水": "水耗", "节电": "电耗", "节油": "油耗", "降耗": "能耗", "减排": "排放量",
           "减重": "重量", "增重": "重量", "提速": "速度", "增产": "产量", "减产": "产量"}  # fmt: skip
_COMPARED = re.compile(r"[较比高低相优]")
_LINK = re.compile(r"(?:\bby|\bof|于|了)$")
_TARGET = re.compile(r"(?:到|至|达|为|to|at)\s*$")


_ENGLISH_AIM = re.compile(
    rf"\b(?:(?P<up>{_CHANGE_UP})|(?P<down>{_CHANGE_DOWN}))\s(?P<object>[A-Za-z][A-Za-z \-]{{2,40}}?)\sto\s?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What stands around a value: the comparison, whether it is a change, and the text left for the name."""

    comparison: Comparison
    left: str
    end: int
    is_change: bool = False
    stated: bool = False
    #: A sign or word that can mean nothing else (≥, 不低于), not one like 达到 or 以内.
    strong: bool = False
    own_name: str = ""
    #: Where in the clause the comparison words begin; its length where there are none.
    operator_start: int = 0
    object_text: str = ""


def read_meaning(left: str, sentence: str, end: int, *, is_range: bool, relative: bool) -> Meaning:
    """The meaning of the value that ends at ``end``; ``left`` is the text of its clause before it.

    ``relative`` says that the unit is one of change (%, times, percentage points).
    """
    rest, strong, weak, operator_start = _strip_comparisons(left)
    behind = _BEHIND.match(sentence, end)
    suffix = Comparison(behind.lastgroup) if behind and behind.lastgroup else None
    if behind is not None:
        end = behind.end()
    if weak not in {Comparison.AT_LEAST, Comparison.AT_MOST} or not _TARGET.search(left):
        aimed = strong is not None or left.rstrip().endswith("在")
        change = _read_change(rest, sentence, end, relative=relative, aimed=aimed)
        if change is not None:
            comparison, name_text, own_name, object_text = change
            return Meaning(
                comparison,
                name_text,
                end,
                True,
                True,
                strong is not None,
                own_name,
                operator_start,
                object_text,
            )
    inside = behind is not None and "内" in behind.group()  # "在12-36V之内" bounds both sides
    aim = _ENGLISH_AIM.search(left)
    if aim is not None and strong is None:
        weak = Comparison.AT_LEAST if aim["up"] else Comparison.AT_MOST
        rest = aim["object"]
    comparison = _choose(strong, suffix, weak, is_range=is_range, inside=inside)
    stated = bool(strong or suffix or weak)
    return Meaning(
        comparison, rest, end, stated=stated, strong=strong is not None, operator_start=operator_start
    )


def _choose(
    strong: Comparison | None,
    suffix: Comparison | None,
    weak: Comparison | None,
    *,
    is_range: bool,
    inside: bool,
) -> Comparison:
    if is_range:
        # "45-60%以上" and "不低于30-50" bound one side; a lone range bounds both.
        one_sided = strong or (None if inside else suffix)
        return one_sided if one_sided in {Comparison.AT_LEAST, Comparison.AT_MOST} else Comparison.BETWEEN
    if strong is not None:
        return strong
    if suffix is not None and suffix is not Comparison.BETWEEN:
        return suffix
    return weak or Comparison.EQUAL


def _strip_comparisons(left: str) -> tuple[str, Comparison | None, Comparison | None, int]:
    operator_start = len(left)
    strong: Comparison | None = None
    weak: Comparison | None = None
    rest = left.rstrip()
    for _ in range(6):
        match = _STRONG_BEFORE.search(rest, max(0, len(rest) - _LONGEST_BEFORE))
        if match and match.lastgroup:
            strong = strong or Comparison(match.lastgroup)
        else:
            match = _WEAK_BEFORE.search(rest, max(0, len(rest) - _LONGEST_BEFORE))
            if match and match.lastgroup:
                weak = weak or Comparison(match.lastgroup)
            else:
                match = _FILLER.search(rest, max(0, len(rest) - _LONGEST_FILLER))
        if not match:
            break
        if match.lastgroup:
            operator_start = match.start()
        rest = rest[: match.start()].rstrip()
    return rest, strong, weak, operator_start


def _read_change(
    left: str, sentence: str, end: int, *, relative: bool, aimed: bool
) -> tuple[Comparison, str, str, str] | None:
    """Comparison, text before the verb, the verb's own name and the text of its object.

    ``aimed`` says that the value is a target ("提高合格率在98%以上"), which a verb farther off does not change.
    """
    clause = max(left.rfind(mark) for mark in ",，;；。:：") + 1
    than = _THAN.search(left, clause)
    if than and relative:
        cut = _COMPARED.search(left, clause)
        comparison = Comparison.INCREASE_BY if than["up"] else Comparison.DECREASE_BY
        return comparison, left[: cut.start() if cut else 0], "", ""
    last = next(reversed(list(_CHANGE.finditer(left, clause))), None)
    if last is None:
        return _english_noun_change(sentence, end) if relative else None
    between = _LINK.sub("", left[last.end() :].strip()).strip()
    if between and (not relative or aimed or len(between) > (48 if between.isascii() else 16)):
        return None
    comparison = Comparison.INCREASE_BY if last["up"] else Comparison.DECREASE_BY
    return comparison, left[: last.start()], _OBJECT.get(last.group(), ""), between


_EN_NOUN_CHANGE = re.compile(
    r"\s(?:(?P<up>increase|improvement|gain|higher|faster|longer|more)|(?P<down>reduction|decrease|savings?|lower|less|fewer|shorter|lighter))\b"
    r"(?:\s(?:in|of)(?:\sthe)?)?(?P<object>(?:\s[A-Za-z\-]+){0,4})",
    re.IGNORECASE,
)


def _english_noun_change(sentence: str, end: int) -> tuple[Comparison, str, str, str] | None:
    noun = _EN_NOUN_CHANGE.match(sentence, end)
    if noun is None:
        return None
    return (Comparison.INCREASE_BY if noun["up"] else Comparison.DECREASE_BY), "", "", noun["object"].strip()
