"""An assessment of one ability, from its specification to the certificate that is scanned."""

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Server, Watch
from tests.builders.papers import codes_in, scanned
from tests.builders.rosters import day_from_now, filled, resident_number
from tests.builders.screens import Person, Town, grant, mark_sheet, scan

ABILITY = "刺梨种植与初加工"
SITTING = "榕江县刺梨种植与初加工第一批次"
CENTER = "榕江县技能鉴定中心"
NAMES = ("阿依古丽·买买提", "杨𬭎", "石㛃花", "潘安宁")
ABSENT = 3
COUNTS = "有问题的行", "新增", "没有变化"
OFFICE = ("organizer", "杨主办", "组织者"), ("officer", "田证书", "证书管理员")
EXAMINERS = ("韦考评", "蒙考评", "向考评")
LEAD = EXAMINERS[0]
SUPERVISOR = "秦督导"
TASKS = (
    ("建园与栽植", "40", "能按株行距定植。\n能覆膜浇定根水。", "刺梨的生长习性。"),
    ("采收与初加工", "60", "能判断成熟度。\n能分级、清洗、烘干。", "烘干温度与时间。"),
)
MARKS = (
    # By candidate: what each of the three examiners gives for the two tasks.
    (("36", "54"), ("35", "55"), ("37", "53")),
    (("24", "34"), ("24", "37"), ("25", "36")),
    (("24", "36"), ("24", "36"), ("24", "35")),
)
COLUMNS = "姓名", "成绩", "评定"
GRADES = (("90.00", "合格"), ("60.00", "合格"), ("59.67", "不合格"), ("—", "缺考"))


@dataclass
class Day:
    """Who is there, and what they hold in their hands."""

    town: Town
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)


@pytest.fixture
def day(server: Server, browser: Browser, watch: Watch, tmp_path: Path) -> Day:
    """Open an empty house before the first sitting."""
    return Day(Town(server, browser, watch), tmp_path)


def open_the_house(day: Day) -> None:
    """The administrator lets in who organizes, who certifies and who examines."""
    administrator = day.town.administrator()
    for part, name, duty in OFFICE:
        day.people[part] = day.town.member(administrator, name, part)
        grant(administrator, part, duty)
    for number, name in enumerate(EXAMINERS, start=1):
        examiner = day.town.member(administrator, name, f"examiner{number}", "tablet")
        examiner.never.update(NAMES)
        day.people[name] = examiner
    day.town.member(administrator, SUPERVISOR, "supervisor")


def specify(day: Day) -> None:
    """The organizer writes a specification and puts it in force."""
    organizer = day.people["organizer"]
    organizer.go("/desk")
    organizer.follow("能力规范")
    organizer.follow("起草规范")
    organizer.fill(
        {
            "能力名称": ABILITY,
            "行业类别": "农林牧渔",
            "职业领域": "果树栽培工",
            "一、定义": "运用园艺工具，在刺梨园中，进行建园、栽植、采收和初加工的能力。",
            "二、适用对象": "运用本项能力就业的人员。",
            "四、申报条件": "达到法定劳动年龄，有相应劳动技能的劳动者。",
            "考评员构成": "考评员应具备相关专业中级以上职称。",
            "考核方式与考核时间": "现场操作，120 分钟。",
            "考核场地设备要求": "刺梨园一亩，烘干设备一套。",
        }
    )
    rows = organizer.page.locator(".task-row")
    while rows.count() < len(TASKS):
        organizer.page.get_by_role("button", name="再加一项任务").click()
    for row, cells in zip(rows.all(), TASKS, strict=False):
        heads = "任务名称", "考核比重（%）", "操作规范", "相关知识"
        organizer.fill(dict(zip(heads, cells, strict=True)), row)
    organizer.press("保存草稿")
    for step in ("提交评审", "登记备案"):
        organizer.press(step)
    organizer.press_and_confirm("施行")
    reader = day.town.person()
    reader.go("/")
    reader.follow("能力规范", within="header")
    expect(reader.page.get_by_role("link").filter(has_text=ABILITY)).to_be_visible()


def plan(day: Day) -> None:
    """A site, rooms, three examiners: the sitting opens for candidates."""
    organizer = day.people["organizer"]
    organizer.go("/desk")
    organizer.follow("考核")
    organizer.follow("建立批次")
    organizer.fill(
        {
            "考核规范": f"{ABILITY}（{specification_code(organizer)}）",
            "批次名称": SITTING,
            "批次代码": "CL01",
            "考核机构": "榕江县职业技能考核站",
            "发证机构": CENTER,
            "考点": "榕江县中等职业学校",
            "所在县": "522632",
            "考点地址": "榕江县古州镇学府路 1 号",
            "开始时间": day_from_now(1) + "T09:00",
            "结束时间": day_from_now(1) + "T17:00",
            "报名截止": day_from_now(1) + "T08:00",
            "考场和工位数": "第一考场 10",
        }
    )
    organizer.press("保存批次")
    organizer.follow("考评员", within=".rail")
    for number, name in enumerate(EXAMINERS, start=1):
        organizer.fill({"登录名": f"examiner{number}", "职责": "考评员"})
        organizer.fill({"工作单位": f"{name}工作室"})
        if name == LEAD:
            organizer.tick("担任考评组长（签字并锁定评分表）")
        organizer.press("派遣")
    organizer.fill({"登录名": "supervisor", "职责": "质量督导员"})
    organizer.press("派遣")
    organizer.follow("概览", within=".rail")
    organizer.press("开放报名")


def specification_code(organizer: Person) -> str:
    """Return how the drop-down of specifications calls the one in force."""
    option = organizer.page.get_by_label("考核规范").locator("option").nth(1).inner_text()
    return option.split("（")[1].rstrip("）")


def candidate(number: int, **changes: str) -> dict[str, str]:
    """A row of the candidates' roster."""
    return {
        "姓名": NAMES[number],
        "证件号码": resident_number("19880815", 2 * number + 2),
        "单位或院校": "榕江县刺梨合作社",
        "人员类别": "农村转移就业劳动者",
        "户籍地": "贵州省黔东南苗族侗族自治州榕江县",
        "手机": "13800138000",
    } | changes


def enroll(day: Day) -> None:
    """Import the candidates, mend the bad cells, seat everybody and print their tickets."""
    organizer = day.people["organizer"]
    organizer.follow("考生", within=".rail")
    organizer.follow("从表格导入")
    template = organizer.take("下载模板", day.folder)
    good = [candidate(number) for number in range(len(NAMES))]
    wrong = list(good)
    wrong[1] = candidate(1, 证件号码=good[1]["证件号码"][:17])
    wrong[2] = candidate(2, 证件号码=good[0]["证件号码"])
    organizer.upload(filled(template, wrong, "考生名册.xlsx"))
    cells = organizer.pairs("单元格", "问题和改法")
    assert set(cells) == {"F3", "F4"}
    assert "18 位" in cells["F3"]
    assert "与第 2 行是同一个人" in cells["F4"]
    organizer.tick("只导入其余 2 行，有问题的 2 行不导入")
    organizer.press("导入 2 行")
    expect(organizer.page.get_by_text("已新增")).to_be_visible()
    organizer.follow("从表格导入")
    organizer.upload(filled(template, good, "考生名册（已改正）.xlsx"))
    assert [organizer.figure(word) for word in COUNTS] == ["0", "2", "2"]
    organizer.press("导入 4 行")
    expect(organizer.page.get_by_text("已新增")).to_be_visible()
    organizer.follow("查看导入的内容")
    organizer.press("全部通过审核")
    organizer.press("编排考号")
    seats = organizer.pairs("姓名", "考号")
    day.numbers = [seats[name] for name in NAMES]
    assert day.numbers == ["CL01001", "CL01003", "CL01004", "CL01002"]
    assert codes_in(organizer.print_out("打印准考证", day.folder)) == sorted(day.numbers)


def assess(day: Day) -> None:
    """Each examiner marks every candidate who came; the lead signs and locks."""
    organizer = day.people["organizer"]
    organizer.follow("概览", within=".rail")
    organizer.press_and_confirm("开始考核")
    organizer.follow("考生", within=".rail")
    absent = organizer.row(NAMES[ABSENT])
    organizer.fill({"到考情况": "缺考", "说明": "没有到场"}, absent)
    organizer.press("登记", absent)
    for place, name in enumerate(EXAMINERS):
        examiner = day.people[name]
        examiner.go("/desk")
        examiner.look_around()
        examiner.go("/desk")
        examiner.follow("打开评分页")
        for number, marks in zip(day.numbers, MARKS, strict=False):
            tasks = (f"T{task} {cells[0]}" for task, cells in enumerate(TASKS, start=1))
            mark_sheet(examiner, number, dict(zip(tasks, marks[place], strict=True)), "考号")
    lead = day.people[LEAD]
    lead.go("/desk")
    lead.follow(SITTING)
    lead.follow("评分", within=".rail")
    lead.follow("评分进度、签字和锁定")
    lead.press(f"为 {len(EXAMINERS) * len(MARKS)} 张评分表签字")
    lead.press_and_confirm("锁定成绩")
    lead.sees("锁定")


def publish(day: Day) -> None:
    """The mean decides; everyone reads who passed, by the first character of the name."""
    organizer = day.people["organizer"]
    organizer.follow("成绩", within=".rail")
    organizer.press("评定成绩")
    found = {name: (score, outcome) for name, score, outcome in organizer.table(*COLUMNS)}
    assert found == dict(zip(NAMES, GRADES, strict=True))
    organizer.press_and_confirm("公布结果")
    reader = day.town.person(never=set(NAMES))
    reader.go("/")
    reader.follow("考核", within="header")
    with reader.page.expect_navigation():
        reader.page.get_by_role("link").filter(has_text=SITTING).click()
    shown = reader.pairs("考号", "评定")
    assert [shown[number] for number in day.numbers] == [outcome for _, outcome in GRADES]


def certify(day: Day) -> list[str]:
    """Issue the certificates at once and read the codes from their pictures."""
    officer = day.people["officer"]
    officer.go("/desk")
    officer.follow(SITTING)
    officer.follow("证书", within=".rail")
    officer.fill({"提前签发的理由": "颁奖会当场发证"})
    officer.press_and_confirm("提前签发全部证书")
    expect(officer.page.get_by_role("link", name="下载合并的 PDF")).to_be_visible()
    packed = officer.take("下载 ZIP（每人一个文件）", day.folder)
    with zipfile.ZipFile(packed) as archive:
        papers = [Path(archive.extract(name, day.folder)) for name in archive.namelist()]
    return [code for paper in papers for code in codes_in(paper)]


@pytest.mark.slow
def test_an_assessment_goes_from_the_specification_to_the_scanned_certificate(day: Day) -> None:
    open_the_house(day)
    specify(day)
    plan(day)
    enroll(day)
    assess(day)
    publish(day)

    codes = certify(day)
    keys = day.town.server.get("/keys.json")
    papers = {found.name: (code, found) for code in codes for found in [scanned(code, keys)]}
    assert set(papers) == {NAMES[0], NAMES[1]}
    code, paper = papers[NAMES[1]]
    assert (paper.title, paper.result) == (ABILITY, "合格")

    stranger = scan(day.town, code.partition("#")[0])
    stranger.sees("有效", "杨**", paper.number, CENTER, "专项职业能力证书")
    assert NAMES[1] not in stranger.page.content()
    stranger = scan(day.town, code)
    stranger.sees("有效", "纸面内容与登记完全一致", NAMES[1], ABILITY)
