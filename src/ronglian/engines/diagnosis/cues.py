"""Words and headings by which a sentence tells what it is about (线索词)."""

import re

from ronglian.engines.diagnosis.sheet import Slot

# Headings that real need sheets carry. The first that is found in a heading decides.
HEADINGS: tuple[tuple[Slot, re.Pattern[str]], ...] = (
    (Slot.ACCEPTANCE, re.compile(r"验收|考核|检验方法|评价方法|acceptance|how .{0,12}(?:tested|judged)", re.IGNORECASE)),
    (Slot.BUDGET, re.compile(r"预算|投入资金|经费|资金|budget|funding", re.IGNORECASE)),
    (Slot.DEADLINE, re.compile(r"期限|工期|时间(?:要求|安排|进度)|进度|完成时间|deadline|schedule|time ?line", re.IGNORECASE)),
    (Slot.COOPERATION, re.compile(r"合作(?:方式|需求|意向|目标|模式)|对接方式|cooperation|collaboration", re.IGNORECASE)),
    (Slot.TRIED, re.compile(r"已有的?解决方案|已(?:做|尝试)|尝试|what (?:was|has been|we) tried|attempts?", re.IGNORECASE)),
    (Slot.CONDITION, re.compile(r"基础|条件|支撑平台|软硬件|研究进展|existing conditions|facilities|resources", re.IGNORECASE)),
    (Slot.BACKGROUND, re.compile(r"背景|简介|概述|介绍|发展趋势|国内外?现状|行业现状|background|about (?:us|the company)", re.IGNORECASE)),
    (Slot.CONSTRAINT, re.compile(r"约束|限制|注意事项|前提|constraints?|limits", re.IGNORECASE)),
    (Slot.PROBLEM, re.compile(r"难题|难点|问题|瓶颈|现状|problem|difficult|challenge", re.IGNORECASE)),
    (Slot.GOAL, re.compile(r"目标|指标|要求|预期|目的|参数|性能|结果|goals?|targets?|requirements?|specification", re.IGNORECASE)),
    (Slot.OBJECT, re.compile(r"对象|需求|内容|方向|课题|need|scope|subject", re.IGNORECASE)),
)  # fmt: skip

# Sentences. All that are found count; the order decides which one is the main one.
SENTENCES: tuple[tuple[Slot, re.Pattern[str]], ...] = (
    (Slot.ACCEPTANCE, re.compile(
        r"验收|第三方(?:检测|测试|检验)|检测(?:报告|机构)|出具报告|试运行|连续(?:稳定)?运行.{0,8}(?:天|月|小时|h)|抽检|按.{0,12}标准(?:检|测|试|验)|"
        r"中试考核|考核指标|\baccept(?:ance|ed)\b|third[- ]party test|trial run|judged by|will be (?:measured|tested)",
        re.IGNORECASE)),
    (Slot.TRIED, re.compile(
        r"试过|尝试过?|曾(?:经)?(?:用|采用|做|试|考虑|委托|找)|做过|换过|调整过|改过|(?:先后|已经?)(?:采用|使用|试|做|引进|更换)|"
        r"效果(?:一般|不好|不佳|不明显|不理想|有限)|没有(?:明显)?(?:效果|改善)|目前(?:采用|使用|用|依靠|靠)|现(?:采用|使用|用)|"
        r"\btried\b|so far we|we (?:now|currently) use|at present we use|without success|did not help",
        re.IGNORECASE)),
    (Slot.PROBLEM, re.compile(
        r"问题|难题|难点|困难|困扰|瓶颈|缺陷|故障|不良|报废|超标|开裂|裂纹|断裂|变形|脱落|堵|泄漏|渗漏|腐蚀|磨损|结垢|发霉|黑斑|气孔|烧伤|毛刺|返工|投诉|退货|"
        r"不(?:稳定|均匀|达标|合格|准|足|够|高|好|理想|能满足|耐|匹配|一致)|无法|难以|很难|太(?:高|大|低|慢|重|长|多)|过(?:高|大|低|长|慢|重)|(?:偏|较)(?:高|低|大|差)|"
        r"达不到|解决不了|影响.{0,10}(?:质量|效率|生产|寿命|安全)|老化|陈旧|制约|隐患|事故|巨大压力|人工(?:操作|测量|录入|计算|统计|判断|分拣)|靠(?:人工|经验)|亟[待需]|急需|依赖进口|卡脖子|浪费|劳动强度|效率低|成本高|"
        r"\bproblem|cannot|can ?not|can't|fails?\b|failure|defects?|cracks?|unstable|too (?:high|low|slow|heavy|long)|scrap(?:ped)?|"
        r"exceeds?|leaks?|wears?\b|difficult|complain",
        re.IGNORECASE)),
    (Slot.CONSTRAINT, re.compile(
        r"不(?:得|能|可|允许|改变|增加|影响)|必须|只能|前提|限(?:制|于)|不超过|以内|占地|场地|现有(?:设备|生产线|产线|工艺|厂房|空间).{0,12}(?:上|内|基础|改)|"
        r"兼容|符合.{0,16}(?:标准|规范|法规|要求)|环保要求|安全要求|防爆|食品级|无(?:毒|害)|不停产|国产化|"
        r"\bmust\b|must not|may not|without (?:changing|stopping|replacing)|within the existing|compl(?:y|iance)|at most|floor space",
        re.IGNORECASE)),
    (Slot.GOAL, re.compile(
        r"希望|期望|预期|目标|要求|达到|实现|提[高升]|降低|减少|缩短|延长|替代|改善|保证|满足|不低于|不高于|不大于|不小于|以上|以下|"
        r"寻[找求]|需要|需求|解决|开发|研[究发制]|"
        r"\bwant|\bwish|\bneed(?:s|ed)?\b|goal|target|should|reduce|increase|improve|at least|below|above|looking for",
        re.IGNORECASE)),
    (Slot.COOPERATION, re.compile(
        r"合作(?:开发|研发|研究|方式|单位|对接|人才)|联合(?:开发|研发|攻关)|委托(?:开发|研发)|技术(?:转让|入股|许可|服务|咨询|指导)|产学研|共建|专家|揭榜|"
        r"\bcooperat|joint development|licen[cs]e|consult|partner",
        re.IGNORECASE)),
    (Slot.CONDITION, re.compile(
        r"(?:拥有|具有|具备|配备|可提供|能提供|现有|已有|建有|已建).{0,24}(?:设备|平台|实验室|中心|产线|生产线|厂房|场地|检测|仪器|团队|人员|基地|样机|数据|条件)|"
        r"\bwe (?:have|own|can provide)\b.{0,60}(?:line|equipment|laborator|plant|samples|data|staff)",
        re.IGNORECASE)),
    (Slot.BACKGROUND, re.compile(
        r"(?:公司|集团|我司|企业|本公司)[^。]{0,12}(?:成立|创立|创建|始建|位于|占地|注册资|现有(?:员工|职工)|是一?家|主营|主要从事|前身|荣获|获得|被评|通过了?ISO)|"
        r"高新技术企业|上市公司|龙头企业|市场(?:规模|前景|需求|份额)|年产值|随着.{0,20}(?:发展|进步|提高)|近年来|我国|大力提倡|爆发式|大幅增[加长]|国内外|国家.{0,8}(?:政策|战略|规划)|"
        r"\bfounded in\b|\bestablished in\b|our company is|leading (?:manufacturer|supplier)|in recent years|market (?:size|share)",
        re.IGNORECASE)),
)  # fmt: skip

# A fault named by the title; not a product made against it (防腐蚀涂料), nor the bare announcement of a problem.
TITLE_FAULT = re.compile(
    r"(?<![防抗耐除去无减免查测])(?<!防止)(?<!避免)(?<!减少)(?<!降低)(?<!检测)"
    r"(?:超标|开裂|断裂|脱落|堵塞|泄漏|渗漏|发霉|黑斑|气孔|烧伤|返工|报废|退货|"
    r"不(?:稳定|均匀|匀|达标|合格|准|足|够|高|好|理想|耐|匹配|一致)|无法|难以|很难|"
    r"(?:太|过|偏)(?:高|大|低|慢|重|长|多|差)|达不到|解决不了)|"
    r"\b(?:cannot|fails?|unstable|cracks?|leaks?|too (?:high|low|slow|heavy|long))\b",
    re.IGNORECASE,
)
# Several matters numbered in one title: 1、… 2、… or 一、… 二、…
TITLE_NUMBER = re.compile(r"(?:^|[。；;，,\s])\s*(?:\d{1,2}|[一二三四五六七八九十])\s*[、.．）)](?!\d)\s*")
# So many words that name a thing say what a need is about.
ENOUGH_OBJECT_WORDS = 2
HEADED = re.compile(r"^[^：:]{0,14}[：:]")
# 一、 and （一） open a part of a sheet.
PART = re.compile(r"^\s*[（(]?[一二三四五六七八九十]{1,3}\s*[)）、.．]")

NOW = re.compile(
    r"目前|现在|现有|现状|当前|现阶段|一直|经常|徘徊|只(?:能|有)|仅(?:为|有|能)?|平均为|实测|原来|原有|"
    r"\bat present|currently|\bnow\b|today|so far|lingers?|only reach|swings? between",
    re.IGNORECASE,
)
WISH = re.compile(
    r"希望|期望|要求|目标|达到|降[到至低]|提[高升]到?|不低于|不高于|不超过|不大于|不小于|至少|以上|以下|以内|控制在|稳定在|应|须|需|保证|小于|大于|低于|高于|"
    r"\bwant|\bwish|should|must|at least|at most|below|above|to reach|down to|up to|keep|target|goal|less than|more than",
    re.IGNORECASE,
)
_SUM = r"[0-9０-９一二三四五六七八九十两百千][0-9０-９一二三四五六七八九十两百千,，.．]*"
# Money for the whole; a price for each ton or piece is a metric. Sums below ten thousand yuan need the word budget.
BUDGET = re.compile(
    rf"(?:预算|投入|投资|经费|资金|总费用|项目费用|研发费用?|出资|愿(?:意)?(?:出|付|支付))[^。；;\n]{{0,16}}?"
    rf"(?P<amount>{_SUM}\s?(?:[百千]?[万亿]元?)?\s?(?:[-~～—至到]+\s?{_SUM})?\s?[百千]?[万亿]元?(?:以内|左右|以上|以下)?)|"
    rf"预算[^。；;\n]{{0,10}}?(?P<small>{_SUM}\s?元)|"
    r"\bbudget[^.;\n]{0,40}?(?P<english>(?:CNY|RMB|¥)\s?[\d,.]*\d(?:\s?(?:thousand|million|k\b|m\b))?"
    r"(?:\s?(?:-|to)\s?(?:CNY|RMB|¥)?\s?[\d,.]*\d(?:\s?(?:thousand|million|k\b|m\b))?)?)",
    re.IGNORECASE,
)
DEADLINE = re.compile(
    r"20\d\d\s?年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号])?)?(?:底|末|初)?(?:之?前|以前|完成|投产|结题|交付|验收)|"
    r"(?:在|于|力争|计划|要求|希望|须|需)?[^。；;，,\n]{0,6}?(?:\d{1,3}|[一二三四五六七八九十两半]{1,3})\s?(?:个月|年|周|天)(?:之?内|以内)(?:完成|实现|投产|交付|达到|解决|见效|拿出|上线)?|"
    r"(?:项目|合作|研发|开发|实施|合同)?(?:期限|工期|周期|进度)(?:为|是|：|:)?\s?(?:\d{1,3}|[一二三四五六七八九十两半]{1,3})\s?(?:个月|年|周|天)|"
    r"\bwithin (?:\d+|six|three|two|one|twelve|nine) (?:months?|weeks?|years?|days?)|\bby (?:the end of )?(?:[A-Z][a-z]+ )?20\d\d\b",
    re.IGNORECASE,
)

# Words that promise much and can be tested by nothing.
VAGUE = re.compile(
    r"智能化|信息化|数字化|现代化|自动化水平|先进(?:水平|技术|工艺)?|国际(?:领先|先进|一流)|国内(?:领先|先进|一流)|高端|高品质|高质量|高性能|高效|优质|一流|创新(?:性|能力)?|"
    r"关键技术|综合(?:利用|能力)|转型升级|优化|完善|进一步提[高升]|大幅(?:度)?提[高升]|有效(?:提[高升]|解决)|全面|整体水平|产业化|新(?:技术|工艺|材料|方法)的?(?:研发|研究|开发)|"
    r"\badvanced\b|state[- ]of[- ]the[- ]art|high[- ]quality|world[- ]class|intelligent|smart\b|optimi[sz]e|efficient(?:ly)?|innovative|comprehensive|upgrade",
    re.IGNORECASE,
)
# Words of a title that name no thing by themselves.
GENERIC = frozenset(
    [
        "系统",
        "平台",
        "产品",
        "设备",
        "装置",
        "材料",
        "应用",
        "项目",
        "工业",
        "技术",
        "研究",
        "开发",
        "控制",
        "管理",
        "分析",
        "设计",
        "生产",
        "制造",
        "加工",
        "工艺",
        "方法",
        "体系",
        "服务",
        "工程",
        "智能",
        "智慧",
        "信息",
        "数据",
        "绿色",
        "清洁",
        "能源",
        "环保",
        "高效",
        "新型",
        "关键",
        "综合",
        "利用",
        "集成",
        "自动",
        "自动化",
        "信息化",
        "数字化",
        "智能化",
        "现代",
        "问题",
        "可行",
        "稳定",
        "经济",
        "system",
        "platform",
        "product",
        "equipment",
        "device",
        "material",
        "application",
        "project",
        "technology",
        "method",
        "process",
        "control",
        "management",
        "analysis",
        "design",
        "service",
        "intelligent",
        "smart",
        "green",
        "data",
    ]
)
# What stands around the thing in a title.
TITLE_WRAPPING = re.compile(
    r"^(?:关于|如何|怎样|怎么|一种|新型|基于|开展|解决|寻求|求|急需)+|"
    r"(?:的?(?:技术)?(?:需求|难题|问题|研究|研发|开发|研制|项目|课题|应用|推广|产业化|改造|优化|提升|改进|设计|技术|工艺|方法|方案|及其|与|和|及|以及|合作|攻关|求助|解决|升级|等))+$"
)


def names_a_thing(word: str) -> bool:
    """Whether a content word names a product or process, as 漂洗水 does and 系统 does not."""
    return word not in GENERIC and not VAGUE.fullmatch(word)
