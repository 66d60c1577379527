"""A county's embroidery contest, from the Excel roster to the certificate that is scanned."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import ROOT, Server, Watch
from tests.builders.papers import codes_in, scanned
from tests.builders.rosters import day_from_now, filled, resident_number
from tests.builders.screens import Person, Town, grant, mark_sheet, scan

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
CHIEF = "周绣娘"
JUDGES = ("韦一针", "蒙彩云", "向巧手")
MEASURED = "A1 用料定额", "A2 缝线间距", "A3 尺寸合格"
MARKS = (
    # By code: what the first judge enters alone, then the level that all see, then three opinions.
    (("15", "1", "是"), "2", ("16", "15.5", "15")),
    (("18", "0", "是"), "3", ("19", "18.5", "18")),
    (("5", "6", "否"), "1", ("8", "8", "8")),
    (("16", "0", "是"), "3", ("17", "17", "17")),
    (("12", "1", "是"), "2", ("14", "14.5", "15.5")),
)
COLUMNS = "名次", "加密号", "总分", "奖项"
PLACES = (
    # Rank, which code, total and award, worked out by hand.
    ("1", 1, "96.50", "一等奖"),
    ("2", 3, "93.00", "一等奖"),
    ("3", 0, "78.50", "三等奖"),
    ("4", 4, "74.67", "三等奖"),
    ("5", 2, "31.00", ""),
)


@dataclass
class Day:
    """Who is there, and what they hold in their hands."""

    town: Town
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)
    event_page: str = ""
    codes: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)


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
    organizer.fill({"评分规则": "县级技艺比赛规则 · 第 2 版"})
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
    organizer.upload(filled(template, SCHEME, "苗绣评分标准.xlsx"))
    organizer.press(f"导入 {len(SCHEME)} 行")
    organizer.sees("查看导入的内容")
    organizer.follow("查看导入的内容")
    for details in organizer.page.get_by_role("button", name="详细").all():
        details.click()
    organizer.sees_written("针法与图案", "每错扣 2", *STEPS)


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
    organizer.upload(filled(template, wrong, "报名表.xlsx"))
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
    organizer.upload(filled(template, good, "报名表（已改正）.xlsx"))
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


def gather_judges(day: Day) -> None:
    """Register and seat the judges; they come in by their own links, at tablets."""
    organizer = day.people["organizer"]
    organizer.go("/desk/competitions")
    organizer.follow(CONTEST)
    organizer.follow("裁判", within=".rail")
    for name in (*JUDGES, CHIEF):
        organizer.fill({"姓名": name, "登录名": "", "工作单位": f"{name}工坊"})
        organizer.press("登记裁判")
    organizer.press("为所选裁判生成一次性链接")
    for row in organizer.page.get_by_role("row").filter(has_text="/invitations/").all():
        name, _, link = row.inner_text().split("\t")
        judge = day.town.person("tablet", never=set(NAMES))
        judge.take_invitation(link.strip())
        day.people[name.strip()] = judge
    organizer.page.goto(day.event_page)
    organizer.follow("裁判席位", within=".rail")
    for name in (*JUDGES, CHIEF):
        kind = "裁判长" if name == CHIEF else "评分裁判"
        form = organizer.page.locator("form[action$='/seats']")
        organizer.fill({"裁判": f"{name}（{name}工坊）", "席位": kind}, form)
        organizer.press("安排席位")
    for part, duty in (("coding", "加密裁判"), ("supervisor", "监督")):
        grant(day.people["administrator"], part, duty, EVENT)


def draw(day: Day) -> dict[str, str]:
    """Check in who came, and draw blind codes; return what only the sealed table tells."""
    organizer = day.people["organizer"]
    organizer.page.goto(day.event_page)
    organizer.follow("检录", within=".rail")
    absent = organizer.row(ABSENT)
    absent.get_by_text("登记").click()
    absent.get_by_label("到场").uncheck()
    absent.get_by_label("情况说明").fill("没有到场")
    organizer.press("记录", absent)
    organizer.press("其余全部到场")
    organizer.sees("已检录 6 / 6")
    coding = day.people["coding"]
    coding.go("/desk")
    coding.follow(CONTEST)
    coding.follow(TRADE)
    coding.follow("抽签加密", within=".rail")
    coding.fill({"见证人报的数": "7 21 88"})
    coding.press_and_confirm("抽取加密号")
    codes = coding.page.locator("ol.codes li").all_inner_texts()
    coding.press("查看并打印这一级密封表")
    cells = [row.inner_text().split("\t") for row in coding.page.locator("tbody tr").all()]
    sealed = {code: name for _delegation, name, code in cells}
    day.codes = [code for code in codes if sealed[code] != ABSENT]
    day.away = [code for code in codes if sealed[code] == ABSENT]
    return sealed


def start(day: Day) -> None:
    """The contest begins; the chief judge opens the sheets."""
    organizer = day.people["organizer"]
    organizer.go("/desk")
    organizer.follow(CONTEST)
    organizer.press("开赛")
    chief = day.people[CHIEF]
    at_the_event(chief, "评分")
    chief.press_and_confirm("开始评分")
    chief.sees("评分表")


def at_the_event(person: Person, stage: str) -> None:
    """Walk from the first page of the desk to a stage of the event."""
    person.go("/desk")
    person.follow(CONTEST)
    person.follow(TRADE)
    person.follow(stage, within=".rail")


def peek(day: Day) -> None:
    """Judges look behind every door that they see: some are closed, none tells a name."""
    day.town.watch.expect("status of 403")
    day.town.watch.expect("status of 404")
    judge, chief = day.people[JUDGES[0]], day.people[CHIEF]
    judge.go("/desk")
    judge.follow(CONTEST)
    judge.look_around()
    chief.go("/desk")
    chief.follow(CONTEST)
    chief.follow(TRADE)
    chief.look_around()


def mark(day: Day) -> None:
    """Each judge marks every code, sheet by sheet; the first alone measures."""
    for place, name in enumerate(JUDGES):
        judge = day.people[name]
        judge.go("/desk")
        judge.follow("打开评分页")
        for code, (alone, level, opinions) in zip(day.codes, MARKS, strict=True):
            own = dict(zip(MEASURED, alone, strict=True)) if place == 0 else {}
            shared = {"B1 针法与图案": level, "B2 色泽与创意": opinions[place]}
            mark_sheet(judge, code, own | shared, "加密号")


def count(day: Day) -> None:
    """The chief judge signs and locks; both calculators agree, and so does a third count."""
    chief = day.people[CHIEF]
    at_the_event(chief, "评分")
    chief.follow("评分进度、签字和锁定")
    chief.press(f"为 {len(JUDGES) * len(MARKS)} 张评分表签字")
    chief.press_and_confirm("锁定成绩")
    chief.sees("已于", "锁定")
    at_the_event(chief, "成绩")
    chief.press("计算成绩")
    chief.sees("两套程序结果一致", "成绩已锁定")
    assert chief.table(*COLUMNS) == [*expected(day.codes), ("—", *day.away, "—", "缺考")]
    bundle = chief.take("下载成绩数据包", day.folder)
    assert recounted(bundle) == [*expected(day.codes), ("", *day.away, "", "")]


def expected(codes: list[str]) -> list[tuple[str, ...]]:
    """What the marks come to."""
    return [(rank, codes[place], total, award) for rank, place, total, award in PLACES]


def recounted(bundle: Path) -> list[tuple[str, ...]]:
    """Count the downloaded bundle again with the calculator that anybody can run."""
    command = [sys.executable, "-m", "competitions.recount", str(bundle)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [
        tuple(str(item[name] or "") for name in ("rank", "code", "total", "award"))
        for item in json.loads(done.stdout)["standings"]
    ]


def unseal(day: Day, sealed: dict[str, str]) -> None:
    """Two keys open the code book together; the names are those of the sealed table."""
    for part, word in (("coding", "已确认，等待另一人确认解密"), ("supervisor", "密封表已解密")):
        person = day.people[part]
        at_the_event(person, "成绩")
        person.press_and_confirm("确认解密")
        person.sees(word)
    organizer = day.people["organizer"]
    at_the_event(organizer, "成绩")
    assert organizer.pairs("加密号", "姓名") == sealed


def publish(day: Day, winner: str) -> None:
    """Everyone reads the results once the organizer has published them."""
    reader = day.town.person(never=set(NAMES))
    read_public(reader)
    reader.sees("尚未公布")
    organizer = day.people["organizer"]
    organizer.press_and_confirm("公布成绩")
    organizer.sees("成绩已公布")
    reader.never.clear()
    read_public(reader)
    reader.follow("职工组 成绩")
    expect(reader.row(winner)).to_contain_text("96.50")
    expect(reader.row(winner)).to_contain_text("一等奖")


def read_public(reader: Person) -> None:
    """Find the contest from everyone's first page."""
    reader.go("/")
    reader.follow("大赛", within="header")
    with reader.page.expect_navigation():
        reader.page.get_by_role("link", name=re.compile(CONTEST)).first.click()


def certify(day: Day) -> list[str]:
    """Issue all awards at once and read the codes from the pictures of the paper."""
    officer = day.people["officer"]
    at_the_event(officer, "证书")
    officer.fill({"提前签发的理由": "颁奖会当场发证"})
    officer.press_and_confirm("提前签发全部证书")
    expect(officer.page.get_by_role("link", name="下载合并的 PDF")).to_be_visible()
    officer.sees("已签发 4 张，共 4 张")
    return codes_in(officer.take("下载合并的 PDF", day.folder))


def revoke(day: Day, number: str) -> None:
    """Take a certificate back, with a reason."""
    officer = day.people["officer"]
    officer.go("/desk")
    officer.follow("证书")
    officer.follow(number)
    officer.fill({"撤销原因": "以不正当手段取得", "具体说明": "作品由他人代绣。"})
    officer.press("撤销证书")
    officer.sees("已撤销")


@pytest.mark.slow
def test_a_contest_goes_from_the_roster_to_the_scanned_certificate(day: Day) -> None:
    open_the_house(day)
    plan(day)
    enter(day)
    gather_judges(day)
    sealed = draw(day)
    assert set(sealed.values()) == set(NAMES)
    assert [sealed[code] for code in day.away] == [ABSENT]

    start(day)
    peek(day)
    mark(day)
    count(day)
    unseal(day, sealed)
    winner = sealed[expected(day.codes)[0][1]]
    publish(day, winner)

    codes = certify(day)
    keys = day.town.server.get("/keys.json")
    papers = {found.name: (code, found) for code in codes for found in [scanned(code, keys)]}
    awarded = {sealed[code]: award for _, code, _, award in expected(day.codes) if award}
    assert {name: found.result for name, (_, found) in papers.items()} == awarded
    code, paper = papers[winner]
    assert CONTEST in paper.title

    stranger = scan(day.town, code.partition("#")[0])
    stranger.sees("有效", f"{winner[0]}**", paper.number, OFFICE, "获奖证书")
    assert winner not in stranger.page.content()
    stranger = scan(day.town, code)
    stranger.sees("有效", "纸面内容与登记完全一致", winner, EVENT)
    stranger.follow("按编号和姓名查询另一张证书")
    stranger.fill({"证书编号": paper.number, "持证人姓名": winner})
    stranger.press("查询证书")
    stranger.sees("有效", paper.number)

    revoke(day, paper.number)
    stranger = scan(day.town, code)
    stranger.sees("已撤销", "这张证书已被发证机构撤销", "以不正当手段取得")
    assert "代绣" not in stranger.page.content()
