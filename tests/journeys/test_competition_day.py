"""A county's embroidery contest, from the Excel roster to the certificate that is scanned."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Server, Watch
from tests.builders.rosters import day_from_now, filled, resident_number
from tests.builders.screens import Person, Town, grant

CONTEST = "榕江县第三届乡村振兴职业技能大赛"
COUNTY = "贵州省黔东南苗族侗族自治州榕江县"
OFFICE = "榕江县人力资源和社会保障局"
TRADE = "苗绣制作"
EVENT = f"{TRADE}（职工组）"
STEPS = ("走线散乱，须返工", "基本成形，有明显不足", "针法规整，有小瑕疵", "针法精细，图案完整")
SCHEME_COLUMNS = "模块编号", "模块名称", "评分点编号", "类型", "评分点", "满分", "测量计算方式"
SCHEME = [
    dict(zip(SCHEME_COLUMNS, cells, strict=True)) | {"小数位": "1"}
    for cells in (
        ("A", "操作", "A1", "打分", "用料定额", "20", ""),
        ("A", "", "A2", "测量", "缝线间距", "20", "每错扣 2"),
        ("A", "", "A3", "测量", "尺寸合格", "10", "是否"),
        ("B", "作品", "B1", "评判", "针法与图案", "30", ""),
        ("B", "", "B2", "评委打分", "色泽与创意", "20", ""),
    )
]
SCHEME[3] |= {f"{step} 分描述": words for step, words in enumerate(STEPS)}
NAMES = ("阿依古丽·买买提", "杨𬭎", "石㛃花", "龙老妹", "吴运来", "潘安宁")
ABSENT = "潘安宁"
JUDGES = ("周绣娘", "韦一针", "蒙彩云")
MARKS = (
    # What the first judge enters alone, then the level that all see, then the three opinions.
    (("18", "0", "是"), "3", ("19", "18.5", "18")),
    (("16", "0", "是"), "3", ("17", "17", "17")),
    (("15", "1", "是"), "2", ("16", "15.5", "15")),
    (("12", "1", "是"), "2", ("14", "14.5", "15.5")),
    (("5", "6", "否"), "1", ("8", "8", "8")),
)
TOTALS = ("96.50", "91.00", "78.50", "74.67", "31.00")
AWARDS = ("一等奖", "二等奖", "二等奖", "三等奖", "")


@dataclass
class Day:
    """Who is there, and what they hold in their hands."""

    town: Town
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)
    event_page: str = ""
    codes: list[str] = field(default_factory=list)


@pytest.fixture
def day(server: Server, browser: Browser, watch: Watch, tmp_path: Path) -> Day:
    """Open an empty house on the morning of the contest."""
    return Day(Town(server, browser, watch), tmp_path)


def entry(number: int, **changes: str) -> dict[str, str]:
    """A row of the roster."""
    return {
        "代表队": ("古州镇", "忠诚镇", "乐里镇")[number // 2],
        "赛项": TRADE,
        "组别": "职工组",
        "姓名": NAMES[number],
        "民族": "维吾尔族" if "·" in NAMES[number] else "苗族",
        "证件号码": resident_number("19900315", 2 * number + 2),
        "单位或院校": "榕江县绣娘合作社",
        "所在县": COUNTY,
        "手机": "13800138000",
    } | changes


def open_the_house(day: Day) -> None:
    """The administrator comes in by the one-time link and lets the others in."""
    administrator = day.town.administrator()
    day.people["administrator"] = administrator
    for part, name, duty in (
        ("organizer", "杨主办", "组织者"),
        ("coding", "罗加密", ""),
        ("supervisor", "陆监督", ""),
        ("officer", "田证书", "证书管理员"),
    ):
        day.people[part] = day.town.member(administrator, name, part)
        if duty:
            grant(administrator, part, duty)


def plan(day: Day) -> None:
    """The organizer creates the contest and its event, and imports the marking scheme."""
    organizer = day.people["organizer"]
    organizer.go("/desk")
    organizer.follow("大赛")
    organizer.follow("建立大赛")
    organizer.fill(
        {
            "大赛名称": CONTEST,
            "级别": "县级",
            "系列": "榕江县乡村振兴职业技能大赛",
            "届次": "3",
            "主办单位": OFFICE,
            "承办单位": "榕江县绣娘合作社",
            "举办地": COUNTY,
            "赛场": "榕江县民族文化宫",
            "开赛日期": day_from_now(1),
            "结束日期": day_from_now(1),
            "报名开始": day_from_now(-20) + "T09:00",
            "报名截止": day_from_now(1) + "T08:00",
            "公告": "绣娘绣郎都可以报名。",
        }
    )
    organizer.press("保存大赛")
    organizer.follow("增设赛项")
    organizer.fill({"赛项名称": TRADE, "组别": "职工组", "每队名额": "2", "每队人数": "1"})
    organizer.fill({"评分规则": "县级技艺比赛：不去分，60 分以上设奖"})
    organizer.fill({"加密级数": "一级：参赛编号"})
    organizer.press("增设赛项")
    organizer.go("/desk/competitions")
    organizer.follow(CONTEST)
    organizer.press("发布公告")
    organizer.follow(TRADE)
    day.event_page = organizer.page.url
    organizer.follow("评分标准", within=".rail")
    organizer.follow("从表格导入")
    template = organizer.take("下载模板", day.folder)
    upload(organizer, filled(template, SCHEME, "苗绣评分标准.xlsx"))
    organizer.press(f"导入 {len(SCHEME)} 行")
    organizer.sees("查看导入的内容")
    organizer.follow("查看导入的内容")
    organizer.sees("针法与图案", "每错扣 2", *STEPS)


def upload(person: Person, workbook: Path) -> None:
    """Upload a workbook and wait until every cell was checked."""
    person.page.get_by_label("填好的表格").set_input_files(workbook)
    person.press("上传并检查")
    expect(person.page.get_by_text("表格共")).to_be_visible()


def enter(day: Day) -> None:
    """Import the roster: bad cells are shown with their reason, mended, and nobody comes twice."""
    organizer = day.people["organizer"]
    organizer.go("/desk/competitions")
    organizer.follow(CONTEST)
    organizer.follow("报名", within=".rail")
    organizer.follow("从表格导入")
    template = organizer.take("下载模板", day.folder)
    good = [entry(number) for number in range(len(NAMES))]
    wrong = list(good)
    wrong[1] = entry(1, 证件号码=good[1]["证件号码"][:-1] + other(good[1]["证件号码"][-1]))
    wrong[4] = entry(4, 组别="学生组", 民族="绣族")
    upload(organizer, filled(template, wrong, "报名表.xlsx"))
    assert organizer.figure("有问题的行") == "2"
    bad = {
        row.get_by_role("rowheader").inner_text(): row.inner_text()
        for row in organizer.page.locator("tbody tr").all()
    }
    assert set(bad) == {"J3", "B6", "G6"}
    assert "校验" in bad["J3"]
    assert "本届大赛没有这个赛项和组别" in bad["B6"]
    assert "没有这个民族" in bad["G6"]
    organizer.tick("只导入其余 4 行，有问题的 2 行不导入")
    organizer.press("导入 4 行")
    expect(organizer.page.get_by_text("已新增")).to_be_visible()
    assert organizer.figure("已新增") == "4"

    organizer.follow("从表格导入")
    upload(organizer, filled(template, good, "报名表（已改正）.xlsx"))
    assert [organizer.figure(word) for word in ("有问题的行", "新增", "没有变化")] == [
        "0",
        "2",
        "4",
    ]
    organizer.press("导入 6 行")
    expect(organizer.page.get_by_text("已新增")).to_be_visible()
    organizer.follow("查看导入的内容")
    organizer.sees("共 6 个报名", *NAMES)
    organizer.page.get_by_label("选择本页全部").check()
    organizer.press("所选报名审查通过")


def other(character: str) -> str:
    """Return a check character that is not this one."""
    return "2" if character == "1" else "1"


@pytest.mark.slow
def test_a_contest_goes_from_the_roster_to_the_scanned_certificate(day: Day) -> None:
    open_the_house(day)
    plan(day)
    enter(day)
