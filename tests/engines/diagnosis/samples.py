"""Troubles told in people's own words, invented for these tests."""

PLATING_TITLE = "镀铬线漂洗水铬超标，求经济可行的稳定达标办法"
PLATING = (
    "我厂有一条镀铬线，目前用焦亚硫酸钠还原加碱沉淀，换槽时冲击更大。出水六价铬浓度目前为0.15~0.3 mg/L，无法稳定达标。\n"
    "希望六价铬不高于0.1 mg/L，处理成本低于20元/吨。必须接入现有调节池，不停产改造。\n"
    "预算80万到120万元，6个月内完成，连续运行72小时由第三方检测合格后验收。"
)
ENGLISH_TITLE = "Chromium in plating rinse water exceeds the limit"
ENGLISH = (
    "We currently use metabisulphite and alkali. Hexavalent chromium now is 0.2 mg/L and cannot be brought down. "
    "We want hexavalent chromium below 0.1 mg/L. It must fit behind the existing tank. "
    "Budget CNY 800,000 to CNY 1,200,000. It is to run within six months. "
    "Accepted after a third-party test."
)
SHEET_TITLE = "紫荆天然产物提取及应用技术"
SHEET = (
    "1.需求内容\n①植物种油提取及脂肪酸成份分析技术\n2.预期目标\n①形成一种有效的提取方法\n3.现有工作基础\n"
    "某园艺公司是最早从事驯化、栽培的企业，有苗木基地10800亩。"
)
VAGUE_TITLE = "智能化改造"
VAGUE = "需要先进技术，全面提升智能化水平，达到国内领先。"
