"""The national edition's trades, each with a marking scheme written for the demonstration."""

from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule

QUALITY = (
    "没有达到基本要求，须返工",
    "达到基本要求，有明显不足",
    "达到行业标准，有个别小瑕疵",
    "优于行业标准，完整而精细",
)

Trade = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""Name, occupation code, what is measured (with unit), what is judged."""

TRADES: tuple[Trade, ...] = (
    ("砌筑", "6-29-01-01", ("垂直度偏差", "平整度偏差", "灰缝厚度", "轴线位置"), ("观感质量", "砂浆饱满", "组砌方法")),
    ("汽车维修", "4-12-01-01", ("故障点排除", "扭矩规范", "测量数据", "电路连接"), ("诊断思路", "操作规范", "工位整洁")),
    ("农机修理", "4-12-01-02", ("故障点排除", "间隙调整", "液压压力", "装配顺序"), ("诊断思路", "操作规范", "安全防护")),
    ("电工", "6-31-01-03", ("线路通断", "绝缘电阻", "保护整定", "接线正确"), ("布线工艺", "标识规范", "安全操作")),
    ("美发", "4-10-03-02", ("层次长度", "卷度均匀", "染色均匀", "时间控制"), ("整体造型", "技法运用", "创意表现")),
    ("养老护理", "4-10-01-05", ("生命体征测量", "体位转移步骤", "手卫生", "记录完整"), ("沟通关怀", "节力与安全", "应变处理")),
    ("育婴", "4-10-01-02", ("奶液配制", "水温控制", "操作步骤", "清洁消毒"), ("亲和沟通", "动作轻柔", "安全意识")),
    ("中式面点", "4-03-02-02", ("成品重量", "规格一致", "数量", "用时"), ("色泽形态", "口味质感", "创新表现")),
    ("餐厅服务", "4-03-02-05", ("摆台间距", "斟酒量", "步骤完整", "用时"), ("仪容仪态", "服务用语", "台面主题")),
    ("电子商务", "4-01-02-02", ("页面要素", "数据计算", "直播时长", "任务完成"), ("文案质量", "视觉设计", "讲解感染力")),
    ("茶艺", "4-03-02-07", ("投茶量", "水温", "出汤时间", "茶席要素"), ("冲泡技法", "茶汤质量", "礼仪解说")),
)  # fmt: skip


def scheme_of(trade: Trade) -> SchemeFacts:
    """Return a scheme of 100 points: theory 20, measured 40, judged 0-3 and by panel 40."""
    _, _, measured, judged = trade
    theory = SchemeModule(
        "A", "理论知识", "20", (SchemeAspect("A1", "points", "理论试卷得分", "100", unit="分"),)
    )
    measuring = tuple(
        SchemeAspect(
            f"B{number}",
            "measurement",
            title,
            "10",
            criterion="测量评分",
            unit="分",
            decimals=1,
            hint="按评分细则测量后填写得分，0 到 10 分。",
        )
        for number, title in enumerate(measured, start=1)
    )
    judging = (
        SchemeAspect("C1", "judgement", judged[0], "10", criterion="评判评分", descriptors=QUALITY),
        SchemeAspect("C2", "judgement", judged[1], "10", criterion="评判评分", descriptors=QUALITY),
        SchemeAspect(
            "C3",
            "panel",
            judged[2],
            "20",
            criterion="主观评分",
            unit="分",
            decimals=1,
            hint="五名裁判独立打分，去掉一个最高分和一个最低分后取平均。",
        ),
    )
    return SchemeFacts(
        (
            theory,
            SchemeModule("B", "实操：测量", "40", measuring),
            SchemeModule("C", "实操：评判", "40", judging),
        )
    )
