"""Phrases as they stand in need and result sheets, each with the one metric (or the refusal) it must give."""

import pytest

from ronglian.engines.text import Comparison, read_metrics

AL, AM, AB, BE = Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.ABOVE, Comparison.BELOW
EQ, ABOUT, BT = Comparison.EQUAL, Comparison.ABOUT, Comparison.BETWEEN
UP, DOWN = Comparison.INCREASE_BY, Comparison.DECREASE_BY

# text, name, comparison, low, high, unit
PHRASES = [
    # signs
    ("冲击韧性≥67%", "冲击韧性", AL, 67, None, "%"),
    ("松装密度≥1.80克/立方厘米", "松装密度", AL, 1.8, None, "g/cm³"),
    ("六价铬≤0.1 mg/L", "六价铬", AM, None, 0.1, "mg/L"),
    ("出水COD＜50mg/L", "出水COD", BE, None, 50, "mg/L"),
    ("光电转换效率＞22.5％", "光电转换效率", AB, 22.5, None, "%"),
    ("定位误差<=2cm", "定位误差", AM, None, 2, "cm"),
    ("抗拉强度>=1200MPa", "抗拉强度", AL, 1200, None, "MPa"),
    ("表面粗糙度：Ra≤0.4μm", "Ra", AM, None, 0.4, "μm"),
    ("屈强比＝0.85", "屈强比", EQ, 0.85, 0.85, ""),
    ("热导率≈150W/(m·K)", "热导率", ABOUT, 150, 150, "W/(m·K)"),
    ("运行噪声dB(A)：≤75", "运行噪声", AM, None, 75, "dB(A)"),
    ("膜层厚度(μm)：≥12", "膜层厚度", AL, 12, None, "μm"),
    ("导热系数≤0.035w/m.k", "导热系数", AM, None, 0.035, "W/(m·K)"),
    ("比表面积≥300m2/g", "比表面积", AL, 300, None, "m²/g"),
    ("能量密度≥280Wh/kg", "能量密度", AL, 280, None, "Wh/kg"),
    ("体积电阻率≥1×10^14Ω·cm", "体积电阻率", AL, 1e14, None, "Ω·cm"),
    ("真空度≤5×10⁻³Pa", "真空度", AM, None, 0.005, "Pa"),
    ("回收率≥98.5％（以干基计）", "回收率", AL, 98.5, None, "%"),
    # designations keep their point
    ("PM2.5低于35μg/m3", "PM2.5", BE, None, 35, "μg/m³"),
    ("PM2.5：35 μg/m³", "PM2.5", EQ, 35, 35, "μg/m³"),
    ("PM2.5 72小时滤除效率99%", "滤除效率", EQ, 99, 99, "%"),
    # Chinese comparison words
    ("振实密度不低于1.80 g/cm³", "振实密度", AL, 1.8, None, "g/cm³"),
    ("灰分不高于0.5%", "灰分", AM, None, 0.5, "%"),
    ("有效射程不少于800米", "有效射程", AL, 800, None, "m"),
    ("换模时间不超过10分钟", "换模时间", AM, None, 10, "min"),
    ("整机重量不大于35kg", "整机重量", AM, None, 35, "kg"),
    ("续航时间不小于4小时", "续航时间", AL, 4, None, "h"),
    ("电机功率不得超过3.5kW", "电机功率", AM, None, 3.5, "kW"),
    ("识别准确率大于95%", "识别准确率", AB, 95, None, "%"),
    ("漏检率小于0.3%", "漏检率", BE, None, 0.3, "%"),
    ("剥离强度超过8N/mm", "剥离强度", AB, 8, None, "N/mm"),
    ("含水率低于12%", "含水率", BE, None, 12, "%"),
    ("启动电压不足9V", "启动电压", BE, None, 9, "V"),
    ("储能效率至少为85%", "储能效率", AL, 85, None, "%"),
    ("检测周期最多5天", "检测周期", AM, None, 5, "d"),
    ("密封寿命大于等于8000小时", "密封寿命", AL, 8000, None, "h"),
    ("响应延迟约为20毫秒", "响应延迟", ABOUT, 20, 20, "ms"),
    ("固含量达到45%", "固含量", AL, 45, None, "%"),
    ("处理能力达20万吨/年", "处理能力", AL, 200_000, None, "t/year"),
    ("最高工作温度可达650℃", "最高工作温度", AL, 650, None, "℃"),
    ("加工精度达到0.01mm", "加工精度", AM, None, 0.01, "mm"),
    ("定位精度优于0.1mm", "定位精度", BE, None, 0.1, "mm"),
    ("识别精度优于95%", "识别精度", AB, 95, None, "%"),
    ("预测精度达到92%", "预测精度", AL, 92, None, "%"),
    ("杂散损耗控制在3%以内", "杂散损耗", AM, None, 3, "%"),
    ("断面收缩率需控制在20%以下", "断面收缩率", AM, None, 20, "%"),
    ("废品率降低到1.0%以下", "废品率", AM, None, 1, "%"),
    ("我们的电镀废水里六价铬降不到0.1 mg/L", "六价铬", BE, None, 0.1, "mg/L"),
    ("续航里程≥500 km", "续航里程", AL, 500, None, "km"),
    ("总镍≤0.1 mg/L", "总镍", AM, None, 0.1, "mg/L"),
    ("镍≤0.1 mg/L", "镍", AM, None, 0.1, "mg/L"),
    ("费用≤1.6 元/亩", "费用", AM, None, 1.6, "CNY/mu"),
    ("treatment cost 18 yuan/t", "treatment cost", EQ, 18, 18, "CNY/t"),
    ("成品率只能做到78%", "成品率", EQ, 78, 78, "%"),
    ("硫含量降至300ppm", "硫含量", AM, None, 300, "ppm"),
    ("成材率提高到93%", "成材率", AL, 93, None, "%"),
    ("交货周期缩短至15天", "交货周期", AM, None, 15, "d"),
    ("日处理量增加到500立方米", "日处理量", AL, 500, None, "m³"),
    # words behind the value
    ("在线率在95%以上", "在线率", AL, 95, None, "%"),
    ("熔覆层硬度达到60HRC以上", "熔覆层硬度", AL, 60, None, "HRC"),
    ("重复定位精度3μm以内", "重复定位精度", AM, None, 3, "μm"),
    ("破损率3%以下", "破损率", AM, None, 3, "%"),
    ("热值4300大卡左右", "热值", ABOUT, 4300, 4300, "kcal"),
    ("线材长度11Km以上", "线材长度", AL, 11, None, "km"),
    ("耐温1700度以上", "耐温", AL, 1700, None, "℃"),
    ("摆动角度30度以内", "摆动角度", AM, None, 30, "°"),
    ("总长度需控制在32米以内", "总长度", AM, None, 32, "m"),
    # ranges
    ("工作温度-40℃～85℃", "工作温度", BT, -40, 85, "℃"),
    ("工作温度：-40~85℃", "工作温度", BT, -40, 85, "℃"),
    ("使用温度-20°C到60°C", "使用温度", BT, -20, 60, "℃"),
    ("粉末粒径15-53μm", "粉末粒径", BT, 15, 53, "μm"),
    ("反应温度控制在180至230℃之间", "反应温度", BT, 180, 230, "℃"),
    ("丝材直径在（0.024~0.06）mm", "丝材直径", BT, 0.024, 0.06, "mm"),
    ("起爆电压在（12~36）V范围内", "起爆电压", BT, 12, 36, "V"),
    ("纤维直径φ0.25~φ0.45mm", "纤维直径", BT, 0.25, 0.45, "mm"),
    ("主轴转速1500±10 r/min", "主轴转速", BT, 1490, 1510, "r/min"),
    ("厚度均匀性控制在±1um以内", "厚度均匀性", BT, -1, 1, "μm"),
    ("称量误差±0.5%", "称量误差", BT, -0.5, 0.5, "%"),
    ("表面硬度HRC55-65", "表面硬度", BT, 55, 65, "HRC"),
    ("内孔硬度180≤HB＜240", "内孔硬度", BT, 180, 240, "HB"),
    ("渣碱度0.3-1.5", "渣碱度", BT, 0.3, 1.5, ""),
    ("出水pH 6-9", "出水pH", BT, 6, 9, ""),
    ("年产量5-8万吨", "年产量", BT, 50_000, 80_000, "t"),
    ("发酵水平50~100亿CFU/mL", "发酵水平", BT, 5e9, 1e10, "CFU/mL"),
    ("鲜粪含水量由75%左右降至12%---15%", "鲜粪含水量", BT, 12, 15, "%"),
    # plain values
    ("膨胀率为0.5%", "膨胀率", EQ, 0.5, 0.5, "%"),
    ("初凝时间3min", "初凝时间", EQ, 3, 3, "min"),
    ("风机风量：5320m3/h", "风机风量", EQ, 5320, 5320, "m³/h"),
    ("工作带宽200MHz", "工作带宽", EQ, 200, 200, "MHz"),
    ("钻孔孔径为Ф32mm", "钻孔孔径", EQ, 32, 32, "mm"),
    ("研制周期3个月", "研制周期", EQ, 3, 3, "month"),
    ("维护周期三个月", "维护周期", EQ, 3, 3, "month"),
    ("包装速度100只/h", "包装速度", EQ, 100, 100, "pcs/h"),
    ("吨水电耗0.4度电/吨", "吨水电耗", EQ, 0.4, 0.4, "kWh/t"),
    ("滤料粒度为80目", "滤料粒度", EQ, 80, 80, "mesh"),
    ("存储温度零下18度", "存储温度", EQ, -18, -18, "℃"),
    ("油脂流速在每秒1mm左右", "油脂流速", ABOUT, 1, 1, "mm/s"),
    ("循环寿命：2,000次", "循环寿命", EQ, 2000, 2000, "times"),
    ("循环寿命≥2000次", "循环寿命", AL, 2000, None, "times"),
    ("运行成本低于3.2元/吨", "运行成本", BE, None, 3.2, "CNY/t"),
    ("处理量２００吨／天", "处理量", EQ, 200, 200, "t/d"),
    # change
    ("生产成本降低30%", "生产成本", DOWN, 30, None, "%"),
    ("降低整体质量20%以上", "整体质量", DOWN, 20, None, "%"),
    ("刀具寿命提高两倍以上", "刀具寿命", UP, 200, None, "%"),
    ("耐磨性增长1.7倍", "耐磨性", UP, 170, None, "%"),
    ("使用寿命提高到3倍", "使用寿命", UP, 200, None, "%"),
    ("使用寿命是原来的3.5倍", "使用寿命", UP, 250, None, "%"),
    ("合格率提高5个百分点", "合格率", UP, 5, None, "pp"),
    ("燃油效率可提高6%—8%", "燃油效率", UP, 6, 8, "%"),
    ("驾驶区噪声降低至少2dB(A)以上", "驾驶区噪声", DOWN, 2, None, "dB(A)"),
    ("制造成本较现有工艺降低50%以上", "制造成本", DOWN, 50, None, "%"),
    ("平均效率比常规电池提高0.25%", "平均效率", UP, 0.25, None, "%"),
    ("节能40%~80%", "能耗", DOWN, 40, 80, "%"),
    ("整机减重15%", "整机重量", DOWN, 15, None, "%"),
    ("维护费率下降百分之二十", "维护费率", DOWN, 20, None, "%"),
    ("返修率减少三成以上", "返修率", DOWN, 30, None, "%"),
    ("投料量由目前的290t/h提升至330t/h", "投料量", AL, 330, None, "t/h"),
    ("产能从约2万吨/年提升至10万吨/年", "产能", AL, 100_000, None, "t/year"),
    ("可提高设备利用率50%", "设备利用率", UP, 50, None, "%"),
    ("提高去除率达到95%以上", "去除率", AL, 95, None, "%"),
    # English
    ("at least 67 % removal efficiency", "removal efficiency", AL, 67, None, "%"),
    ("Chromium content should be no more than 0.1 mg/L.", "Chromium content", AM, None, 0.1, "mg/L"),
    ("The operating temperature ranges from -40 to 85 °C.", "operating temperature ranges", BT, -40, 85, "℃"),
    ("flow > 500 m3/d", "flow", AB, 500, None, "m³/d"),
    ("We need to reduce cost by 30%.", "cost", DOWN, 30, None, "%"),
    ("The cost is reduced by 30%", "cost", DOWN, 30, None, "%"),
    ("Energy consumption lowered by at least 15%", "Energy consumption", DOWN, 15, None, "%"),
    ("a 20% reduction in energy consumption", "energy consumption", DOWN, 20, None, "%"),
    ("increase the yield by 12 %", "yield", UP, 12, None, "%"),
    ("Specific capacity between 400 and 600 mAh/g", "Specific capacity", BT, 400, 600, "mAh/g"),
    ("purity 99.9% or higher", "purity", AL, 99.9, None, "%"),
    ("a weight below 2.5 kg", "weight", BE, None, 2.5, "kg"),
    ("with a response time of less than 15 ms", "response time", BE, None, 15, "ms"),
    ("Tensile strength: 600 MPa", "Tensile strength", EQ, 600, 600, "MPa"),
    ("the sensor drift must not exceed 0.05 %", "sensor drift", AM, None, 0.05, "%"),
    ("power of approximately 1.5 kW", "power", ABOUT, 1.5, 1.5, "kW"),
    ("pressure up to 10 bar", "pressure", AM, None, 10, "bar"),
    ("accuracy better than 0.1 mm", "accuracy", BE, None, 0.1, "mm"),
    ("throughput over 1,200 kg/h", "throughput", AB, 1200, None, "kg/h"),
    ("service life ≥ 20 years", "service life", AL, 20, None, "year"),
    ("the membrane shall provide a flux of at least 30 L/(m2·h)", "flux", AL, 30, None, "L/(m²·h)"),
    ("minimum efficiency of 85%", "efficiency", AL, 85, None, "%"),
    ("speed of 120 rpm ± 5 rpm", "speed", BT, 115, 125, "r/min"),
]  # fmt: skip

# text, the reasons that must appear; no metric may be read
REFUSALS = [
    ("100/120粒度的产品", {"grain_notation"}),
    ("公司2018年度实现销售收入2002万元", {"not_technical"}),
    ("注册资金1100万元，员工120人", {"not_technical"}),
    ("2019年10月完成中试", {"not_technical"}),
    ("项目预算30-50万元", {"not_technical"}),
    ("我国冷链流通率仅为15%", {"not_technical"}),
    ("发表论文10篇，授权专利3项", {"not_technical"}),
    ("占地面积25000平方米", {"not_technical"}),
    ("联系电话13800000000", {"identifier"}),
    ("应满足GB/T 31485-2015要求", {"identifier"}),
    ("型号为CBN-100和Q235", set()),
    ("5G基站与3D打印", set()),
    ("1、优化工艺；2、降低能耗", set()),
    ("600MPa级抗震钢筋", set()),
    ("原料配比约为35:18:8", {"ratio_notation"}),
    ("注入剂量1×1016ions/cm2", {"unclear_power"}),
    ("使用成本仅为进口产品的50%", {"relative_value"}),
    ("≥170mAh", {"no_name"}),
    ("PM2.5 72小时", {"no_name"}),
    ("采用3003铝合金", set()),
    ("founded in 2012 with 45 employees", {"not_technical"}),
    ("一个没有数字的句子", set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "comparison", "low", "high", "unit"), PHRASES, ids=[row[0] for row in PHRASES]
)
def test_reads_one_metric(
    text: str, name: str, comparison: Comparison, low: float | None, high: float | None, unit: str
) -> None:
    metrics = read_metrics(text).metrics

    assert [(m.name, m.comparison, m.low, m.high, m.unit) for m in metrics] == [
        (name, comparison, low, high, unit)
    ]
    assert metrics[0].verbatim in metrics[0].sentence
    assert metrics[0].sentence in text


@pytest.mark.parametrize(("text", "reasons"), REFUSALS, ids=[row[0] for row in REFUSALS])
def test_refuses_what_is_no_metric(text: str, reasons: set[str]) -> None:
    reading = read_metrics(text)

    assert reading.metrics == ()
    assert {piece.reason for piece in reading.unread} == reasons


def test_there_are_enough_phrases() -> None:
    assert len(PHRASES) + len(REFUSALS) >= 120
