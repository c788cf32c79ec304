"""Precision and recall on sentences of the kind enterprises write, labelled by hand, several values in each."""

from ronglian.engines.text import Metric, read_metrics

# sentence -> "name|comparison|low|high|unit" of every technical metric in it
SAMPLE: list[tuple[str, list[str]]] = [
    ("新型陶瓷刀具的抗弯强度≥900MPa，断裂韧性不低于8MPa·m，硬度在92HRA以上。", ["抗弯强度|at_least|900||MPa", "断裂韧性|at_least|8||MPa·m", "硬度|at_least|92||HRA"]),
    ("预期目标：吨钢能耗下降8%，成材率达到96.5%以上，年节约标煤2000吨。", ["吨钢能耗|decrease_by|8||%", "成材率|at_least|96.5||%", "标煤|equal|2000|2000|t"]),
    ("1、涂层厚度：0.5-0.8mm；2、结合强度≥60MPa；3、孔隙率≤1%。", ["涂层厚度|between|0.5|0.8|mm", "结合强度|at_least|60||MPa", "孔隙率|at_most||1|%"]),
    ("公司成立于2009年，现有职工230人，2021年销售收入1.3亿元。", []),
    ("目前产品收率约为78%，希望通过工艺优化提高到90%以上。", ["产品收率|about|78|78|%", "产品收率|at_least|90||%"]),
    ("电池在-30℃下放电容量保持率不小于75%，循环1500次后容量衰减不超过20%。", ["放电容量保持率|at_least|75||%", "容量衰减|at_most||20|%"]),
    ("本项目拟投资600万元建设中试线，设计产能为3000吨/年。", ["设计产能|equal|3000|3000|t/year"]),
    ("机器人负载20kg，重复定位精度±0.05mm，臂展1.8米。", ["机器人负载|equal|20|20|kg", "重复定位精度|between|-0.05|0.05|mm", "臂展|equal|1.8|1.8|m"]),
    ("出水总氮≤15mg/L、总磷≤0.5mg/L、氨氮＜5mg/L。", ["出水总氮|at_most||15|mg/L", "总磷|at_most||0.5|mg/L", "氨氮|below||5|mg/L"]),
    ("采用80/100粒度的金刚石，磨削比提高一倍。", ["磨削比|increase_by|100||%"]),
    ("烘干温度由现在的180℃降低到120℃，烘干时间缩短一半。", ["烘干温度|at_most||120|℃"]),
    ("要求系统在3秒内完成识别，误报率低于0.1%，漏报率为0。", ["误报率|below||0.1|%"]),
    ("我国每年产生此类固废约2亿吨，综合利用率不足30%。", []),
    ("设备外形尺寸不超过2.5米，重量控制在1.2吨以内，功率≤7.5kW。", ["设备外形尺寸|at_most||2.5|m", "重量|at_most||1.2|t", "功率|at_most||7.5|kW"]),
    ("合金的室温抗拉强度大于1050MPa，延伸率大于12%，密度小于4.5g/cm3。", ["室温抗拉强度|above|1050||MPa", "延伸率|above|12||%", "密度|below||4.5|g/cm³"]),
    ("传感器测量范围0~10MPa，精度0.2%，响应时间小于5ms，防护等级IP67。", ["传感器测量范围|between|0|10|MPa", "精度|equal|0.2|0.2|%", "响应时间|below||5|ms"]),
    ("将石墨烯导热膜的导热系数提升至1500W/(m·K)以上，同时厚度不大于100μm。", ["导热系数|at_least|1500||W/(m·K)", "厚度|at_most||100|μm"]),
    ("培训技术人员15名，申请发明专利4项，形成企业标准2项。", []),
    ("挤压成型速度比传统工艺提高20%，废料率降低5个百分点。", ["挤压成型速度|increase_by|20||%", "废料率|decrease_by|5||pp"]),
    ("激光器输出功率6kW，光束质量因子小于1.3，电光转换效率高于35%。", ["激光器输出功率|equal|6|6|kW", "光束质量因子|below||1.3|", "电光转换效率|above|35||%"]),
    ("菌株发酵周期不超过48小时，效价达到12000IU/mL，提取收率≥85%。", ["菌株发酵周期|at_most||48|h", "效价|at_least|12000||IU/mL", "提取收率|at_least|85||%"]),
    ("（1）杂质总量≤0.2%（2）水分≤0.5%（3）粒径D50为3~5μm", ["杂质总量|at_most||0.2|%", "水分|at_most||0.5|%", "粒径D50|between|3|5|μm"]),
    ("现有一条年产2万吨的生产线，占地50亩，厂房8000平方米。", []),
    ("无人机载重不少于10公斤，续航里程达30公里，抗风能力6级以上。", ["无人机载重|at_least|10||kg", "续航里程|at_least|30||km"]),
    ("成品水分控制在12%～14%，杂质含量低于1%，破碎率不高于0.5%。", ["成品水分|between|12|14|%", "杂质含量|below||1|%", "破碎率|at_most||0.5|%"]),
    ("轴承在转速12000r/min下温升不超过25℃，噪声≤55dB。", ["温升|at_most||25|℃", "噪声|at_most||55|dB"]),
    ("阻燃等级达到V0级，氧指数≥32%，拉伸强度保持在25MPa以上。", ["氧指数|at_least|32||%", "拉伸强度|at_least|25||MPa"]),
    ("项目完成后新增产值5000万元，实现利税800万元。", []),
    ("苗木成活率≥95%，亩产提高15%以上，农药用量减少30%。", ["苗木成活率|at_least|95||%", "亩产|increase_by|15||%", "农药用量|decrease_by|30||%"]),
    ("催化剂寿命大于8000小时，单程转化率≥92%，选择性≥97%，反应压力2.0~3.5MPa。", ["催化剂寿命|above|8000||h", "单程转化率|at_least|92||%", "选择性|at_least|97||%", "反应压力|between|2|3.5|MPa"]),
    ("依据GB/T 2423.17-2008进行盐雾试验，时间不少于500h，表面无锈蚀。", ["时间|at_least|500||h"]),
    ("显示屏亮度达到1000cd/m2，对比度不低于5000:1，功耗降低25%。", ["显示屏亮度|at_least|1000||cd/m²", "功耗|decrease_by|25||%"]),
    ("The membrane flux should exceed 25 L/(m2·h) and salt rejection must be at least 99.2%.", ["membrane flux|above|25||L/(m²·h)", "salt rejection|at_least|99.2||%"]),
    ("Targets: weight below 12 kg, battery life of more than 8 hours, operating range from -20 to 60 °C.", ["weight|below||12|kg", "battery life|above|8||h", "operating range|between|-20|60|℃"]),
    ("We expect to cut maintenance cost by 40% and extend service life to 10 years.", ["maintenance cost|decrease_by|40||%", "service life|at_least|10||year"]),
    ("The company was founded in 1998 and employs 350 people with revenue of 20 million dollars.", []),
    ("Measurement uncertainty of less than 0.5 % over a bandwidth of 10 MHz", ["Measurement uncertainty|below||0.5|%", "bandwidth|equal|10|10|MHz"]),
    ("The catalyst reduces NOx emissions by 85 % at temperatures above 250 °C.", ["NOx emissions|decrease_by|85||%"]),
    ("铝液含氢量小于0.12mL/100g，渣含量＜0.08%。", ["渣含量|below||0.08|%"]),
    ("隧道衬砌检测速度可达80km/h，裂缝识别宽度0.2mm，准确率优于95%。", ["隧道衬砌检测速度|at_least|80||km/h", "裂缝识别宽度|equal|0.2|0.2|mm", "准确率|above|95||%"]),
    ("膜材料水接触角＞150°，滚动角小于5°。", ["膜材料水接触角|above|150||°", "滚动角|below||5|°"]),
    ("储罐容积200立方米，设计压力1.6MPa，日蒸发率≤0.1%/d。", ["储罐容积|equal|200|200|m³", "设计压力|equal|1.6|1.6|MPa", "日蒸发率|at_most||0.1|%/d"]),
]  # fmt: skip


def _line(metric: Metric) -> str:
    low = "" if metric.low is None else f"{metric.low:g}" if metric.low < 1e6 else str(metric.low)
    high = "" if metric.high is None else f"{metric.high:g}"
    return f"{metric.name}|{metric.comparison.value}|{low}|{high}|{metric.unit}"


def test_precision_and_recall_on_the_labelled_sample() -> None:
    read_right = read_all = expected_all = 0
    wrong: list[str] = []
    for sentence, expected in SAMPLE:
        lines = [_line(metric) for metric in read_metrics(sentence).metrics]
        right = [line for line in lines if line in expected]
        wrong += [f"{sentence}: {line}" for line in lines if line not in expected]
        wrong += [f"{sentence}: missed {line}" for line in expected if line not in lines]
        read_right, read_all, expected_all = (
            read_right + len(right),
            read_all + len(lines),
            expected_all + len(expected),
        )

    assert len(SAMPLE) >= 40
    assert read_right / read_all >= 0.90, "\n".join(wrong)
    assert read_right / expected_all >= 0.85, "\n".join(wrong)
