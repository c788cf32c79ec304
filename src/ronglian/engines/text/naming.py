"""What a value is a value of: the noun phrase before it, or behind it (指标名称)."""

import re

from ronglian.engines.text.segment import cut_words

_HAN = re.compile("[\u3400-\u9fff]")
# Words after which the noun phrase can only begin anew.
_CUT_WORDS = """
实现 使 使得 令 让 保证 确保 保障 达到 达 具有 具备 满足 提高 提升 增加 增强 降低 减少 减小 缩短 延长 改善
要求 需要 需 须 必须 应 应该 应当 将 把 被 其 其中 且 并 并且 而 而且 但 同时 要 能 能够 可 可以 提供 开发
研制 研发 形成 得到 获得 采用 使用 由 从 在 于 对 对于 每 为 是 有 等 通过 以及 及 和 与 或 则 即 如 例如
希望 力争 目前 现在 现有 该 本 此 我 我司 公司 企业 预期 预计 计划 目标 指标 技术指标 主要 控制 保持 稳定
用于 适用 适用于 到 至 后 前 时 条件 条件下 情况 情况下 下 上述 分别 相比 相比于 较 比 比较 均 都 的 地 了
着 过 也 还 又 再 最终 终 能达 可达 最好 尽可能 大幅 大大 显著 有效 进一步 整体 至少 仅 只 不 当 若 约
大约 此外 另外 需达 左右 以上 以下 以内 之间 范围 范围内 拟 已 已经 可使 并使 对应 作为 生产 存在 利用 会
一般 通常 项目 开展 包括 包含 节约 节省 只有 仅有 必 里 里面 降 降到 升 升到 做 做到 压 压到 一直 总是 老是 始终
只能 想 想要 打算
"""
_CUT = frozenset(_CUT_WORDS.split())
# Of these, some stand inside a noun phrase and are kept when a noun follows on the same side.
_INSIDE_WORDS = """
的 和 与 及 或 生产 使用 控制 稳定 整体 上 下 前 后 时 对 对应 保持 利用 公司 企业 项目 技术指标 条件 比
过 等 目标 主要 到 有效 提升
"""
_INSIDE = frozenset(_INSIDE_WORDS.split())
_LABEL = re.compile(
    r"^(?:[\s*·•\-—–\"“”'‘’①-⑳⑴-⒇>→=]|\d{1,2}(?:\.\d+)*[.、)]|[(]?[一二三四五六七八九十\d]{1,2}[)、])+"
)
_BEGINNING = re.compile(r"^(?:[于及]|其(?![它他余中]))(?=.{3})")
_BALANCED = re.compile(r"\([^()]*\)\s*$")
_CLAUSE = re.compile(r"[,;。:、()!?\[\]{}\"“”，；：！？《》【】\n]|(?:^|\s)[-—]+\s")
_NOT_A_NAME_WORDS = """
温 处 内 外 中 上 下 个 种 者 第 近 超 最 大 小 高 低 长 年 月 一 二 三 时间内 期间 其他 以后 之后 左右
方面 内容 需求 问题 预算 情况 要求 指标 目标 数据 范围 水平 工作基础 现有基础 产品 技术 系统 设备 工艺 不
有 可 内容及预期目标 预期目标 技术要求 技术参数 主要技术指标 考核指标 技术指标 性能指标 性能 参数 备注
说明 图 表 条 项 米 如下 局部 已有 多 满电 常温 室温 高温 低温 阶段 用 一年 每年 处理 规格 型号 努力 能力
"""
_NOT_A_NAME = frozenset(_NOT_A_NAME_WORDS.split())
# 废水里六价铬 is about 六价铬; 续航里程 and 百公里油耗 hold no place.
_PLACE = re.compile(r"^.{2,}(?<![公海英])里(?!程)(?=.{2,})")
_MAX_HAN = 18
# One character may be a whole name where a limit on a substance is meant.
_ELEMENTS = frozenset("铬镍铜锌铅镉汞砷锰铁铝银金磷氮氟硫氯钙镁钠钾锂钴钼钨钛钒硒碘氨硅硼碳氢氧")
_BOUND = frozenset(["使用", "研制", "研发", "整体", "生产", "控制", "利用", "开发"])
_SPECIFIC = ("表面", "容量", "强度", "能量", "功率", "电阻", "重", "热", "刚度")  # 比表面积, 比容量
#: Ends of names that say a property by themselves.
_PROPERTY = re.compile(
    r"(?:率|度|量|力|温|压|速|寿命|时间|时长|长|宽|厚|高|径|尺寸|值|比|距|距离|差|容|耗|成本|载|重|热|频|噪[音声]|带宽|范围|周期|次数|循环|电阻|电压|电流|功率|"
    r"系数|面积|体积|容积|首效|[动热电势产功耗]能|年产|日产|性|行程|产量|产能|功耗|单价|造价|价格|售价|水平|指数|指标|等级|波长|间隙|间距|幅度|幅|含[一-鿿A-Za-z]{1,4}|"
    r"[光电水气油]耗|寒|磨|级数|通量|液|吨位|产率|数|工作|运行|存储|储存|保存|期|频响|展|损失|损耗|收率|当量|比例|占比|[A-Za-z][A-Za-z0-9]{0,6})$"
)

_EN_BREAK = re.compile(
    r"(?:^|\s)(?:the|a|an|and|or|but|with|that|which|who|to|for|must|should|shall|will|would|can|could|may|have|has|had|having|"
    r"is|are|was|were|be|been|being|by|in|at|on|from|under|than|while|when|if|we|our|its|their|this|these|those|need|needs|"
    r"require|requires|required|requiring|achieve|achieves|achieving|reach|reaches|ensure|ensures|provide|provides|maintain|"
    r"maintains|maintaining|operate|operates|keep|keeps|without|as|such|into|within|per|each|over|reduce|reduces|reducing|"
    r"increase|increases|increasing|improve|improves|improving|decrease|decreases|decreasing|raise|raises|lower|lowers|cut|cuts|"
    r"it|they|not|also|so|only|currently|typically|least|most|more|less|about|up|produce|produces|deliver|delivers|using|"
    r"reduced|increased|improved|decreased|lowered|raised|demonstrate|exceed|exceeds|show|shows|showed|target|targets|between|"
    r"exceeding|remain|remains|stay|stays|withstand|handle|handles|support|supports|equal|approximately|around)(?=\s|$)",
    re.IGNORECASE,
)  # fmt: skip
_EN_TAIL = re.compile(
    r"(?:\s|^)(?:of|is|are|was|be|to|at|in|by|from|should|must|shall|will|can|not|the|a|an)$", re.IGNORECASE
)
# A number with a point may end a designation, as in PM2.5.
_EN_WORD = r"[A-Za-z][A-Za-z0-9'\-/]*(?:(?<=\d)\.\d+)?"
_EN_WORDS = re.compile(rf"{_EN_WORD}(?:\s+{_EN_WORD}){{0,7}}")
_EN_AFTER = re.compile(r"\s*(?:of\s+)?((?:[A-Za-z][A-Za-z\-]*\s?){1,4})")
_NOUN_AFTER_ZH = re.compile(
    r"^的?(?![及和与或并])([\u4e00-\u9fff]{0,6}?(?:率|度|量|力|温度|压力|速度|寿命|时间|精度|功率|带宽|效率|强度|容量|能力|距离|范围|间隔|周期|浓度))(?=[,，。;；、]|$|的|和|及|与)"
)


def is_chinese(text: str) -> bool:
    """Whether a text holds any Han character."""
    return _HAN.search(text) is not None


def is_property(name: str) -> bool:
    """Whether a name says by its own ending that something is measured; English names always pass."""
    return (not is_chinese(name) and "/" not in name) or _PROPERTY.search(name) is not None


def last_clause(text: str) -> str:
    """The part of ``text`` behind its last clause mark; closed brackets at the end are passed over."""
    text = text.rstrip(" :：=")
    while match := _BALANCED.search(text):
        text = text[: match.start()].rstrip(" :：=")
    start = 0
    for mark in _CLAUSE.finditer(text):
        start = mark.end()
    return text[start:]


def name_before(text: str) -> str:
    """The noun phrase that ends a clause, "" where there is none."""
    clause = _LABEL.sub("", last_clause(text)).strip()
    if not clause:
        return ""
    return _chinese_name(clause) if is_chinese(clause) else _english_name(clause)


def _chinese_name(clause: str) -> str:
    words = cut_words(clause)
    while words and ((words[-1] in _CUT and words[-1] != "比") or not words[-1].strip()):
        words.pop()
    start = 0
    for at, word in enumerate(words):
        ratio = word == "比" and (at + 1 == len(words) or words[at + 1].startswith(_SPECIFIC))
        # 使用温度, 研制周期: a verb before the last noun belongs to it.
        bound = word in _BOUND and at + 2 == len(words)
        if word in _CUT and not ratio and not bound and not (word in _INSIDE and at > start):
            start = at + 1
    name = _head(_BEGINNING.sub("", "".join(words[start:])).strip(" -—–~*."))
    if name in _ELEMENTS:
        return name
    return "" if name in _NOT_A_NAME or (len(name) < 2 and not name.isupper()) else name


def _head(name: str) -> str:
    """The last noun phrase of "A的B" and "A里B", unless B alone says too little."""
    name = _PLACE.sub("", name)
    while "的" in name:
        owner, _, tail = name.partition("的")
        name = tail if len(tail) >= 4 or not owner else owner + tail
    if len(_HAN.findall(name)) > _MAX_HAN:
        words = cut_words(name)
        while len(words) > 1 and len(_HAN.findall("".join(words))) > _MAX_HAN // 2 + 3:
            words.pop(0)
        name = "".join(words)
    return name


def _english_name(clause: str) -> str:
    text = clause.strip(" -–—~*.\"'")
    while match := _EN_TAIL.search(text):
        text = text[: match.start()].rstrip()
    breaks = [mark.end() for mark in _EN_BREAK.finditer(text) if text[mark.end() :].strip()]
    ends_in_break = _EN_BREAK.search(text[breaks[-1] if breaks else 0 :])
    piece = text[breaks[-1] if breaks else 0 :]
    if ends_in_break:
        piece = piece[: ends_in_break.start()]
    words = _EN_WORDS.findall(piece)
    return words[-1].strip() if words else ""


def name_after(text: str) -> str:
    """The noun behind a value ("200MHz带宽", "99 % purity"), "" where there is none."""
    chinese = _NOUN_AFTER_ZH.match(text)
    if chinese:
        return "" if chinese.group(1) in _NOT_A_NAME else chinese.group(1)
    english = _EN_AFTER.match(text)
    if english is None or is_chinese(text[: english.end() + 1]):
        return ""
    piece = english.group(1).strip()
    stop = _EN_BREAK.search(piece)
    piece = piece[: stop.start()] if stop else piece
    return re.sub(r"^(?:of|or)\s+|\s+of.*$", "", piece).strip()
